"""The words of an orthography that anyone may see. `ime` asks; the app that keeps dictionaries registers the answer.

They go into packages that everybody downloads (predictive text, spelling), so a source gives what an anonymous visitor
may see and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class WordSource:
    """Where words come from; every function takes the canonical tag of an orthography.

    `words` gives single words with how often they occur; `headwords` what entries are called, spaces and all; `state`
    a short text, cheap to get, that changes when one of the two could have changed.
    """

    name: str
    words: Callable[[str], Iterable[tuple[str, int]]]
    headwords: Callable[[str], Iterable[str]]
    state: Callable[[str], str]


_sources: Final[dict[str, WordSource]] = {}


def register(source: WordSource) -> None:
    """Make a source known; call from `AppConfig.ready`. Another source of the same name is an error."""
    if _sources.setdefault(source.name, source) != source:
        raise ValueError(f"Another source of words is already called {source.name}.")


def words(tag: str) -> tuple[tuple[str, int], ...]:
    """Each word once with its frequency over all sources, the frequent first, then by code point."""
    counts: dict[str, int] = {}
    for source in _sources.values():
        for word, count in source.words(tag):
            counts[word] = counts.get(word, 0) + count
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def headwords(tag: str) -> Iterator[str]:
    """What the published entries are called in this orthography, each once per source."""
    for source in _sources.values():
        yield from source.headwords(tag)


def state(tag: str) -> str:
    """A hash that changes when the words may have changed; the same while nobody knows any."""
    digest = hashlib.sha256()
    for name, source in sorted(_sources.items()):
        digest.update(f"{name} {source.state(tag)}\n".encode())
    return digest.hexdigest()[:16]
