"""A server that is dead, mute, full, closed or emptied costs speed and never a word: real processes, real signals."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dictionary.domain.publish import Change, apply_many
from dictionary.models import Lexicon
from search.domain import engines, index_writer, outbox
from search.domain.rebuild import RebuildFailed, rebuild, roll_back
from search.models import OutboxRow
from tests import elasticsearch_server
from tests.search import failing
from tests.search.conftest import without_server
from tests.search.failing import (
    TAG,
    TIMEOUT,
    Site,
    again,
    answers_again,
    caught_up,
    connection,
    count,
    degraded,
    names,
    problems,
    published,
    writes_wait,
)  # fmt: skip
from tests.search.house import entry
from tests.search.test_elasticsearch import word

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


@pytest.fixture(scope="module")
def server() -> Iterator[elasticsearch_server.Server]:
    """A server that tests may kill; each leaves it running. It speaks https, with a certificate of its own authority.

    Its memory for writes is small: much at once gets 429.
    """
    found: elasticsearch_server.Server | None = None
    try:
        options = {"indexing_pressure.memory.limit": "300kb"}
        found = elasticsearch_server.Server(heap="400m", options=options, encrypted=True)
        found.start()
    except elasticsearch_server.NoServer as error:
        without_server(error)
    assert found is not None
    yield found
    found.close()


@pytest.fixture
def site(server: elasticsearch_server.Server, settings: Any, tmp_path: Path) -> Iterator[Site]:
    """The site on that server, with an empty index."""
    settings.DATA_DIR = tmp_path
    found = failing.prepare(settings)
    found.point(server.url, CA_FILE=str(server.ca_file))
    found.begin()
    yield found
    index_writer.close()


@pytest.fixture
def words(site: Site) -> Lexicon:
    return failing.first_word()


def test_without_a_server_the_database_answers_and_writes_wait(
    words: Lexicon, site: Site, server: elasticsearch_server.Server
) -> None:
    url = server.url.replace(f":{server.port}", ":1")
    site.point(url)
    assert degraded()
    published(words, "one", "two")
    writes_wait(2)
    assert "no_server" in problems()
    with pytest.raises(RebuildFailed):
        rebuild()
    site.point(server.url)
    caught_up()
    answers_again()
    assert count() == 3


def test_a_server_that_stands_still_is_waited_for_once_not_by_every_reader(
    words: Lexicon, server: elasticsearch_server.Server
) -> None:
    answers_again()
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
    assert names() == sorted(wanted)


def test_a_wrong_password_is_said_and_nothing_waits(
    words: Lexicon, site: Site, server: elasticsearch_server.Server
) -> None:
    site.point(server.url.replace(server.password, "wrong"))
    assert degraded()
    published(words, "one")
    assert not index_writer.step()
    found = problems()["no_server"]
    assert "401" in found
    assert server.password not in found
    assert "wrong" not in found
    site.point(server.url)
    caught_up()
    assert count() == 2


def test_an_index_that_somebody_deleted_is_missed_and_a_rebuild_brings_it_back(words: Lexicon) -> None:
    published(words, "one", "two")
    life = engines.life()
    again(lambda: life.discard(life.current()))
    engines.index().look_again()
    assert degraded()
    assert "no_index" in problems()
    writes_wait(2)
    assert rebuild().documents == 3
    caught_up()
    answers_again()
    assert count() == 3
    assert problems() == {}


def test_a_full_disk_lets_everybody_read_and_writes_wait(words: Lexicon) -> None:
    life = engines.life()
    name = again(life.current)
    block = "index.blocks.read_only_allow_delete"
    connection().tell(lambda client: client.indices.put_settings(index=name, settings={block: True}))
    published(words, "one")
    writes_wait(1)
    answers_again()
    connection().tell(lambda client: client.indices.put_settings(index=name, settings={block: None}))
    caught_up()
    assert count() == 2


def test_a_server_that_takes_little_at_once_is_given_less(site: Site) -> None:
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


def test_an_index_whose_files_are_gone_is_red_and_a_rebuild_brings_it_back(
    words: Lexicon, site: Site, server: elasticsearch_server.Server
) -> None:
    site.point(server.url, WRITE_TIMEOUT=4)
    published(words, "one")
    caught_up()
    before = names()
    name = engines.life().current()
    lose(name, server.data)
    assert all(degraded() for _ in range(5))
    published(words, "two")
    start = time.monotonic()
    writes_wait(1)
    assert time.monotonic() - start < 8
    time.sleep(1.1)  # until it is time to try again
    assert "503" in problems()["broken"]
    assert rebuild().documents == 3
    caught_up()
    answers_again()
    assert len(names()) == 3
    assert set(before) < set(names())


def lose(name: str, data: Path) -> None:
    """Remove the files of an index behind the server's back: its shard can be given to no node."""

    def close(client: Any) -> str:
        client.indices.flush(index=name)
        found = client.indices.get_settings(index=name).body[name]["settings"]["index"]["uuid"]
        client.indices.close(index=name)
        return str(found)

    folder = data / "indices" / connection().tell(close) / "0" / "index"
    for path in folder.iterdir():
        path.unlink()

    def reopen(client: Any) -> None:
        client.indices.open(index=name, wait_for_active_shards="0")
        client.cluster.health(index=name, wait_for_no_initializing_shards=True, timeout="10s")

    connection().tell(reopen)
    shown = connection().tell(lambda client: client.cluster.health(index=name).body)
    assert shown["status"] == "red"


@pytest.mark.filterwarnings("ignore::elasticsearch.ElasticsearchWarning")  # that so little memory is nonsense
def test_a_server_without_memory_refuses_a_reader_and_the_next_ones_are_answered(words: Lexicon) -> None:
    published(words, "one")
    caught_up()
    limit = "indices.breaker.total.limit"
    answers_again()

    def set_limit(value: str | None) -> None:
        connection().tell(lambda client: client.cluster.put_settings(persistent={limit: value}))

    set_limit("0%")
    later = threading.Timer(1.0, set_limit, [None])
    try:
        for _ in range(3):
            assert degraded()
        assert "429" in " ".join(problems().values())
        published(words, "two")
        later.start()
        assert index_writer.step()  # which tried until it was let
    finally:
        set_limit(None)
        later.cancel()
    answers_again(2.0)  # at once: it never was down
    assert outbox.pending() == 0
    assert count() == 3


def test_a_certificate_that_nobody_vouches_for_is_refused(
    words: Lexicon, site: Site, server: elasticsearch_server.Server
) -> None:
    assert server.url.startswith("https:")
    answers_again()
    site.point(server.url, CA_FILE="")
    assert degraded()
    published(words, "one")
    writes_wait(1)
    assert "certificate" in problems()["no_server"].lower()
    site.point(server.url.replace("https:", "http:"))
    assert degraded()
    writes_wait(1)
    site.point(server.url, CA_FILE=str(server.ca_file))
    caught_up()
    answers_again()
    assert count() == 2
