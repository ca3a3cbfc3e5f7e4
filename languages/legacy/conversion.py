"""Converting text from a legacy encoding, with how well it came out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from languages.legacy.carriers import is_unicode, readable
from languages.legacy.detection import fits
from languages.legacy.loading import table_named
from languages.legacy.table import LegacyTable, Unknown
from languages.legacy.words import core, models
from languages.text import nfc, storable

_WORD: Final = re.compile(r"[^\s!-/:-@\[-`{-~0-9\u200b]+")
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_PIECE: Final = re.compile(r"[ \t\r\n-]+|[^ \t\r\n-]+")
_MOST: Final = 2000


@dataclass(frozen=True)
class Converted:
    """Text in Unicode (NFC), from the table `name`.

    `confidence` (0 to 1): how much of what was converted reads as words do. `unknown` holds the characters of the
    source, with their offsets, for which the table has nothing; they stand in `text` as they were.
    """

    text: str
    confidence: float
    unknown: Unknown
    name: str


def convert(text: str | bytes, name: str) -> Converted:
    """The text converted by the table of this name. Raises LanguageError if there is none."""
    table = table_named(name)
    if isinstance(text, str) and is_unicode(text):
        made, unknown = _of_two_kinds(table, text)
    else:
        made, unknown = table.unicode(text)
    return Converted(made, _confidence(table, nfc(readable(text)), made, len(unknown)), unknown, name)


def _of_two_kinds(table: LegacyTable, text: str) -> tuple[str, Unknown]:
    """Text of which a part is Unicode: in lines that have such letters, words that read well stay as they are."""
    made: list[str] = []
    unknown: list[tuple[int, str]] = []
    start = 0
    for line in _LINE.findall(text) if not table.unwraps else [text]:
        pieces = _PIECE.findall(line) if is_unicode(line) and not table.unwraps else [line]
        for piece in pieces:
            if len(pieces) > 1 and (is_unicode(piece) or _reads(piece)):
                made.append(nfc(storable(piece)))
            else:
                converted, lacking = table.unicode(piece)
                made.append(converted)
                unknown += ((start + at, char) for at, char in lacking)
            start += len(piece)
    return "".join(made), tuple(unknown)


def _reads(piece: str) -> bool:
    word = core(nfc(piece))
    return not word or any(model.fits(word) for model in models().values())


def _confidence(table: LegacyTable, before: str, made: str, unknown: int) -> float:
    same = set(_WORD.findall(before))
    changed = [word for word in map(core, _WORD.findall(made[: _MOST * 8])) if word and word not in same]
    if not changed:
        return 0.0 if unknown else 1.0
    well = sum(fits(table, word) for word in changed[:_MOST])
    return round(max(well / len(changed[:_MOST]) - unknown / max(len(made), 1), 0.0), 3)
