"""The way to the server: slow, through several nodes, with a key, to another version, to something else altogether."""

from __future__ import annotations

import re
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from dictionary.models import Lexicon
from search.domain import engines, index_writer
from tests.search import failing
from tests.search.failing import (
    PATIENCE,
    TIMEOUT,
    Site,
    again,
    answers_again,
    caught_up,
    count,
    degraded,
    problems,
    published,
    writes_wait,
)
from tests.search.proxy import Proxy

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]
NOBODY = "http://127.0.0.1:1"


@pytest.fixture
def site(elasticsearch_url: str, settings: Any, tmp_path: Path) -> Iterator[Site]:
    """A site on the server that all tests share, with an empty index."""
    settings.DATA_DIR = tmp_path
    found = failing.prepare(settings)
    found.point(elasticsearch_url)
    found.begin()
    made = engines.life().current()
    yield found
    index_writer.close()
    found.point(elasticsearch_url, API_KEY="")
    again(lambda: engines.life().discard(made))


@pytest.fixture
def words(site: Site) -> Lexicon:
    return failing.first_word()


def waits(number: int) -> list[float]:
    """How long so many look-ups took, one after the other; none found nothing."""
    found = []
    for _ in range(number):
        start = time.monotonic()
        degraded()
        found.append(time.monotonic() - start)
    return found


def test_a_slow_server_is_waited_for_once_and_asked_again_when_it_is_quick(
    words: Lexicon, site: Site, elasticsearch_url: str
) -> None:
    with Proxy(elasticsearch_url, delay=0.05) as proxy:
        site.point(proxy.url)
        answers_again()
        proxy.delay = TIMEOUT * 2
        found = waits(12)
        assert max(found) < TIMEOUT + 1.5
        assert sum(wait > TIMEOUT / 2 for wait in found) <= 3
        assert degraded()
        published(words, "one")
        proxy.delay = 0.0
        answers_again()
        caught_up()
        assert count() == 2


def test_a_node_that_is_not_there_is_passed_over(words: Lexicon, site: Site, elasticsearch_url: str) -> None:
    site.point(NOBODY, elasticsearch_url)
    assert not any(degraded() for _ in range(8))
    published(words, "one")
    caught_up()
    assert count() == 2


def test_a_node_that_stands_still_keeps_a_reader_waiting_now_and_then_and_the_others_answer(
    words: Lexicon, site: Site, elasticsearch_url: str
) -> None:
    with Proxy(elasticsearch_url, delay=PATIENCE) as proxy:
        site.point(proxy.url, elasticsearch_url)
        answered = [not degraded() for _ in range(20)]
        assert sum(answered) >= 17
        proxy.delay = 0.0


def test_an_api_key_opens_the_door_and_a_wrong_one_does_not(
    words: Lexicon, site: Site, elasticsearch_url: str
) -> None:
    parts = urlsplit(elasticsearch_url)
    basic = b64encode(f"{parts.username}:{parts.password}".encode())

    def gate(data: bytes) -> bytes:
        """This server knows no keys: the right one is exchanged for the user's password on the way."""
        return re.sub(rb"(?i)(authorization: )ApiKey right-key==\r", rb"\1Basic " + basic + rb"\r", data)

    with Proxy(elasticsearch_url, rewrite=gate) as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        site.point(url, API_KEY="wrong-key==")
        assert degraded()
        published(words, "one")
        writes_wait(1)
        told = problems()["no_server"]
        assert "401" in told
        assert "key==" not in told
        site.point(url, API_KEY="right-key==")
        answers_again()
        caught_up()
        assert count() == 2


def test_a_server_of_another_version_is_named_and_nothing_is_lost(
    words: Lexicon, site: Site, elasticsearch_url: str
) -> None:
    def newer(data: bytes) -> bytes:
        """What a client of a later version asks."""
        return re.sub(rb"compatible-with=\d+", b"compatible-with=99", data)

    with Proxy(elasticsearch_url, rewrite=newer) as proxy:
        site.point(proxy.url)
        assert degraded()
        published(words, "one")
        writes_wait(1)
        assert "version" in problems()["no_server"]
    site.point(elasticsearch_url)
    answers_again()
    caught_up()
    assert count() == 2


class Other(BaseHTTPRequestHandler):
    """Something that answers everything politely and is no Elasticsearch."""

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        return


def test_something_that_is_no_elasticsearch_is_not_believed(
    words: Lexicon, site: Site, elasticsearch_url: str
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as other:
        thread = threading.Thread(target=other.serve_forever)
        thread.start()
        site.point(f"http://127.0.0.1:{other.server_port}")
        assert degraded()
        published(words, "one")
        writes_wait(1)
        assert "not Elasticsearch" in problems()["no_server"]
        other.shutdown()
        thread.join()
    site.point(elasticsearch_url)
    answers_again()
    caught_up()
    assert count() == 2
