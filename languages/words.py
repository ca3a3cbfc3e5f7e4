"""Words in running text, with their places."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field

import icu

from languages.text import character_class

# A word holds a letter or a digit; a vowel sign alone is text as well.
_WORD_CHARACTER = re.compile("[" + character_class("[[:L:][:N:][:M:]]") + "]")
_WIDE = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Token:
    """A word: its text and where it stands, in code points of the original; `original[start:end] == text`."""

    text: str
    start: int
    end: int


# Precomposed Latin letters with nothing between them that joins words: ICU would find the same, ten times as slowly.
_LATIN = re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]+")
_SIMPLE = re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff ,;()]*")


@dataclass(frozen=True)
class Segmenter:
    """Finds words with ICU's break iterator of a locale (some have dictionaries); safe between threads.

    `joiners` are characters that belong to the word when a letter follows directly (an apostrophe that is a letter).
    """

    locale: str = "root"
    joiners: str = ""
    _local: threading.local = field(default_factory=threading.local, repr=False, compare=False)

    def tokens(self, text: str) -> tuple[Token, ...]:
        """The words of a text in order."""
        if _SIMPLE.fullmatch(text):
            return tuple([Token(word.group(), word.start(), word.end()) for word in _LATIN.finditer(text)])
        found: list[Token] = []
        for start, end in self._spans(text):
            piece = text[start:end]
            if not _WORD_CHARACTER.search(piece):
                continue
            while start and text[start - 1] in self.joiners and (not found or found[-1].end < start):
                start -= 1
            if (found and found[-1].end == start and text[start] in self.joiners) or (
                found and found[-1].end == start - 1 and text[start - 1] in self.joiners
            ):
                start = found.pop().start
            found.append(Token(text[start:end], start, end))
        return tuple(found)

    def words(self, text: str) -> list[str]:
        """The texts of the words in order, without their places."""
        if _SIMPLE.fullmatch(text):
            return _LATIN.findall(text)
        return [token.text for token in self.tokens(text)]

    def _spans(self, text: str) -> list[tuple[int, int]]:
        iterator = self._iterator()
        iterator.setText(text)
        ends = list(iterator)
        if _WIDE.search(text):
            ends = _code_points(text, ends)
        return list(zip([0, *ends], ends, strict=False))

    def _iterator(self) -> icu.BreakIterator:
        # One per thread: a shared break iterator gives wrong words.
        if not hasattr(self._local, "iterator"):
            self._local.iterator = icu.BreakIterator.createWordInstance(icu.Locale(self.locale))
        return self._local.iterator


def _code_points(text: str, ends: list[int]) -> list[int]:
    """UTF-16 offsets as code-point offsets."""
    at = [0]
    for position, char in enumerate(text):
        at.extend([position + 1] * (2 if char > "\uffff" else 1))
    return [at[end] for end in ends]
