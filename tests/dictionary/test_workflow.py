import json

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page, Task, Workflow, WorkflowContentType

from access.domain import roles, workflows
from access.models import Protocol
from dictionary.apps import TASK, WORKFLOW
from dictionary.models import Entry
from search.models import LookupRow
from tests.dictionary import samples

pytestmark = pytest.mark.django_db

ENTRIES = "wagtailsnippets_dictionary_entry:"


@pytest.fixture
def lexicon():
    return samples.lexicon()


@pytest.fixture
def contributor():
    return samples.person("contributor", roles.CONTRIBUTOR)


@pytest.fixture
def reviewer():
    return samples.person("reviewer", roles.REVIEWER)


def submit(client, lexicon, action):
    address = f"{reverse(f'{ENTRIES}add')}?lexicon={lexicon.pk}"
    sent = {
        "content": json.dumps(samples.content(0)),
        "content_files": "",
        "lexicon": lexicon.pk,
        action: "1",
    }
    return client.post(address, sent)


def test_a_fresh_house_has_a_workflow_with_a_reviewers_step():
    given = Entry.get_default_workflow()
    assert given.name == WORKFLOW
    (task,) = given.tasks
    assert list(task.specific.groups.all()) == [roles.group_of(roles.REVIEWER)]


def test_the_workflow_is_made_once_and_what_a_site_took_away_stays_away():
    WorkflowContentType.objects.all().delete()
    before = Workflow.objects.count(), Task.objects.count()
    workflows.ensure(Entry, WORKFLOW, TASK)
    assert (Workflow.objects.count(), Task.objects.count()) == before
    assert Entry.get_default_workflow() is None


def test_a_contributor_submits_and_cannot_publish(client, lexicon, contributor):
    client.force_login(contributor)
    submit(client, lexicon, "action-publish")
    assert not Entry.objects.filter(live=True).exists()
    Entry.objects.all().delete()
    assert submit(client, lexicon, "action-submit").status_code == 302
    entry = Entry.objects.get()
    assert entry.workflow_in_progress and not entry.live
    assert not LookupRow.objects.exists()
    address = reverse(f"{ENTRIES}edit", args=[entry.pk])
    changed = {"content": json.dumps(samples.content(4)), "content_files": "", "action-publish": "1"}
    client.post(address, changed)
    assert not Entry.objects.get().live


def act(client, entry, name, **sent):
    state = Entry.objects.get(pk=entry.pk).current_workflow_task_state
    return client.post(reverse(f"{ENTRIES}workflow_action", args=[entry.pk, name, state.pk]), sent)


def test_a_reviewer_approves_and_the_entry_is_published_and_found(client, lexicon, contributor, reviewer):
    client.force_login(contributor)
    submit(client, lexicon, "action-submit")
    entry = Entry.objects.get()
    act(client, entry, "approve", comment="")
    assert not Entry.objects.get().live
    client.force_login(reviewer)
    act(client, entry, "approve", comment="")
    entry.refresh_from_db()
    assert entry.live and not entry.workflow_in_progress
    assert LookupRow.objects.filter(object_id=entry.pk, kind="headword").exists()


def test_a_reviewer_asks_for_changes_and_the_contributor_submits_again(
    client, lexicon, contributor, reviewer
):
    client.force_login(contributor)
    submit(client, lexicon, "action-submit")
    entry = Entry.objects.get()
    client.force_login(reviewer)
    act(client, entry, "reject", comment="Please add an example.")
    assert not Entry.objects.get().live
    client.force_login(contributor)
    sent = {"content": json.dumps(entry.content), "content_files": "", "action-submit": "1"}
    client.post(reverse(f"{ENTRIES}edit", args=[entry.pk]), sent)
    assert Entry.objects.get().current_workflow_task is not None


def test_while_it_is_reviewed_only_the_reviewer_edits(client, lexicon, contributor, reviewer):
    client.force_login(contributor)
    submit(client, lexicon, "action-submit")
    entry = Entry.objects.get()
    page = client.get(reverse(f"{ENTRIES}edit", args=[entry.pk]))
    assert page.context["locked_for_user"]
    client.force_login(reviewer)
    page = client.get(reverse(f"{ENTRIES}edit", args=[entry.pk]))
    assert not page.context["locked_for_user"]


def test_a_locked_entry_is_saved_by_nobody_else(client, lexicon, reviewer):
    entry = samples.published(lexicon)
    client.force_login(reviewer)
    client.post(reverse(f"{ENTRIES}lock", args=[entry.pk]))
    assert Entry.objects.get().locked_by == reviewer
    client.force_login(samples.person("linguist", roles.LINGUIST))
    sent = {"content": json.dumps(samples.content(4)), "content_files": ""}
    page = client.post(reverse(f"{ENTRIES}edit", args=[entry.pk]), sent)
    assert page.status_code == 200
    assert Entry.objects.get().latest_revision_id == entry.latest_revision_id


def test_wagtails_overviews_do_not_name_what_is_closed_to_the_reviewer(
    client, lexicon, contributor, reviewer
):
    client.force_login(contributor)
    submit(client, lexicon, "action-submit")
    entry = Entry.objects.get()
    pages = [
        reverse(name)
        for name in (
            "wagtailadmin_home",
            "wagtailadmin_reports:workflow",
            "wagtailadmin_reports:workflow_results",
            "wagtailadmin_reports:workflow_tasks",
            "wagtailadmin_reports:site_history",
        )
    ]
    # Wagtail shows its reports to who may change pages.
    GroupPagePermission.objects.create(
        group=reviewer.groups.get(),
        page=Page.get_first_root_node(),
        permission=Permission.objects.get(codename="change_page"),
    )
    client.force_login(reviewer)
    named = [
        entry.latest_revision.as_object().headword in client.get(page).content.decode() for page in pages
    ]
    assert named == [True] * len(pages)
    closed = Protocol.objects.create(slug="closed", name="closed", level=Protocol.Level.RESTRICTED)
    Entry.objects.filter(pk=entry.pk).update(protocol=closed)
    for user in (reviewer, contributor):
        client.force_login(user)
        for page in pages:
            answer = client.get(page)
            assert answer.status_code in (200, 302)
            assert entry.latest_revision.as_object().headword not in answer.content.decode(), page
    client.logout()
    assert client.get(pages[1]).status_code == 302
