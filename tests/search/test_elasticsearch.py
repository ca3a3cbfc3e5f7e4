"""Writing to a real Elasticsearch: versions, refusals, indexes of other versions and of other sites."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from search.documents import order_of
from search.engines.elastic.connection import Connection
from search.engines.elastic.engine import ElasticEngine
from search.engines.elastic.life import ElasticLife
from search.interface import Document, EngineUnavailable
from tests.search import corpora
from tests.search.conftest import TEXT_FIELDS, emptied

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


@pytest.fixture
def engine(elastic: Connection) -> ElasticEngine:
    return emptied(elastic)


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
