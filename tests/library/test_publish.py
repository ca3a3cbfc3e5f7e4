"""Publishing records: what stands in the database afterwards, and what does not."""

from __future__ import annotations

import copy

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Revision

from access.models import Protocol
from library.domain import ark, bulk, documents, protocols, publish
from library.models import Collection, People, Place, Record, RecordTerm
from search.models import OutboxRow
from tests.library import samples

pytestmark = pytest.mark.django_db


def noted(record: Record) -> list[str]:
    rows = OutboxRow.objects.filter(type=documents.TYPE, object_id=record.pk).order_by("id")
    return list(rows.values_list("operation", flat=True))


def terms(record: Record) -> set[tuple[str, str]]:
    return set(record.terms.values_list("name", "value"))


def test_a_published_record_has_an_ark_ids_columns_terms_and_a_place_in_the_outbox():
    old = Place.objects.get(code_system="VN-2004", code="17")
    record = samples.published(
        "Sách",
        fields={"date": [{"edtf": "1998~"}], "people": [{"people": "06"}], "coverage": [{"place": old.pk}]},
    )
    assert record.live and ark.is_sound(record.ark) and record.title == "Sách"
    assert record.date_earliest.year == record.date_latest.year == 1998
    assert all(node["id"] for node in record.content["fields"]["title"])
    (new,) = old.successors.all()
    assert terms(record) == {
        ("decade", "1990"), ("people", "06"), ("place", str(old.pk)), ("place", str(new.pk)),
    }  # fmt: skip
    assert noted(record) == ["changed"]


def test_a_draft_is_nowhere_and_unpublishing_and_deleting_take_everything_back():
    record = samples.draft(fields={"people": [{"people": "06"}]})
    assert terms(record) == set() and noted(record) == []
    publish.publish(record)
    publish.unpublish(record)
    assert terms(record) == set() and noted(record)[-1] == "deleted"
    publish.publish(record)
    pk = record.pk
    assert publish.delete([pk]) == 1
    assert not Record.objects.filter(pk=pk).exists() and not RecordTerm.objects.filter(record=pk).exists()
    assert not Revision.objects.filter(object_id=str(pk), content_type__app_label="library").exists()
    assert (
        list(OutboxRow.objects.filter(type=documents.TYPE, object_id=pk).values_list("operation", flat=True))[
            -1
        ]
        == "deleted"
    )


def test_nothing_is_written_when_the_content_is_refused():
    record = Record(kind="book", content={"v": 1, "fields": {"date": [{"edtf": "soon"}]}})
    with pytest.raises(ValidationError):
        publish.publish(record)
    assert not Record.objects.exists() and not OutboxRow.objects.filter(type=documents.TYPE).exists()


def test_publishing_an_old_revision_opens_nothing_that_was_closed_since():
    record = samples.published("one")
    first = record.latest_revision
    record.content = samples.content("two")
    publish.publish(record)
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    record.protocol = closed
    record.kind = "film"
    record.save()
    first.publish()
    record.refresh_from_db()
    assert (record.title, record.protocol, record.kind) == ("one", closed, "film")


def test_the_first_edit_of_a_record_that_has_no_revision_keeps_what_was_published():
    record = samples.draft("imported")
    Record.objects.filter(pk=record.pk).update(live=True)
    record = Record.objects.get(pk=record.pk)
    record.content = samples.content("edited")
    record.save_revision()
    assert [revision.content["title"] for revision in record.revisions.order_by("pk")] == [
        "imported",
        "edited",
    ]


def test_a_change_of_protocol_or_collection_reaches_drafts_and_search_at_once():
    closed = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    live, draft, into = samples.published("live"), samples.draft("draft"), samples.collection()
    protocols.set_protocol([live, draft], closed)
    bulk.set_collection([live, draft], into)
    assert {(r.protocol_id, r.collection_id) for r in Record.objects.all()} == {(closed.pk, into.pk)}
    assert noted(live)[-2:] == ["changed", "changed"] and "changed" not in noted(draft)


def test_adding_a_people_to_a_selection_leaves_locked_records_and_open_drafts_alone():
    people = People.objects.get(number="06")
    live, draft, locked, open_draft = (samples.published(str(n)) for n in range(4))
    publish.unpublish(draft)
    draft = Record.objects.get(pk=draft.pk)
    Record.objects.filter(pk=locked.pk).update(locked=True)
    open_draft.content = samples.content("being written")
    open_draft.save_revision()
    chosen = list(Record.objects.filter(pk__in=[live.pk, locked.pk, open_draft.pk]).order_by("pk"))
    assert {record.pk for record in bulk.add_people(chosen, people)} == {locked.pk, open_draft.pk}
    live.refresh_from_db()
    assert [node["people"] for node in live.content["fields"]["people"]] == ["06"] and live.live
    before = copy.deepcopy(live.content)
    assert bulk.add_people([live], people) == []
    live.refresh_from_db()
    assert live.content == before


def test_a_collection_that_changes_tells_search_of_its_records():
    record = samples.published(collection=samples.collection())
    before = len(noted(record))
    collection = Collection.objects.get()
    collection.protocol = Protocol.objects.create(slug="closed", name="Closed", level="restricted")
    collection.save()
    assert len(noted(record)) == before + 1
    (document,) = documents.documents([record.pk])
    assert document.protocols == (collection.protocol_id,)


def test_documents_cost_as_many_queries_for_many_records_as_for_one(django_assert_num_queries):
    records = [
        samples.published(str(n), fields={"people": [{"people": "06"}], "coverage": [{"place": 1}]})
        for n in range(5)
    ]
    with django_assert_num_queries(5):
        assert len(list(documents.documents([records[0].pk]))) == 1
    with django_assert_num_queries(5):
        assert len(list(documents.documents([record.pk for record in records]))) == 5
