"""Elasticsearch, a real one, gives the same answers as the embedded engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from search.documents import order_of
from search.engines.elastic.connection import Connection
from search.engines.elastic.engine import ElasticEngine
from search.engines.elastic.life import ElasticLife
from search.engines.paging import TOLERANCE
from search.interface import Document, Engine, EngineUnavailable, Fuzzy, Results, SeenBy, Tier, Words
from tests.search import corpora
from tests.search.conftest import TEXT_FIELDS
from tests.search.test_conformance import check, no_rows

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]
SOME = settings(
    # Each example asks a server: shrinking would take minutes.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def engine(elastic: Connection) -> ElasticEngine:
    return emptied(elastic)


def emptied(connection: Connection) -> ElasticEngine:
    """An engine whose index is new; indexes from before are gone."""
    life = ElasticLife(connection)
    for name in (life.current(), life.previous()):
        if name:
            life.discard(name)
    life.switch(life.create(TEXT_FIELDS, "profiles"))
    return ElasticEngine(connection)


@SOME
@given(st.data())
def test_it_agrees_with_the_embedded_engine_and_brute_force_while_documents_come_change_and_go(
    empty_engines: Callable[[], list[Engine]], elastic: Connection, data: st.DataObject
) -> None:
    with transaction.atomic():
        no_rows()
        check([empty_engines()[1], emptied(elastic)], data)


WORDS = ("ka", "kra", "lo", "blem", "u")


@st.composite
def texts(draw: st.DrawFn) -> list[Document]:
    number = draw(st.integers(5, 25))
    found = []
    for pk in range(1, number + 1):
        one = replace(
            draw(corpora.document(pk)),
            fields={
                name: tuple(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8)))
                for name in TEXT_FIELDS
            },
            facets={"domain.of": tuple(draw(st.sets(st.sampled_from(("house", "river")))))},
            locator=draw(st.sampled_from(("", "p. 12", "03:15"))),
        )
        found.append(one)
    return found


def paged(engine: Engine, query: Any, where: Any, limit: int) -> list[Results]:
    found = [engine.words(query, where, limit=limit, facets=("domain.of", "language"))]
    while found[-1].cursor:
        found.append(
            engine.words(query, where, limit=limit, cursor=found[-1].cursor, facets=("domain.of", "language"))
        )
    return found


@SOME
@given(st.data())
def test_running_text_has_the_same_hits_order_scores_totals_and_facets(
    empty_engines: Callable[[], list[Engine]], elastic: Connection, data: st.DataObject
) -> None:
    with transaction.atomic():
        no_rows()
        embedded, other = empty_engines()[1], emptied(elastic)
        documents = data.draw(texts())
        for engine in (embedded, other):
            engine.write(documents)
        for _ in range(3):
            tokens = tuple(data.draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)))
            query = Words(data.draw(st.sampled_from(TEXT_FIELDS)), tokens, data.draw(st.booleans()))
            where, limit = data.draw(corpora.conditions()), data.draw(st.integers(1, 7))
            ours, theirs = paged(embedded, query, where, limit), paged(other, query, where, limit)
            assert [page.total for page in ours] == [page.total for page in theirs]
            assert [page.facets for page in ours] == [page.facets for page in theirs]
            assert [page.cursor for page in ours] == [page.cursor for page in theirs]
            for one, two in zip(hits(ours), hits(theirs), strict=True):
                assert one._replace(score=0.0) == two._replace(score=0.0)
                assert one.score == pytest.approx(two.score, rel=TOLERANCE)


def hits(pages: list[Results]) -> list[Any]:
    return [hit for page in pages for hit in page.hits]


@SOME
@given(st.data())
def test_slips_are_found_alike(
    empty_engines: Callable[[], list[Engine]], elastic: Connection, data: st.DataObject
) -> None:
    with transaction.atomic():
        no_rows()
        embedded, other = empty_engines()[1], emptied(elastic)
        documents = data.draw(corpora.documents(max_size=25))
        for engine in (embedded, other):
            engine.write(documents)
        for distance in (1, 2):
            word = data.draw(st.text("ab", min_size=3, max_size=8))
            tiers = [Tier("fuzzy", Fuzzy("letter", word, distance), whole=False)]
            found = [one.lookup(tiers, SeenBy(corpora.EVERYBODY), limit=50) for one in (embedded, other)]
            assert found[0] == found[1]


def word(pk: int, version: int = 1, text: str = "ka") -> Document:
    keys = corpora.keys_of([(letter, ()) for letter in text], "one")
    form = corpora.Form("headword", "zxx-Latn", text, keys)
    return Document("word", pk, version, order_of(0, pk), (form,), languages=("xaa",))


def test_a_late_write_cannot_go_backwards_and_a_repeated_one_changes_nothing(engine: ElasticEngine) -> None:
    engine.write([word(1, 3), word(2, 1)])
    engine.write([word(1, 2), word(2, 1)])
    assert engine.versions("word", 1, 9) == {1: 3, 2: 1}
    engine.write([], [("word", 1), ("word", 7)])
    engine.write([word(1, 2)])  # arrives late, after the deletion
    assert engine.versions("word", 1, 9) == {2: 1}
    engine.write([word(1, 3)])  # published again as it was
    assert engine.versions("word", 1, 9) == {1: 3, 2: 1}


def test_a_document_that_is_refused_does_not_hold_up_the_others(engine: ElasticEngine) -> None:
    engine.write([word(1), replace(word(2), locator="x" * 40_000), word(3)])
    assert sorted(pk for _type, pk in engine.documents()) == [1, 3]


def test_nothing_is_written_to_an_index_that_somebody_deleted(
    elastic: Connection, engine: ElasticEngine
) -> None:
    life = ElasticLife(elastic)
    with life.writer() as writer:
        life.discard(life.current())
        with pytest.raises(EngineUnavailable):
            writer.add([word(1)])
    assert life.current() == ""
    with pytest.raises(EngineUnavailable):
        engine.count()


def test_more_than_a_page_of_versions_comes_whole(elastic: Connection, engine: ElasticEngine) -> None:
    with ElasticLife(elastic).writer(bulk=True) as writer:
        writer.add(word(pk) for pk in range(1, 10_102))
        writer.commit()
    assert len(engine.versions("word", 0, 2**63 - 1)) == 10_101
    assert engine.count() == 10_101
    assert len(set(engine.documents())) == 10_101


def test_an_index_of_another_version_is_refused(elastic: Connection, engine: ElasticEngine) -> None:
    name = ElasticLife(elastic).current()
    elastic.tell(
        lambda client: client.indices.put_mapping(
            index=name, meta={"version": 0, "text_fields": [], "profiles": ""}
        )
    )
    engine.look_again()
    with pytest.raises(EngineUnavailable):
        engine.count()
    with pytest.raises(EngineUnavailable):
        engine.write([word(1)])


def test_names_of_indexes_do_not_meet_those_of_another_site(
    elastic: Connection, engine: ElasticEngine
) -> None:
    other = Connection(replace(elastic.server, prefix=f"{elastic.server.prefix}-{uuid4().hex[:4]}"))
    theirs = emptied(other)
    theirs.write([word(1)])
    for _ in range(3):
        life = ElasticLife(elastic)
        life.switch(life.create(TEXT_FIELDS, ""))
    assert theirs.count() == 1
    assert engine.count() == 0
