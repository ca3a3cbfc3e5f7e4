"""Spellings are read out of the dictionary of a real index, and old indexes are not left behind."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from search.documents import order_of
from search.engines.elastic.connection import Connection
from search.engines.elastic.engine import ElasticEngine
from search.engines.elastic.life import ElasticLife
from search.engines.elastic.spelt import SPELT, read
from search.interface import Document, Engine, EngineUnavailable, Pattern, Prefix, SeenBy, Tier
from tests.search import corpora
from tests.search.conftest import TEXT_FIELDS

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]
SCOPE = frozenset({"one"})
LONG = "abbaabbaab"  # longer than any prefix that is a term of its own
ACUTE = corpora.MARKS[1]


def word(pk: int, letters: str, *marked: int, scope: str = "one") -> Document:
    """A document with one form of these letters, marked at these places."""
    units = [(letter, ACUTE if at in marked else "") for at, letter in enumerate(letters)]
    form = corpora.Form("headword", "zxx-Latn", letters, corpora.keys_of(units, scope))
    return Document("word", pk, 1, order_of(0, pk), (form,), languages=("xaa",))


@pytest.fixture
def engine(elastic: Connection) -> ElasticEngine:
    life = ElasticLife(elastic)
    life.switch(life.create(TEXT_FIELDS, ""))
    return ElasticEngine(elastic)


def test_all_spellings_are_read_page_by_page_on_any_number_of_shards(
    elastic: Connection, engine: ElasticEngine
) -> None:
    engine.write(word(pk, "ab" * 5, *(at for at in range(10) if pk >> at & 1)) for pk in range(200))
    index = elastic.server.prefix

    def spelt(start: str, page: int) -> list[str]:
        return elastic.ask(lambda client: read(client, index, 20.0, SPELT, start, page=page))

    whole = spelt("ababababab", 10_000)
    assert len(whole) == len(set(whole)) == 200
    assert spelt("ababababab", 7) == whole
    assert spelt("b", 7) == []


def test_a_long_beginning_finds_what_the_embedded_engine_finds(
    empty_engines: Callable[[], list[Engine]], engine: ElasticEngine
) -> None:
    documents = [
        word(1, LONG + "a"),
        word(2, LONG + "b", 0, 10),
        word(3, LONG, 0),
        word(4, LONG + "b", scope="two"),
        word(5, LONG[:-1]),
        word(6, LONG.upper()),
    ]
    embedded = empty_engines()[1]
    for one in (embedded, engine):
        one.write(documents)
    marked = LONG[0] + ACUTE + LONG[1:]
    wanted: dict[Any, set[int]] = {
        Prefix("exact", LONG): {1, 4},
        Prefix("tone", LONG, SCOPE): {1, 6},
        Prefix("letter", LONG, SCOPE): {1, 2, 3, 6},
        Pattern("letter", LONG, LONG, SCOPE, whole=False): {1, 2, 3, 6},
        Pattern("letter", LONG, marked, SCOPE, whole=False): {2, 3},
        Pattern("letter", LONG, marked, SCOPE): {3},
    }
    for query, pks in wanted.items():
        asked = [Tier("letter", query)], SeenBy(corpora.EVERYBODY)
        found = engine.lookup(*asked, limit=50)
        assert {hit.pk for hit in found.hits} == pks, query
        assert found == embedded.lookup(*asked, limit=50)


def test_an_index_becomes_one_segment_and_loses_nothing(elastic: Connection, engine: ElasticEngine) -> None:
    life = ElasticLife(elastic)
    for first in (1, 101, 201):
        engine.write(word(pk, "ab") for pk in range(first, first + 100))
    with life.writer() as writer:
        assert writer.fill((word(pk, "ab") for pk in range(301, 311)), 10) == 10
        writer.merge(after=0)

    def segments() -> int:
        told = elastic.tell(lambda client: client.indices.stats(index=life.current(), metric="segments"))
        return int(told["_all"]["primaries"]["segments"]["count"])

    until = time.monotonic() + 60
    while segments() != 1 and time.monotonic() < until:
        time.sleep(0.1)
    assert segments() == 1
    assert engine.count() == 310


def test_a_rebuild_that_died_or_was_overtaken_leaves_nothing_behind(
    elastic: Connection, engine: ElasticEngine
) -> None:
    life = ElasticLife(elastic)
    first = life.current()
    died = life.create(TEXT_FIELDS, "")
    second, running = life.create(TEXT_FIELDS, ""), life.create(TEXT_FIELDS, "")
    life.switch(second)
    assert [life.manifest(name) is not None for name in (first, died, second, running)] == [
        True,
        False,
        True,
        True,
    ]
    assert (life.current(), life.previous()) == (second, first)
    life.switch(running)
    assert (life.current(), life.previous()) == (running, second)
    assert life.manifest(first) is None
    with pytest.raises(EngineUnavailable):
        life.switch(died)
    assert life.current() == running
