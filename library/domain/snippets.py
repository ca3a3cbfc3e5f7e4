"""A piece of a text around the words that were looked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from search.domain.analysis import orthography
from search.domain.words import highlights

LENGTH: Final = 200
_BEFORE: Final = 60
_LOOKED_AT: Final = 5000
"""Code points of one text that are looked at."""


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `marked`: a word that was looked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Snippet:
    """A text in its language, in pieces."""

    pieces: tuple[Piece, ...]
    lang: str
    direction: str
    script: str


def best(texts: Iterable[tuple[str, str]], query: str) -> Snippet | None:
    """Around the words of a query in that of some (tag, text) which has most of them; None if there is no text."""
    found: tuple[int, str, str, tuple[tuple[int, int], ...]] | None = None
    for tag, text in texts:
        cut = text[:_LOOKED_AT]
        marks = highlights(cut, tag or "und", query)
        number = len({cut[start:end].casefold() for start, end in marks})
        if cut.strip() and (found is None or number > found[0]):
            found = (number, tag, cut, marks)
    return around(found[2], found[3], found[1]) if found else None


def around(text: str, marks: Sequence[tuple[int, int]], tag: str) -> Snippet:
    """The text around its first marks, cut between words."""
    start = max(0, marks[0][0] - _BEFORE) if marks and len(text) > LENGTH else 0
    if start:
        start = max(text.find(" ", start, marks[0][0]) + 1, start)
    end = min(len(text), start + LENGTH)
    if end < len(text):
        last = max((stop for _start, stop in marks if stop <= end), default=start)
        end = max(text.rfind(" ", last, end), last) if text.rfind(" ", last, end) > start else end
    pieces = [Piece("… ")] if start else []
    at = start
    for begin, stop in marks:
        if at <= begin and stop <= end:
            pieces += [Piece(text[at:begin]), Piece(text[begin:stop], True)]
            at = stop
    pieces.append(Piece(text[at:end]))
    if end < len(text):
        pieces.append(Piece(" …"))
    writing = orthography(tag or "und")
    script = "" if writing.is_fallback and not tag else writing.script
    return Snippet(tuple(piece for piece in pieces if piece.text), tag, writing.direction, script)
