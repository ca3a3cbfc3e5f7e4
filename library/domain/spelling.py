"""Words of a query against words of a text, by the folding of the language that the text is in."""

from __future__ import annotations

from dataclasses import dataclass, field

from languages.text import MARKS_NOTED
from search.domain.analysis import marked_words, orthography
from search.marks import agree


@dataclass(frozen=True)
class Asked:
    """A query as a language reads it: the marked keys of its words, each once, and the keys without marks."""

    words: tuple[str, ...]
    letters: tuple[str, ...]
    _seen: set[str] = field(default_factory=set, compare=False, repr=False)
    _spelt: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    def lines(self, keys: str) -> list[int]:
        """The numbers (from 0) of the lines of a text that have most of the words, if the text has all.

        `keys` are those of the text as `FilePart` keeps them. Quick: a book has some hundred thousand words.
        """
        there = set(keys.split())
        for key in there - self._seen:
            if which := self._agreeing(key):
                self._spelt[key] = which
        self._seen.update(there)
        spelt = there & self._spelt.keys()
        every = 0
        for key in spelt:
            every |= self._spelt[key]
        if not spelt or every.bit_count() < len(self.words):
            return []
        had: dict[int, int] = {}
        text = f" {keys} ".replace("\n", " \n ")
        for key in spelt:
            word, which, line, before = f" {key} ", self._spelt[key], 0, 0
            at = text.find(word)
            while at >= 0:
                line += text.count("\n", before, at)
                had[line] = had.get(line, 0) | which
                before, at = at, text.find(word, at + len(word) - 1)
        most = max(map(int.bit_count, had.values()))
        return sorted(line for line, which in had.items() if which.bit_count() == most)

    def places(self, keys: str) -> list[int]:
        """Which words (from 0) of a line are words of the query; `keys` are those of the line."""
        return [place for place, key in enumerate(keys.split(" ")) if self._agreeing(key)]

    def marks(self, tag: str, text: str, keys: str) -> tuple[tuple[int, int], ...]:
        """Where the words stand in a line, as (start, end) in code points; `keys` are those of the line."""
        tokens = orthography(tag).tokens(text)
        return tuple((tokens[at].start, tokens[at].end) for at in self.places(keys) if at < len(tokens))

    def _agreeing(self, key: str) -> int:
        """Which words of the query a word of the text is, as bits."""
        return sum(1 << at for at, word in enumerate(self.words) if agree(word, key, whole=True))


def asked_in(tag: str, text: str) -> Asked:
    """A query as the orthography of this tag reads it."""
    words = tuple(key for key in dict.fromkeys(marked_words(tag, text)) if key)
    return Asked(words, tuple(dict.fromkeys(MARKS_NOTED.sub("", key) for key in words)))
