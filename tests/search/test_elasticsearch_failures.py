"""A server that is dead, mute, full, closed or emptied costs speed and never a word: real processes, real signals."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from access.domain.viewer import anonymous
from dictionary.domain.publish import Change, apply_many
from dictionary.models import Lexicon
from search.domain import engines, index_writer, outbox
from search.domain.health import health
from search.domain.lookup import lookup
from search.domain.rebuild import RebuildFailed, rebuild, roll_back
from search.engines.elastic.connection import Connection
from search.engines.elastic.engine import ElasticEngine
from search.interface import EngineUnavailable
from search.models import OutboxRow
from tests import elasticsearch_server
from tests.search.conftest import without_server
from tests.search.house import entry, lexicon, publish_one
from tests.search.test_elasticsearch import word

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]
TAG = "zxx-Latn"
TIMEOUT = 1.0


@pytest.fixture(scope="module")
def server() -> Iterator[elasticsearch_server.Server]:
    """A server that tests may kill; each leaves it running. Its memory for writes is small: much at once gets 429."""
    found: elasticsearch_server.Server | None = None
    try:
        found = elasticsearch_server.Server(heap="400m", options={"indexing_pressure.memory.limit": "300kb"})
        found.start()
    except elasticsearch_server.NoServer as error:
        without_server(error)
    assert found is not None
    yield found
    found.close()


@pytest.fixture
def site(server: elasticsearch_server.Server, settings: Any, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """The site on that server, with one word in the index; gives what points it elsewhere."""
    settings.DATA_DIR = tmp_path

    def point(url: str, prefix: str = f"t{time.time_ns()}") -> None:
        settings.SEARCH_NODES = [url]
        settings.NHASAN_SEARCH_PREFIX = prefix
        settings.NHASAN_SEARCH_TIMEOUT_MS = int(1000 * TIMEOUT)
        settings.NHASAN_SEARCH_WRITE_TIMEOUT = 8
        settings.NHASAN_SEARCH_PAUSE = 1

    point(server.url)
    # A quiet machine answers in milliseconds, one with other work perhaps not: what is waited for is bounded here.
    again(
        lambda: engines.life().switch(engines.life().create(engines.text_fields(), engines.profiles_hash()))
    )
    yield point
    index_writer.close()


@pytest.fixture
def words(site: Callable[..., None]) -> Lexicon:
    made = lexicon("words", TAG)
    publish_one(made, entry(TAG, "kralo"), "first")
    caught_up()
    return made


def again(function: Callable[[], Any], seconds: float = 40.0) -> Any:
    """What a function gives once the server lets it."""
    end = time.monotonic() + seconds
    while True:
        try:
            return function()
        except EngineUnavailable:
            if time.monotonic() > end:
                raise
            time.sleep(0.3)


def caught_up(seconds: float = 40.0) -> None:
    """Let the writer do its rounds until nothing waits any more."""
    end = time.monotonic() + seconds
    while outbox.pending():
        assert time.monotonic() < end, "the outbox did not empty"
        if not index_writer.step():
            time.sleep(0.2)
    index_writer.close()


def degraded() -> bool:
    answer = lookup("kralo", viewer=anonymous())
    assert len(answer.hits) == 1, "the word must be found, by whichever engine"
    return answer.degraded


def answers_again() -> None:
    end = time.monotonic() + 30
    while degraded():
        assert time.monotonic() < end, "the index did not come back"
        time.sleep(0.2)


def published(made: Lexicon, *identities: str) -> None:
    for identity in identities:
        publish_one(made, entry(TAG, f"kr{identity}"), identity)


def count() -> int:
    return int(again(lambda: engines.index().count()))


def problems() -> set[str]:
    return {problem.code for problem in health().problems}


def test_without_a_server_the_database_answers_and_writes_wait(
    words: Lexicon, site: Callable[..., None], server: elasticsearch_server.Server
) -> None:
    url = server.url.replace(f":{server.port}", ":1")
    site(url)
    assert degraded()
    published(words, "one", "two")
    assert not index_writer.step()
    assert outbox.pending() == 2
    assert "no_server" in problems()
    with pytest.raises(RebuildFailed):
        rebuild()
    site(server.url)
    caught_up()
    assert not degraded()
    assert count() == 3


def test_a_server_that_stands_still_is_waited_for_once_not_by_every_reader(
    words: Lexicon, server: elasticsearch_server.Server
) -> None:
    assert not degraded()
    server.suspend()
    try:
        waits = []
        for _ in range(8):
            start = time.monotonic()
            assert degraded()
            waits.append(time.monotonic() - start)
        assert max(waits) < TIMEOUT + 1.5
        assert sum(wait > TIMEOUT / 2 for wait in waits) <= 3  # the first, and one try after each pause
        published(words, "one")
    finally:
        server.resume()
    answers_again()
    caught_up()
    assert count() == 2


def test_a_server_killed_in_mid_bulk_loses_and_doubles_nothing(
    words: Lexicon, server: elasticsearch_server.Server
) -> None:
    contents = [(f"w{at}", entry(TAG, f"krablem{at}")) for at in range(400)]
    wanted = {
        *apply_many(words, [Change(*one) for one in contents]),
        *words.entries.values_list("pk", flat=True),
    }
    killer = threading.Timer(0.4, server.kill)  # all at once is too much for it: halves are under way by then
    killer.start()
    assert not index_writer.step()
    killer.join()
    assert outbox.pending() == 400
    assert degraded()
    server.start()
    caught_up()
    answers_again()
    assert count() == 401
    assert sorted(pk for _type, pk in cast(ElasticEngine, engines.index()).documents()) == sorted(wanted)


def test_a_wrong_password_is_said_and_nothing_waits(
    words: Lexicon, site: Callable[..., None], server: elasticsearch_server.Server
) -> None:
    site(server.url.replace(server.password, "wrong"))
    assert degraded()
    published(words, "one")
    assert not index_writer.step()
    found = [problem for problem in health().problems if problem.code == "no_server"]
    assert "401" in found[0].message
    assert server.password not in found[0].message
    assert "wrong" not in found[0].message
    site(server.url)
    caught_up()
    assert count() == 2


def test_an_index_that_somebody_deleted_is_missed_and_a_rebuild_brings_it_back(words: Lexicon) -> None:
    published(words, "one", "two")
    life = engines.life()
    again(lambda: life.discard(life.current()))
    engines.index().look_again()
    assert degraded()
    assert "no_index" in problems()
    assert not index_writer.step()
    assert outbox.pending() == 2
    assert rebuild().documents == 3
    caught_up()
    assert not degraded()
    assert count() == 3
    assert problems() == set()


def test_a_full_disk_lets_everybody_read_and_writes_wait(words: Lexicon) -> None:
    life = engines.life()
    connection = Connection(engines.server())  # type: ignore[arg-type]
    name = again(life.current)
    block = "index.blocks.read_only_allow_delete"
    connection.tell(lambda client: client.indices.put_settings(index=name, settings={block: True}))
    published(words, "one")
    assert not index_writer.step()
    assert outbox.pending() == 1
    assert not degraded()
    connection.tell(lambda client: client.indices.put_settings(index=name, settings={block: None}))
    caught_up()
    assert count() == 2


def test_a_server_that_takes_little_at_once_is_given_less(site: Callable[..., None]) -> None:
    life = engines.life()
    forms = 600
    with life.writer() as writer:
        writer.add(word(pk, text="ab" * 5) for pk in range(1, forms + 1))
        writer.commit()
    assert count() == forms


def test_a_rebuild_goes_back_and_forth_while_the_index_answers(words: Lexicon) -> None:
    life = engines.life()
    first = life.current()
    report = rebuild()
    assert (life.current(), life.previous()) == (report.folder, first)
    published(words, "one")
    caught_up()
    assert roll_back() == first
    assert OutboxRow.objects.filter(applied_at=None).exists()
    caught_up()
    assert count() == 2
    third, fourth = rebuild().folder, rebuild().folder
    assert (life.current(), life.previous()) == (fourth, third)
    assert life.manifest(first) is None
