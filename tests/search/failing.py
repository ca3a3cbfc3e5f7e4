"""What the tests of failures share: a small site on a server, and what its readers and its writer see of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast

from access.domain.viewer import anonymous
from dictionary.models import Lexicon
from search.domain import engines, index_writer, outbox
from search.domain.health import health
from search.domain.lookup import lookup
from search.engines.elastic.connection import Connection
from search.engines.elastic.engine import ElasticEngine
from search.interface import EngineUnavailable
from tests.search.house import entry, lexicon, publish_one

TAG = "zxx-Latn"
TIMEOUT = 1.0
PATIENCE = 40.0  # seconds; a quiet machine answers in milliseconds, one with other work perhaps not


class Site:
    """The settings of a site, to be pointed at servers."""

    def __init__(self, settings: Any) -> None:
        self._settings = settings

    def point(self, *urls: str, **others: Any) -> None:
        """Look words up at these addresses; the other settings of the search by their names, without NHASAN_SEARCH_."""
        self._settings.SEARCH_NODES = list(urls)
        for name, value in others.items():
            setattr(self._settings, f"NHASAN_SEARCH_{name}", value)

    def begin(self) -> None:
        """Make an empty index, and make it current."""
        life = engines.life()
        again(lambda: life.switch(life.create(engines.text_fields(), engines.profiles_hash())))


def prepare(settings: Any) -> Site:
    """A site that is impatient, with names of indexes of its own."""
    site = Site(settings)
    site.point(PREFIX=f"t{time.time_ns()}", TIMEOUT_MS=int(1000 * TIMEOUT), WRITE_TIMEOUT=8, PAUSE=1)
    return site


def connection() -> Connection:
    """A way to the server that the settings name, which no earlier failure has closed."""
    return Connection(engines.server())  # type: ignore[arg-type]


def again(function: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What a function gives once the server lets it."""
    end = time.monotonic() + seconds
    while True:
        try:
            return function()
        except EngineUnavailable:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def first_word() -> Lexicon:
    """A lexicon with one word, which is in the index."""
    made = lexicon("words", TAG)
    publish_one(made, entry(TAG, "kralo"), "first")
    caught_up()
    return made


def published(made: Lexicon, *identities: str) -> None:
    """Publish so many further words."""
    for identity in identities:
        publish_one(made, entry(TAG, f"kr{identity}"), identity)


def caught_up(seconds: float = PATIENCE) -> None:
    """Let the writer do its rounds until nothing waits any more."""
    end = time.monotonic() + seconds
    while outbox.pending():
        assert time.monotonic() < end, "the outbox did not empty"
        if not index_writer.step():
            time.sleep(0.2)
    index_writer.close()


def writes_wait(number: int) -> None:
    """The writer gets nothing done, and nothing is lost."""
    assert not index_writer.step()
    assert outbox.pending() == number


def degraded() -> bool:
    """Whether the database answered. The first word is found, by whichever engine."""
    answer = lookup("kralo", viewer=anonymous())
    assert len(answer.hits) == 1, "the word must be found, by whichever engine"
    return answer.degraded


def answers_again(seconds: float = PATIENCE) -> None:
    """Wait until the index answers."""
    end = time.monotonic() + seconds
    while degraded():
        assert time.monotonic() < end, "the index did not come back"
        time.sleep(0.2)


def count() -> int:
    """How many documents the index has."""
    return int(again(lambda: engines.index().count()))


def names() -> list[int]:
    """The primary keys of the documents in the index, each as often as it is there."""
    return sorted(pk for _type, pk in again(lambda: [*cast(ElasticEngine, engines.index()).documents()]))


def problems() -> dict[str, str]:
    """What the site says is wrong, by code."""
    return {problem.code: problem.message for problem in health().problems}
