"""Words of a query against words of a text, by the folding of the language that the text is in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from languages.text import MARKS_NOTED
from search.domain.analysis import marked_words
from search.marks import agree


class LineHit(NamedTuple):
    """A line (from 0) and which of its words (from 0) are words of the query."""

    number: int
    words: tuple[int, ...]


@dataclass(frozen=True)
class Asked:
    """A query as a language reads it: the marked keys of its words, each once, and the keys without marks."""

    words: tuple[str, ...]
    letters: tuple[str, ...]
    _known: dict[str, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)

    def lines(self, keys: str) -> Iterator[LineHit]:
        """The lines of a text that have most of the words, if the text has all; `keys` as `FilePart` keeps them."""
        known, agreeing = self._known, self._agreeing
        found: list[tuple[LineHit, set[int]]] = []
        for number, line in enumerate(keys.split("\n")):
            at: list[int] = []
            had: set[int] = set()
            for place, key in enumerate(line.split(" ")):
                which = known.get(key)
                if which is None:
                    which = known[key] = agreeing(key)
                if which:
                    at.append(place)
                    had.update(which)
            if at:
                found.append((LineHit(number, tuple(at)), had))
        if len({which for _hit, had in found for which in had}) < len(self.words):
            return
        most = max(len(had) for _hit, had in found)
        yield from (hit for hit, had in found if len(had) == most)

    def _agreeing(self, key: str) -> tuple[int, ...]:
        """Which words of the query a word of the text is."""
        return tuple([at for at, word in enumerate(self.words) if agree(word, key, whole=True)])


def asked_in(tag: str, text: str) -> Asked:
    """A query as the orthography of this tag reads it."""
    words = tuple(key for key in dict.fromkeys(marked_words(tag, text)) if key)
    return Asked(words, tuple(dict.fromkeys(MARKS_NOTED.sub("", key) for key in words)))
