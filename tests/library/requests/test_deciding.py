"""How requests are decided: who sees which, what is done, what is closed meanwhile, what is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html
from wagtail.models import ModelLogEntry

from access.domain import roles
from access.domain.viewer import anonymous
from access.models import Community, Membership, Protocol, User
from config.backup import rows
from jobs.domain.queue import enqueue
from jobs.domain.run import run_now
from library.domain import inside, publish
from library.festivals.models import Festival
from library.models import Record, RecordFile
from library.requests.domain import acts, material
from library.requests.models import Act, Hold, Request
from search.domain import index_writer
from tests.library.books import indexed, read
from tests.library.festivals.samples import festival
from tests.library.houses_of_files import addresses, scan
from tests.library.samples import READER, person, published

pytestmark = pytest.mark.django_db
QUEUE = "/admin/library/requests/"
# One address only leads on to another and says nothing of what is there.
LEADS_ON = 303


def asked(thing: material.Material, kind: str = "privacy", **values: Any) -> Request:
    about, target = material.name_of(thing)
    made = Request(
        about=about, target=target, title=str(thing), kind=kind, text="In my words", language="en", **values
    )
    acts.receive(made)
    return made


def page(request: Request) -> str:
    return reverse("library_requests:request", args=[request.pk])


def numbers(client: Client, show: str = "open") -> list[str]:
    answer = client.get(QUEUE, {"show": show})
    assert answer.status_code == 200
    return html.fromstring(answer.content).xpath("//table//tr/td[2]/a/text()")


@pytest.fixture
def librarian(client: Client) -> User:
    user = person("librarian", roles.LIBRARIAN)
    client.force_login(user)
    return user


def community() -> tuple[Protocol, User]:
    """The protocol of a community that everybody sees, and a steward of it."""
    theirs = Community.objects.create(slug="village", name_vi="Village")
    steward = person("steward", roles.STEWARD)
    Membership.objects.create(user=steward, community=theirs, steward=True)
    return Protocol.objects.create(slug="open", name_vi="Open", community=theirs, level="public"), steward


def test_the_queue_stands_in_the_order_of_due_days_and_marks_what_is_late(
    client: Client, librarian: User
) -> None:
    record = published()
    long_ago = timezone.now() - timedelta(days=40)
    soon, late = asked(record, "correction"), asked(record, "correction", created_at=long_ago)
    urgent = asked(record, "culture")
    done = asked(record)
    acts.decide(done, librarian, "done", "So be it")
    assert numbers(client) == [late.number, urgent.number, soon.number]
    tree = html.fromstring(client.get(QUEUE).content)
    assert tree.xpath("//tr[@class='requests-late']//a/text()") == [late.number]
    assert numbers(client, "decided") == [done.number]
    assert numbers(client, "mine") == []
    first = html.fromstring(client.get("/admin/").content)
    assert QUEUE in first.xpath("//section[.//*[@id='requests' or contains(@id, 'requests')]]//a/@href")
    assert "3" in first.xpath(f"string(//main//a[@href='{QUEUE}'])")


def test_librarians_handle_what_they_see_and_stewards_what_is_their_communitys(client: Client) -> None:
    protocol, steward = community()
    secret = Protocol.objects.create(
        slug="secret", name_vi="Secret", community=protocol.community, level="restricted"
    )
    plain, theirs = asked(published("Plain")), asked(published("Theirs", protocol=protocol))
    hidden = asked(published("Hidden", protocol=secret))
    people = {
        person("librarian", roles.LIBRARIAN): [plain, theirs],
        steward: [theirs, hidden],
        person("administrator", roles.ADMINISTRATOR): [plain, theirs, hidden],
    }
    for user, handled in people.items():
        client.force_login(user)
        assert sorted(numbers(client)) == sorted(each.number for each in handled)
        for each in (plain, theirs, hidden):
            expected = 200 if each in handled else 404
            assert client.get(page(each)).status_code == expected
            answer = client.post(page(each), {"act": "note", "text": user.username})
            assert answer.status_code == (302 if each in handled else 404)
    for role in (roles.CONTRIBUTOR, roles.REVIEWER, roles.LINGUIST):
        client.force_login(person(role.key, role))
        assert client.get(QUEUE).status_code != 200
        assert client.post(page(plain), {"act": "done", "text": "x"}).status_code != 200
        assert "library/requests" not in client.get("/admin/").content.decode()
    client.logout()
    assert client.get(QUEUE).status_code == 302
    assert Request.objects.filter(state="new").count() == 3
    assert Act.objects.count() == 7


def test_a_request_is_taken_answered_decided_and_every_act_is_kept(client: Client, librarian: User) -> None:
    record = published()
    naan, _slash, name = record.ark.removeprefix("ark:").partition("/")
    form = {"kind": "rights", "text": "<script>alert(1)</script>", "contact": "a@example.org"}
    link = client.post(reverse("record-request", args=[naan, name]), form)["Location"]
    request = Request.objects.get()
    said = client.get(page(request)).content.decode()
    assert "<script>alert" not in said and "a@example.org" in said
    colleague = person("colleague", roles.LIBRARIAN)
    outsider = person("outsider", roles.LINGUIST)
    client.post(page(request), {"act": "take"})
    client.post(page(request), {"act": "give", "to": outsider.pk})
    request.refresh_from_db()
    assert (request.state, request.assignee) == ("work", librarian)
    client.post(page(request), {"act": "give", "to": colleague.pk})
    client.post(page(request), {"act": "note", "text": "An inner thought"})
    client.post(page(request), {"act": "answer", "text": "Could you tell us more?"})
    client.post(page(request), {"act": "refused", "text": ""})
    request.refresh_from_db()
    assert (request.state, request.assignee) == ("work", colleague)
    client.post(page(request), {"act": "refused", "text": "It is in the public domain."})
    client.post(page(request), {"act": "done", "text": "A second decision"})
    request.refresh_from_db()
    assert request.state == "refused" and request.closed_at is not None
    kept = [(act.kind, act.user, act.user_name) for act in request.acts.all()]
    kinds = ["taken", "given", "noted", "answered", "refused"]
    assert kept == [(kind, librarian, "librarian") for kind in kinds]
    public = Client().get(link).content.decode()
    assert "Could you tell us more?" in public and "It is in the public domain." in public
    assert "An inner thought" not in public and "librarian" not in public and "A second" not in public
    client.post(page(request), {"act": "resume"})
    request.refresh_from_db()
    assert request.state == "work" and request.closed_at is None


def test_closing_hides_a_file_at_every_address_at_once_and_opening_brings_it_back(
    client: Client, librarian: User
) -> None:
    record = published("A book with a scan")
    file = scan(record)
    assert file.asset is not None
    read(file.asset, [["riverbank"]], READER)
    indexed()
    visitor = Client()
    naan, _slash, name = record.ark.removeprefix("ark:").partition("/")
    pages = {which: reverse(which, args=[naan, name]) for which in ("record", "record-read", "iiif-manifest")}

    def opened() -> set[str]:
        index_writer.drain()
        found = {
            address for address in addresses(file) if visitor.get(address).status_code not in {404, LEADS_ON}
        }
        mark = str(file.uuid)
        found |= {which for which, at in pages.items() if mark in visitor.get(at).content.decode()}
        if inside.search(record, "riverbank", anonymous()).total:
            found.add("inside")
        if (
            "riverbank"
            in visitor.get(reverse("search"), {"q": "riverbank", "type": "page"})
            .content.decode()
            .replace('value="riverbank"', "")
            and visitor.get(reverse("iiif-search", args=[naan, name]), {"q": "riverbank"}).json()["items"]
        ):
            found.add("search")
        return found

    before = opened()
    assert {"record", "record-read", "iiif-manifest", "inside", "search"} < before and len(before) > 10
    request = asked(file)
    client.post(page(request), {"act": "close", "what": "file", "text": ""})
    assert opened() == before
    client.post(page(request), {"act": "close", "what": "file", "text": "A face is seen"})
    assert opened() == set()
    assert visitor.get(pages["record"]).status_code == 200
    assert numbers(client) == [request.number]
    publish.publish(Record.objects.get(pk=record.pk))
    assert opened() == set()
    client.post(page(request), {"act": "open", "what": "file", "text": "The face was covered"})
    assert opened() == before
    kept = [
        (act.kind, act.text.endswith(why))
        for act, why in zip(request.acts.all(), ("seen", "covered"), strict=True)
    ]
    assert kept == [("closed", True), ("opened", True)]
    logged = ModelLogEntry.objects.filter(action__startswith="requests.").order_by("pk")
    assert [(entry.action, entry.user) for entry in logged] == [
        (acts.CLOSED, librarian),
        (acts.OPENED, librarian),
    ]


def test_closing_a_record_hides_all_of_it_and_keeps_an_older_embargo(client: Client, librarian: User) -> None:
    past = timezone.localdate() - timedelta(days=3)
    record = published("A closed book", embargo_until=past)
    told = festival()
    visitor = Client()
    for thing, at in (
        (record, reverse("record", args=record.ark.removeprefix("ark:").split("/"))),
        (told, reverse("festival", args=[told.slug])),
    ):
        request = asked(thing)
        what = material.name_of(thing)[0]
        client.post(page(request), {"act": "close", "what": what, "text": "why"})
        assert visitor.get(at).status_code == 404
        assert request.number in numbers(client)
        client.post(page(request), {"act": "refused", "text": "why"})
        assert visitor.get(at).status_code == 404
        client.post(page(request), {"act": "open", "what": what, "text": "why"})
        assert visitor.get(at).status_code == 200
    assert Record.objects.get().embargo_until == past
    assert Festival.objects.get().embargo_until is None
    assert not Hold.objects.exists()


def test_the_history_of_the_site_does_not_name_what_was_closed(client: Client, librarian: User) -> None:
    things = (published("A closed book"), festival("closed-feast"))
    history = reverse("wagtailadmin_reports:site_history")
    named = [str(thing) in client.get(history).content.decode() for thing in things]
    assert named == [True, True]
    for thing in things:
        acts.close(asked(thing), librarian, thing, "why")
    named = [str(thing) in client.get(history).content.decode() for thing in things]
    assert named == [False, False]


def test_what_two_requests_keep_closed_opens_with_the_second(librarian: User) -> None:
    record = published()
    one, two = asked(record), asked(record)
    acts.close(one, librarian, record, "why")
    acts.close(two, librarian, record, "why")
    assert not acts.reopen(one, librarian, record, "why")
    assert Record.objects.get().embargo_until == material.CLOSED
    assert acts.reopen(two, librarian, record, "why")
    assert Record.objects.get().embargo_until is None


def test_an_embargo_that_was_set_meanwhile_stays(librarian: User) -> None:
    record = published()
    request = asked(record)
    acts.close(request, librarian, record, "why")
    later = timezone.localdate() + timedelta(days=300)
    Record.objects.update(embargo_until=later)
    acts.reopen(request, librarian, record, "why")
    assert Record.objects.get().embargo_until == later


def test_what_somebody_opened_in_its_form_can_be_closed_again(client: Client, librarian: User) -> None:
    record = published()
    request = asked(record)
    client.post(page(request), {"act": "close", "what": "record", "text": "why"})
    Record.objects.update(embargo_until=None)
    offered = html.fromstring(client.get(page(request)).content)
    assert offered.xpath("//button[@name='act' and @value='close']")
    client.post(page(request), {"act": "close", "what": "record", "text": "why again"})
    assert Record.objects.get().embargo_until == material.CLOSED
    assert [act.kind for act in request.acts.all()] == ["closed", "closed"]
    client.post(page(request), {"act": "open", "what": "record", "text": "at last"})
    assert Record.objects.get().embargo_until is None


def test_a_request_outlives_what_it_is_about_and_stays_as_closed(client: Client, librarian: User) -> None:
    protocol, steward = community()
    secret = Protocol.objects.create(
        slug="secret", name_vi="S", community=protocol.community, level="restricted"
    )
    plain, hidden = published("Plain"), published("Hidden", protocol=secret)
    about_plain, about_hidden = asked(plain), asked(hidden)
    acts.close(about_plain, librarian, plain, "why")
    publish.delete([plain.pk, hidden.pk])
    assert numbers(client) == [about_plain.number]
    client.post(page(about_plain), {"act": "done", "text": "It was deleted."})
    assert Request.objects.get(pk=about_plain.pk).state == "done"
    client.force_login(steward)
    assert numbers(client) == [about_hidden.number]


def test_names_and_addresses_are_forgotten_some_time_after_the_decision(settings: Any) -> None:
    settings.NHASAN_REQUESTS_KEEP_DAYS = 10
    record = published()
    now = timezone.now()
    old = asked(record, contact="a", state="done", closed_at=now - timedelta(days=11))
    recent = asked(record, contact="b", state="refused", closed_at=now - timedelta(days=9))
    waiting = asked(record, contact="c", created_at=now - timedelta(days=99))
    for _again in range(2):
        run_now(enqueue("requests.forget_contacts", {}))
    assert dict(Request.objects.values_list("pk", "contact")) == {old.pk: "", recent.pk: "b", waiting.pk: "c"}
    assert list(Act.objects.values_list("request", "kind")) == [(old.pk, "forgotten")]


def test_a_backup_carries_requests_their_acts_and_what_they_keep_closed(librarian: User) -> None:
    record = published()
    request = asked(record, contact="elder")
    acts.close(request, librarian, record, "why")
    tables = rows.tables()
    kept = {
        label: b"".join(rows.lines(tables[label]))
        for label in ("requests.Request", "requests.Act", "requests.Hold")
    }
    assert b"elder" in kept["requests.Request"]
    assert all(kept.values())


def test_a_long_queue_costs_no_more_queries_than_a_short_one(
    client: Client, librarian: User, django_assert_max_num_queries: Any
) -> None:
    things: list[Record | RecordFile | Festival] = [published(f"Title {n}") for n in range(6)]
    things.append(festival())
    for thing in things:
        asked(thing)
    client.get(QUEUE)
    with django_assert_max_num_queries(30):
        assert len(numbers(client)) == 7
