"""Words of a query against words of a text, by the folding of the language that the text is in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Final

from languages.text import MARKS_NOTED
from library.domain.parts import NO_KEY
from search.domain.analysis import marked_words, orthography
from search.marks import FIRST_MARK, agree, expression

_VIRAMA: Final = 9
"""The combining class of signs that put the next letter below the one before (Unicode, UAX 44)."""


@dataclass(frozen=True)
class Asked:
    """A query as a language reads it: the marked keys of its words, each once, and the keys without marks."""

    words: tuple[str, ...]
    letters: tuple[str, ...]

    def lines(self, keys: str) -> list[int]:
        """The numbers (from 0) of the lines of a text that have most of the words, if the text has all.

        `keys` are those of the text as `FilePart` keeps them. Quick: a book has some hundred thousand words.
        """
        had: dict[int, int] = {}
        text = f" {keys} ".replace("\n", " \n ")
        for at, word in enumerate(self._patterns):
            line = before = 0
            for match in word.finditer(text):
                line += text.count("\n", before, match.start())
                before = match.start()
                had[line] = had.get(line, 0) | 1 << at
        return _with_most(had) if _all_of(self.words, had.values()) else []

    def places(self, keys: str) -> list[int]:
        """Which words (from 0) of a line are words of the query; `keys` are those of the line."""
        return [place for place, key in enumerate(keys.split(" ")) if self._agreeing(key)]

    def marks(self, tag: str, text: str, keys: str) -> tuple[tuple[int, int], ...]:
        """Where the words stand in a line, as (start, end) in code points; `keys` are those of the line."""
        tokens = orthography(tag).tokens(text)
        return tuple((tokens[at].start, tokens[at].end) for at in self.places(keys) if at < len(tokens))

    def _agreeing(self, key: str) -> bool:
        """Whether a word of the text is a word of the query."""
        return any(agree(word, key, whole=True) for word in self.words)

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        """Each word with blanks around it."""
        return tuple(re.compile(f" {expression(word, whole=True)}(?= )") for word in self.words)


@dataclass(frozen=True)
class Letters:
    """A query in a script that needs no blanks, where its words may be cut otherwise than those of a text: the
    stretches between its blanks, each a pattern over the keys of a line one after the other."""

    stretches: tuple[re.Pattern[str], ...]

    def lines(self, keys: str) -> list[int]:
        """As `Asked.lines`, for stretches wherever in the lines they stand."""
        had: dict[int, int] = {}
        for number, line in enumerate(keys.split("\n")):
            joined = "".join([key for key in line.split(" ") if key != NO_KEY])
            which = sum(1 << at for at, stretch in enumerate(self.stretches) if stretch.search(joined))
            if which:
                had[number] = which
        return _with_most(had) if _all_of(self.stretches, had.values()) else []

    def marks(self, tag: str, text: str, keys: str) -> tuple[tuple[int, int], ...]:
        """As `Asked.marks`; letter by letter where the letters of a word are folded each by itself."""
        joined, places = _letter_by_letter(tag, text)
        found = set()
        for stretch in self.stretches:
            for match in stretch.finditer(joined):
                first = next(at for at in range(*match.span()) if joined[at] < FIRST_MARK)
                found.add((places[first][0], places[match.end() - 1][1]))
        return tuple(sorted(found))


def asked_in(tag: str, text: str) -> Asked:
    """A query as the orthography of this tag reads it."""
    words = tuple(key for key in dict.fromkeys(marked_words(tag, text)) if key)
    return Asked(words, tuple(dict.fromkeys(MARKS_NOTED.sub("", key) for key in words)))


def letters_in(tag: str, text: str) -> Letters:
    """A query as a script without blanks reads it, whatever words it is."""
    joined = dict.fromkeys("".join(marked_words(tag, stretch)) for stretch in text.split())
    return Letters(tuple(re.compile(expression(key, whole=True)) for key in joined if key))


def _letter_by_letter(tag: str, text: str) -> tuple[str, list[tuple[int, int]]]:
    """The keys of the words of a line one after the other, and for each of their code points where in the line the
    letter stands that it comes of, with its signs."""
    writing, joined = orthography(tag), ""
    places: list[tuple[int, int]] = []
    for token in writing.tokens(text):
        key, letters, at = writing.marked(token.text), _letters(token.text), token.start
        keys = [writing.marked(letter) for letter in letters]
        if "".join(keys) != key:
            letters, keys = [token.text], [key]
        for letter, spelt in zip(letters, keys, strict=True):
            places += [(at, at + len(letter))] * len(spelt)
            at += len(letter)
        joined += key
    return joined, places


def _letters(word: str) -> list[str]:
    """The letters of a word, each with the signs it carries and what is written below it."""
    found: list[str] = []
    for char in word:
        if found and (
            unicodedata.category(char)[0] == "M" or unicodedata.combining(found[-1][-1]) == _VIRAMA
        ):
            found[-1] += char
        else:
            found.append(char)
    return found


def _all_of(asked: Sized, had: Iterable[int]) -> bool:
    """Whether something is asked for, and every part of it is among what was had, as bits."""
    return len(asked) > 0 and reduce(or_, had, 0).bit_count() == len(asked)


def _with_most(had: Mapping[int, int]) -> list[int]:
    """The numbers of the lines that have most, as bits."""
    most = max(map(int.bit_count, had.values()))
    return sorted(line for line, which in had.items() if which.bit_count() == most)
