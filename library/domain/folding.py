"""Names without case and marks, for finding rows while somebody types: the same on every database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

# Letters that differ from others by a stroke, which no decomposition takes away.
_STROKES: Final = str.maketrans({"đ": "d", "ð": "d", "ƀ": "b", "ł": "l", "ø": "o", "ɓ": "b", "ɗ": "d"})
_GAPS: Final = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """The text in lower case, without marks; what is no letter and no digit is one blank."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_STROKES)
    bare = "".join(char for char in plain if not unicodedata.combining(char) or char > "\u0900")
    return _GAPS.sub(" ", unicodedata.normalize("NFC", bare)).strip()


def key(names: Iterable[str | None], longest: int = 1000) -> str:
    """All names folded, with a bar before each, so that the beginning of any can be asked for."""
    return "".join(f"|{folded(name)}" for name in dict.fromkeys(names) if name)[:longest]


def bare(identifier: str) -> str:
    """An identifier (ISBN, shelf mark) without what is only punctuation, in lower case."""
    return folded(identifier).replace(" ", "")
