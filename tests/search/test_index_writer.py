"""From the database to the index: at once, once, and whatever goes wrong in between."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest
from django.db import transaction

from access.domain.viewer import anonymous, viewer_for
from access.models import Community, Protocol, User
from dictionary.domain import publish
from dictionary.models import Entry, Lexicon
from search.documents import Document
from search.domain import analysis, index_writer, outbox, rows, sources, sweep
from search.domain.lookup import lookup
from search.engines.embedded.engine import EmbeddedEngine
from search.interface import order_of
from search.models import LookupRow, OutboxRow
from tests.search.house import entry, lexicon, publish_one

pytestmark = pytest.mark.django_db
TAG = "zxx-Latn"


@pytest.fixture
def words(index: EmbeddedEngine) -> Lexicon:
    return lexicon("words", TAG)


def found(text: str, **options: object) -> list[int]:
    return [hit.pk for hit in lookup(text, viewer=anonymous(), **options).hits]  # type: ignore[arg-type]


def test_what_is_published_is_found_within_a_second(words: Lexicon) -> None:
    took = []
    for word in ("kralo", "blemu", "tmong"):
        start = time.monotonic()
        pk = publish_one(words, entry(TAG, word), f"of {word}")
        assert found(word) == []
        assert found(word, fresh=True) == [pk]
        assert index_writer.step()
        assert found(word) == [pk]
        took.append(time.monotonic() - start)
        assert not index_writer.step()
    assert min(took) < 1  # the best of three: other work on the machine is not what is tested


def test_changed_and_deleted_entries_follow(words: Lexicon) -> None:
    pk = publish_one(words, entry(TAG, "kralo"))
    other = publish_one(words, entry(TAG, "krala"), "two")
    index_writer.drain()
    publish_one(words, entry(TAG, "blemu"), pk=pk)
    publish.delete([other])
    assert index_writer.drain() == 1
    assert found("blemu") == [pk]
    assert found("kralo") == []
    assert found("krala") == []
    assert LookupRow.objects.filter(object_id=other).count() == 0


def test_many_changes_of_one_object_are_one_document(words: Lexicon, index: EmbeddedEngine) -> None:
    pk = publish_one(words, entry(TAG, "kralo"))
    for _ in range(5):
        publish_one(words, entry(TAG, "kralo"), pk=pk)
    index_writer.drain()
    OutboxRow.objects.update(applied_at=None)  # the writer died after its commit: the same work again
    index_writer.drain()
    assert list(index.documents()) == [("entry", pk)]


def test_a_change_that_is_rolled_back_leaves_nothing(words: Lexicon) -> None:
    with pytest.raises(RuntimeError, match="no"), transaction.atomic():
        publish_one(words, entry(TAG, "kralo"))
        raise RuntimeError("no")
    assert outbox.pending() == 0
    assert found("kralo", fresh=True) == []


@pytest.mark.django_db(transaction=True)
def test_the_outbox_refuses_to_be_written_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        outbox.changed("entry", [1])


def test_a_hit_whose_object_was_closed_since_is_not_shown(words: Lexicon) -> None:
    pk = publish_one(words, entry(TAG, "kralo"))
    index_writer.drain()
    assert found("kralo") == [pk]
    closed = Protocol.objects.create(slug="closed", name="closed", level="restricted")
    Lexicon.objects.filter(pk=words.pk).update(protocol=closed)
    publish.reindex([pk])
    assert found("kralo") == []  # the index does not know yet
    index_writer.drain()
    assert found("kralo") == []
    assert lookup("kralo", viewer=anonymous()).total == 0


def test_protocols_and_embargoes_are_asked_at_query_time(words: Lexicon) -> None:
    community = Community.objects.create(slug="village", name="village")
    member = User.objects.create(username="member")
    member.memberships.create(community=community, steward=True)
    protocol = Protocol.objects.create(slug="ours", name="ours", community=community, level="community")
    open_pk = publish_one(words, entry(TAG, "kralo"), "open")
    closed_pk = publish_one(words, entry(TAG, "kralo"), "closed")
    later_pk = publish_one(words, entry(TAG, "kralo"), "later")
    Entry.objects.filter(pk=closed_pk).update(protocol=protocol)
    Entry.objects.filter(pk=later_pk).update(embargo_until=date.today() + timedelta(days=30))
    publish.reindex([closed_pk, later_pk])
    index_writer.drain()
    admin = User.objects.create(username="admin", is_superuser=True)
    much_later = date.today() + timedelta(days=60)
    for viewer, wanted in (
        (anonymous(), {open_pk}),
        (viewer_for(member), {open_pk, closed_pk}),
        (viewer_for(admin), {open_pk, closed_pk, later_pk}),
        (anonymous(today=much_later), {open_pk, later_pk}),
    ):
        for fresh in (False, True):
            answer = lookup("kralo", viewer=viewer, fresh=fresh)
            assert {hit.pk for hit in answer.hits} == wanted
            assert answer.total == len(wanted)
    Protocol.objects.filter(pk=protocol.pk).update(level="public")  # nothing is indexed anew
    assert set(found("kralo")) == {open_pk, closed_pk}


class Shelf:
    """A source of documents whose objects stand in memory; one of them cannot be read."""

    def __init__(self, *pks: int, broken: int = 0) -> None:
        self.pks = list(pks)
        self.broken = broken

    def documents(self, pks: Sequence[int]) -> Iterator[Document]:
        for pk in pks:
            if pk == self.broken:
                raise ValueError("this object cannot be read")
            if pk in self.pks:
                form = analysis.form("headword", TAG, f"book {pk}")
                yield Document("shelf", pk, 1, order_of(0, pk, family=7), (form,), locator=f"p. {pk}")

    def all_pks(self) -> list[int]:
        return self.pks


@pytest.fixture
def shelf(index: EmbeddedEngine) -> Iterator[Shelf]:
    made = Shelf(1, 2, 3)
    sources.register(sources.DocumentSource("shelf", made.documents, made.all_pks))
    yield made
    sources.forget("shelf")


def test_an_object_that_cannot_be_read_does_not_hold_up_the_others(shelf: Shelf) -> None:
    shelf.broken = 2
    with transaction.atomic():
        outbox.changed("shelf", [1, 2, 3])
        rows.replace(shelf.documents([1, 3]))
    index_writer.drain()
    assert outbox.pending() == 0
    answer = lookup("book", viewer=anonymous())
    assert [(hit.type, hit.pk, hit.locator) for hit in answer.hits] == [
        ("shelf", 1, "p. 1"),
        ("shelf", 3, "p. 3"),
    ]


def test_the_sweep_mends_whatever_came_by_another_way(
    shelf: Shelf, index: EmbeddedEngine, words: Lexicon
) -> None:
    pk = publish_one(words, entry(TAG, "kralo"))
    assert sweep.sweep() == 3  # the shelf came without an outbox row; the entry is waiting in the outbox
    index_writer.drain()
    assert set(index.documents()) == {("shelf", 1), ("shelf", 2), ("shelf", 3), ("entry", pk)}
    assert sweep.sweep() == 0
    shelf.pks.remove(2)
    Entry.objects.filter(pk=pk)._raw_delete("default")
    assert sweep.sweep() == 2
    index_writer.drain()
    assert set(index.documents()) == {("shelf", 1), ("shelf", 3)}
    assert not LookupRow.objects.exclude(type="shelf").exists()
    assert sweep.sweep() == 0
