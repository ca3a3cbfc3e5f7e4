"""The admin's pages of jobs and imports, as people with and without rights see and use them."""

from __future__ import annotations

import io
import threading

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from access.domain import roles
from access.models import Community, Membership, User
from jobs.domain import queue
from jobs.domain.worker import work
from jobs.imports import runs
from jobs.imports.types import UploadPage, register_upload_page
from jobs.models import ImportRow, ImportRun, Job

pytestmark = pytest.mark.django_db


def person(role: roles.Role, name: str) -> User:
    user = User.objects.create_user(name)
    user.groups.add(roles.group_of(role))
    return user


def client_of(user: User, language: str = "en") -> Client:
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = language
    profile.save()
    client = Client()
    client.force_login(user)
    return client


def work_off() -> None:
    work(["default"], threading.Event(), until_idle=True)


def new_run(user: User, text: str) -> ImportRun:
    return runs.create("probe.lines", io.BytesIO(text.encode()), file_name="words.tsv", user=user)


def page(client: Client, run: ImportRun, query: str = "") -> str:
    return client.get(f"{reverse('jobs:import', args=[run.pk])}{query}").content.decode()


def post(client: Client, run: ImportRun, action: str, **data: object) -> int:
    return client.post(reverse("jobs:import_act", args=[run.pk, action]), data).status_code


def test_a_job_is_shown_in_plain_words_with_its_progress_error_and_advice() -> None:
    boss = person(roles.ADMINISTRATOR, "boss")
    queue.enqueue("probe.grow", {"total": 2}, user=boss, title="two villages")
    queue.enqueue("probe.break", {"plain": True})
    work_off()
    shown = client_of(boss).get(reverse("jobs:jobs")).content.decode()
    for text in (
        "Grow communities: two villages",
        "boss",
        "2 made",
        "The pot is broken.",
        "Put right what the message names",
        "clay",
        "No worker serves the queue “index”",
    ):
        assert text in shown, text


def test_jobs_are_filtered_by_their_state() -> None:
    boss = person(roles.ADMINISTRATOR, "boss")
    queue.enqueue("probe.grow", {"total": 0}, title="finished")
    work_off()
    queue.enqueue("probe.grow", {"total": 0}, title="waiting one")
    client = client_of(boss)
    shown = {
        state: client.get(reverse("jobs:jobs"), {"state": state}) for state in ("done", "open", "nonsense")
    }
    assert "finished" in shown["done"].content.decode()
    assert "waiting one" not in shown["done"].content.decode()
    assert "waiting one" in shown["open"].content.decode()
    assert "finished" in shown["nonsense"].content.decode()


def test_a_person_sees_and_stops_own_jobs_only_and_never_the_machines_secrets() -> None:
    linguist = person(roles.LINGUIST, "linguist")
    own = queue.enqueue("probe.break", user=linguist, title="my own")
    other = queue.enqueue("probe.grow", {"total": 0}, user=person(roles.LINGUIST, "other"), title="not mine")
    work_off()
    client = client_of(linguist)
    shown = client.get(reverse("jobs:jobs")).content.decode()
    assert "my own" in shown
    assert "not mine" not in shown
    assert "a secret of the machine" not in shown
    assert client.post(reverse("jobs:job_act", args=[other.pk, "cancel"])).status_code == 404
    assert client.post(reverse("jobs:job_act", args=[own.pk, "cancel"])).status_code == 302
    own.refresh_from_db()
    assert own.state == Job.State.CANCELLED
    client.post(reverse("jobs:job_act", args=[own.pk, "retry"]))
    own.refresh_from_db()
    assert own.state == Job.State.WAITING


def test_looking_changes_nothing_and_strangers_are_sent_to_log_in() -> None:
    boss = person(roles.ADMINISTRATOR, "boss")
    job = queue.enqueue("probe.grow", {"total": 0})
    address = reverse("jobs:job_act", args=[job.pk, "cancel"])
    assert client_of(boss).get(address).status_code == 405
    assert client_of(boss).post(reverse("jobs:job_act", args=[job.pk, "explode"])).status_code == 404
    assert Client().post(address).url.startswith(reverse("wagtailadmin_login"))
    job.refresh_from_db()
    assert job.state == Job.State.WAITING


def test_an_import_is_checked_settled_applied_and_undone_from_its_page() -> None:
    linguist = person(roles.LINGUIST, "linguist")
    busy = Community.objects.create(slug="busy", name="Old")
    Membership.objects.create(community=busy, user=linguist)
    run = new_run(linguist, "new\tNew\nbusy\tTheirs\nno tab\n")
    client = client_of(linguist)
    assert "The file has not been checked yet." in page(client, run)
    assert post(client, run, "check") == 302
    assert "data-busy" in page(client, run)
    work_off()
    shown = page(client, run)
    assert "No tab in “no tab”." in shown
    assert "line 3" in shown
    assert "1 conflict waits for a decision" in shown
    assert "Apply 1 row" in shown
    assert "name: Old → Theirs" in page(client, run, "?verdict=conflict")
    assert "line 1" not in page(client, run, "?verdict=refused")
    post(client, run, "decide", decision="theirs", row=["2"])
    assert "Apply 2 rows" in page(client, run)
    post(client, run, "apply")
    work_off()
    assert {one.slug: one.name for one in Community.objects.all()} == {"new": "New", "busy": "Theirs"}
    post(client, run, "undo")
    work_off()
    assert {one.slug: one.name for one in Community.objects.all()} == {"busy": "Old"}
    assert "undone (2)" in page(client, run)
    post(client, run, "discard")
    assert not ImportRun.objects.exists()


def test_all_conflicts_can_be_settled_at_once_and_nonsense_is_refused() -> None:
    linguist = person(roles.LINGUIST, "linguist")
    for number in range(3):
        one = Community.objects.create(slug=f"s{number}", name="Old")
        Membership.objects.create(community=one, user=linguist)
    run = new_run(linguist, "s0\tNew\ns1\tNew\ns2\tNew\n")
    runs.run_phase_now(run, "check")
    client = client_of(linguist)
    assert post(client, run, "decide", decision="burn", all="1") == 404
    assert post(client, run, "decide", decision="ours", row=["x", "²", "99"]) == 302
    assert runs.undecided(run).count() == 3
    post(client, run, "decide", decision="ours", all="1")
    assert set(ImportRow.objects.values_list("outcome", flat=True)) == {"skipped"}
    assert post(client, run, "explode") == 404
    assert post(client, run, "apply") == 302
    run.refresh_from_db()
    assert run.state == ImportRun.State.CHECKED


def test_an_import_of_somebody_else_is_not_there_except_for_administrators() -> None:
    run = new_run(person(roles.LINGUIST, "linguist"), "a\tA\n")
    other = client_of(person(roles.LINGUIST, "other"))
    assert other.get(reverse("jobs:import", args=[run.pk])).status_code == 404
    assert "words.tsv" not in other.get(reverse("jobs:imports")).content.decode()
    assert post(other, run, "check") == 404
    boss = client_of(person(roles.ADMINISTRATOR, "boss"))
    assert "words.tsv" in boss.get(reverse("jobs:imports")).content.decode()
    assert post(boss, run, "check") == 302


def test_a_file_that_breaks_off_is_reported_with_its_place() -> None:
    linguist = person(roles.LINGUIST, "linguist")
    run = new_run(linguist, "a\tA\n!\n")
    runs.run_phase_now(run, "check")
    shown = page(client_of(linguist), run)
    assert "line 2:" in shown
    assert "The file breaks off." in shown


def test_the_list_of_imports_leads_to_where_one_begins() -> None:
    register_upload_page(UploadPage("Import lines", "jobs:jobs", "jobs.add_importrun"))
    address = reverse("jobs:imports")
    assert "Import lines" in client_of(person(roles.LINGUIST, "l")).get(address).content.decode()
    assert "Import lines" not in client_of(person(roles.REVIEWER, "r")).get(address).content.decode()


def test_long_lists_cost_no_more_queries_than_short_ones(django_assert_max_num_queries: object) -> None:
    boss = person(roles.ADMINISTRATOR, "boss")
    for _ in range(30):
        queue.enqueue("probe.grow", {"total": 0}, user=boss)
    client = client_of(boss)
    client.get(reverse("jobs:jobs"))
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        client.get(reverse("jobs:jobs"))


def test_the_pages_speak_vietnamese_first() -> None:
    boss = person(roles.ADMINISTRATOR, "boss")
    shown = client_of(boss, "vi").get(reverse("jobs:jobs")).content.decode()
    assert "Công việc" in shown
