"""The librarian's day: list, form of every kind, drafts, conflicts, duplicates, selections."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse

from access.domain import roles
from access.models import Community, Membership, Protocol
from library.domain.content import values
from library.domain.kinds import kinds
from library.models import Agent, Collection, Concept, People, Place, Record
from tests.library import samples

pytestmark = pytest.mark.django_db

RECORDS = "wagtailsnippets_library_record:"


@pytest.fixture
def librarian(client):
    user = samples.person("librarian", roles.LIBRARIAN)
    client.force_login(user)
    return user


def latest(record):
    return Record.objects.get(pk=record.pk).get_latest_revision_as_object()


def rows(tree=None, **properties):
    """What a browser sends for these rows: each a dict of the parts of its row."""
    sent = {"content": json.dumps(tree or {"v": 1, "fields": {}}), "content-shown": list(properties)}
    for name, given in properties.items():
        sent[f"content-{name}-row"] = [str(number) for number in range(len(given))]
        for number, parts in enumerate(given):
            for key, value in parts.items():
                sent[f"content-{name}-{number}-{key}"] = value
    return sent


def edit(client, record, sent, **rest):
    return client.post(reverse(f"{RECORDS}edit", args=[record.pk]), {**sent, "collection": "", **rest})


def test_every_kind_has_a_form_with_its_fields_named(client, librarian):
    for kind in kinds().values():
        page = client.get(reverse(f"{RECORDS}add") + f"?kind={kind.id}").content.decode()
        for field in kind.fields:
            assert f'data-group="{field.property}"' in page, (kind.id, field.property)
            assert field.label["vi"] in page
    assert client.get(reverse(f"{RECORDS}add")).content.decode().count("?kind=") == len(kinds())


def test_a_book_is_catalogued_and_published_in_one_go(client, librarian):
    agent = Agent.objects.create(name_vi="Tên Người")
    sent = rows(
        title=[
            {"control": "text", "value": "Nhan đề", "lang": "vi"},
            {"control": "text", "value": "", "lang": "vi"},
        ],
        creator=[
            {
                "control": "agent",
                "value": "Tên Người",
                "label": "Tên Người",
                "ref": str(agent.pk),
                "role": "aut",
            },
            {
                "control": "agent",
                "value": "Someone else",
                "label": "Tên Người",
                "ref": str(agent.pk),
                "role": "",
            },
        ],
        date=[{"control": "edtf", "value": "1998~"}],
        people=[{"control": "people", "value": "06"}],
        language=[{"control": "language", "value": "vi"}],
    )
    sent |= {"kind": "book", "collection": str(samples.collection().pk), "action-publish": "1"}
    answer = client.post(reverse(f"{RECORDS}add"), sent)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    record = Record.objects.get()
    assert record.live and record.kind == "book" and record.collection == Collection.objects.get()
    fields = {
        name: [{k: v for k, v in node.items() if k != "id"} for node in nodes]
        for name, nodes in record.content["fields"].items()
    }
    assert fields == {
        "title": [{"value": "Nhan đề", "lang": "vi"}],
        "creator": [{"agent": agent.pk, "role": "aut"}, {"value": "Someone else"}],
        "date": [{"edtf": "1998~"}], "people": [{"people": "06"}], "language": [{"tag": "vi"}],
    }  # fmt: skip
    assert ("people", "06") in record.terms.values_list("name", "value")


def test_what_the_form_does_not_show_is_not_touched(client, librarian):
    record = samples.published(fields={"mystery": [{"value": "kept", "odd": [1, 2]}]})
    record.content["extra"] = {"marc": ["=008"]}
    record.content["fields"]["title"][0]["spans"] = [1]
    record.save()
    tree = record.content
    (title,) = values(tree, "title")
    sent = rows(tree, title=[{"control": "text", "id": title["id"], "value": "New", "lang": "vi"}])
    assert edit(client, record, sent).status_code == 302
    kept = latest(record).content
    assert kept["fields"]["mystery"] == tree["fields"]["mystery"] and kept["extra"] == tree["extra"]
    assert values(kept, "title") == [{**title, "value": "New"}]


def test_the_form_that_is_shown_and_sent_back_changes_nothing(client, librarian):
    agent, concept = Agent.objects.create(name_vi="Một Người"), Concept.objects.create(label_vi="Chủ đề")
    record = samples.published(
        fields={
            "creator": [{"agent": agent.pk, "role": "aut", "note": "n"}, {"value": "plain"}],
            "subject": [{"concept": concept.pk}], "coverage": [{"place": Place.objects.first().pk}],
            "date": [{"edtf": "199X", "note": "guess"}], "people": [{"people": "01"}], "language": [{"tag": "vi"}],
            "description": [samples.value("line\nline")], "identifier": [{"value": "978"}],
            "custom": [{"value": "c", "lang": "en"}],
        }
    )  # fmt: skip
    page = client.get(reverse(f"{RECORDS}edit", args=[record.pk])).content.decode()
    sent = as_sent(page)
    before = record.content
    assert edit(client, record, sent).status_code == 302
    assert latest(record).content == before


def as_sent(page):
    """The fields of the record's form as a browser would send them back."""
    from lxml import html

    forms = html.fromstring(page).iter("form")
    form = next(each for each in forms if each.xpath(".//*[@data-record-form]"))
    for template in form.xpath(".//template"):
        template.drop_tree()
    sent = {}
    for name, value in form.form_values():
        if name.startswith("content"):
            # HTML leaves out the first line break of a textarea.
            if name != "content" and form.xpath(f'.//textarea[@name="{name}"]'):
                value = value.removeprefix("\n")
            sent.setdefault(name, []).append(value)
    return sent


def test_mistakes_are_named_where_they_are_and_nothing_that_was_typed_is_lost(client, librarian):
    record = samples.draft()
    sent = rows(
        title=[{"control": "text", "value": "Typed title", "lang": "?"}],
        date=[{"control": "edtf", "value": "năm ngoái"}],
        subject=[{"control": "concept", "value": "x", "label": "x", "ref": "999999"}],
    )
    page = edit(client, record, sent, **{"action-publish": "1"}).content.decode()
    assert "Typed title" in page and "năm ngoái" in page
    assert len(re.findall(r'class="error-message"', page)) >= 2
    assert Record.objects.get(pk=record.pk).title == "A title"
    sent["content-title-0-lang"], sent["content-date-0-value"] = "vi", "1998"
    page = edit(client, record, sent, **{"action-publish": "1"}).content.decode()
    assert "error-message" in page and not Record.objects.get(pk=record.pk).live


def test_a_draft_may_lack_its_title_and_a_published_record_may_not(client, librarian):
    record = samples.draft()
    sent = rows(title=[{"control": "text", "value": " ", "lang": "vi"}])
    assert edit(client, record, sent).status_code == 302
    assert edit(client, record, sent, **{"action-publish": "1"}).status_code == 200
    assert not Record.objects.get(pk=record.pk).live


def test_of_two_librarians_who_save_the_second_is_told_and_loses_nothing(client, librarian):
    record = samples.published("first")
    opened = record.latest_revision
    loaded = {
        "loaded_revision_id": str(opened.pk),
        "loaded_revision_created_at": opened.created_at.isoformat(),
    }
    assert edit(client, record, rows(title=[{"value": "theirs", "lang": "vi"}]), **loaded).status_code == 302
    theirs = Record.objects.get(pk=record.pk).latest_revision
    page = edit(client, record, rows(title=[{"value": "mine", "lang": "vi"}]), **loaded).content.decode()
    assert "librarian" in page and "mine" in page and latest(record).title == "theirs"
    fields = dict(re.findall(r'name="(loaded_revision_\w+)" value="([^"]+)"', page))
    assert fields["loaded_revision_id"] == str(theirs.pk)
    assert edit(client, record, rows(title=[{"value": "mine", "lang": "vi"}]), **fields).status_code == 302
    titles = [revision.content["title"] for revision in record.revisions.order_by("pk")]
    assert titles == ["first", "theirs", "mine"]


def test_a_collection_chosen_beside_a_draft_holds_at_once(client, librarian):
    record, into = samples.published(), samples.collection()
    sent = rows(title=[{"value": "draft", "lang": "vi"}])
    assert edit(client, record, sent, collection=str(into.pk)).status_code == 302
    record.refresh_from_db()
    assert record.collection == into and record.title == "A title" and record.has_unpublished_changes


def test_the_list_costs_as_many_queries_for_fifty_records_as_for_five(
    client, librarian, django_assert_max_num_queries
):
    for number in range(50):
        Record.objects.create(kind="book", content=samples.content(f"Sách {number}"), live=True)
    for filtered in ("", "?kind=book&live=true", "?q=SACH 49"):
        with django_assert_max_num_queries(30):
            page = client.get(reverse(f"{RECORDS}list") + filtered).content.decode()
        assert "Sách 49" in page
    assert "Sách 48" not in page


def test_names_are_found_in_any_case_without_marks_and_added(client, librarian):
    def ask(of, q):
        return client.get(reverse("library_admin:find"), {"of": of, "q": q}).json()["found"]

    assert [each["label"] for each in ask("place", "da nang")][:1] == ["Đà Nẵng"]
    agent = Agent.objects.create(name_vi="Nguyễn Văn A", other_names=["Ẩn Danh"])
    assert ask("agent", "nguyen")[0]["pk"] == ask("agent", "ẨN D")[0]["pk"] == agent.pk
    made = client.post(
        reverse("library_admin:create"),
        json.dumps({"of": "concept", "label": "Dệt"}),
        content_type="application/json",
    ).json()
    again = client.post(
        reverse("library_admin:create"),
        json.dumps({"of": "concept", "label": "Dệt"}),
        content_type="application/json",
    ).json()
    assert made == again and Concept.objects.get().label_vi == "Dệt"
    for broken in ("", "{}", '{"of": "agent", "label": ""}', '{"of": "place", "label": "x"}', "[" * 100_000):
        answer = client.post(reverse("library_admin:create"), broken, content_type="application/json")
        assert answer.status_code == 400, broken[:20]


def test_what_may_be_catalogued_already_is_named_except_to_whom_it_is_closed(client, librarian):
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    record = samples.draft("Sử thi", fields={"identifier": [{"value": "978-604-1-23456-7"}]})
    samples.draft("Sử thi", protocol=closed)

    def ask(**given):
        return [
            each["title"] for each in client.get(reverse("library_admin:duplicates"), given).json()["found"]
        ]

    assert ask(title="su THI") == ["Sử thi"] and ask(identifier="9786041234567") == ["Sử thi"]
    assert ask(title="Sử thi", pk=record.pk) == [] and ask(title="Sử") == [] and ask(identifier="978") == []


def test_a_selection_is_put_into_a_collection_given_a_people_and_deleted(client, librarian):
    records, into = [samples.published(str(n)) for n in range(3)], samples.collection()
    chosen = "?" + "&".join(f"id={record.pk}" for record in records)

    def act(name, **given):
        address = reverse("wagtail_bulk_action", args=["library", "record", name]) + chosen
        assert client.get(address).status_code == 200
        assert client.post(address, given).status_code == 302

    act("set_collection", collection=into.pk)
    act("add_people", people=People.objects.get(number="06").pk)
    for record in Record.objects.all():
        assert record.collection == into and record.content["fields"]["people"][0]["people"] == "06"
    act("delete")
    assert not Record.objects.exists()


def test_only_a_steward_sets_the_protocol_and_of_their_own_communities(client, librarian):
    ours, theirs = (Community.objects.create(slug=slug, name=slug) for slug in ("ours", "theirs"))
    protocol = Protocol.objects.create(slug="p", name="P", community=ours, level="restricted")
    other = Protocol.objects.create(slug="o", name="O", community=theirs)
    free, closed = samples.published("free"), samples.published("closed", protocol=other)
    address = reverse("wagtail_bulk_action", args=["library", "record", "set_record_protocol"])
    address += f"?id={free.pk}&id={closed.pk}"
    client.post(address, {"protocol": protocol.pk})
    assert not Record.objects.filter(protocol=protocol).exists()
    librarian.groups.add(roles.group_of(roles.STEWARD))
    Membership.objects.create(user=librarian, community=ours, steward=True)
    client.post(address, {"protocol": protocol.pk})
    assert [record.title for record in Record.objects.filter(protocol=protocol)] == ["free"]


def test_what_the_gate_hides_has_no_form_and_stands_in_no_list(client, librarian):
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    record = samples.draft("Hidden thing", protocol=closed)
    assert client.get(reverse(f"{RECORDS}edit", args=[record.pk])).status_code == 404
    assert "Hidden thing" not in client.get(reverse(f"{RECORDS}list")).content.decode()


def test_whoever_may_not_edit_is_sent_away(client):
    client.force_login(samples.person("steward", roles.STEWARD))
    for name in ("find", "duplicates"):
        assert client.get(reverse(f"library_admin:{name}"), {"of": "agent"}).status_code in (302, 403)


def test_versions_are_compared_and_the_draft_is_previewed(client, librarian):
    record = samples.published("before")
    edit(client, record, rows(title=[{"value": "after", "lang": "vi"}]))
    first, second = record.revisions.order_by("pk").values_list("pk", flat=True)
    page = client.get(
        reverse(f"{RECORDS}revisions_compare", args=[record.pk, first, second])
    ).content.decode()
    assert "before" in page and "after" in page and "deletion" in page and "addition" in page
    preview = reverse(f"{RECORDS}preview_on_edit", args=[record.pk])
    sent = rows(title=[{"control": "text", "value": "as typed", "lang": "vi"}])
    assert client.post(preview, sent).json()["is_valid"]
    assert "as typed" in client.get(preview).content.decode()


def test_vocabularies_are_kept_in_both_languages(client, librarian):
    edit_people = reverse("wagtailsnippets_library_people:edit", args=[People.objects.get(number="06").pk])
    page = client.get(edit_people).content.decode()
    assert "name_vi" in page and "name_en" in page
    add = reverse("wagtailsnippets_library_agent:add")
    answer = client.post(
        add, {"name_vi": "Nhóm", "name_en": "Group", "kind": "organisation", "other_names": "a\n\n b \na"}
    )
    assert answer.status_code == 302
    agent = Agent.objects.get()
    assert (agent.name_en, agent.other_names) == ("Group", ["a", "b"])
    for model in ("people", "place", "agent", "concept", "collection"):
        assert client.get(reverse(f"wagtailsnippets_library_{model}:list")).status_code == 200
