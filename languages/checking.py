"""What a linguist is told about a profile beyond that it can be read: `python -m languages check`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from languages.errors import LanguageError
from languages.fonts import font_file, missing_characters
from languages.loader import PROFILE_FILE
from languages.orthography import Orthography
from languages.profile import LanguageProfile


@dataclass(frozen=True)
class Finding:
    """One thing found. An error must be put right; a warning is worth a look; a note is for information."""

    level: Literal["error", "warning", "note"]
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.level}: {self.where}: {self.message}"


def check(profile: LanguageProfile) -> Iterator[Finding]:
    """Everything worth saying about a profile that has been read."""
    file = f"{Path(profile.folder).name}/{PROFILE_FILE}"
    if not profile.reviewed:
        yield Finding("note", file, "the profile is not reviewed")
    for orthography in profile.orthographies:
        where = f"{file}: {orthography.tag}"
        try:
            yield from _machinery(orthography, where)
        except LanguageError as error:
            yield Finding("error", where, str(error))
            continue
        yield from _letters(orthography, where)
        yield from _order(orthography, where)
        yield from _fonts(orthography, where)


def exemplar_texts(orthography: Orthography) -> tuple[str, ...]:
    """The exemplars as texts that can be shown: letters as they are and capital, marks on the base letter."""
    exemplars = orthography.exemplars
    letters = (*exemplars.main, *exemplars.auxiliary)
    capitals = (letter.upper() for letter in letters)
    marked = (exemplars.base + mark for mark in exemplars.marks)
    return tuple(dict.fromkeys((*letters, *capitals, *marked)))


def _machinery(orthography: Orthography, where: str) -> Iterator[Finding]:
    """Compiles whatever is made on first use, and runs it over the exemplars."""
    for text in (*exemplar_texts(orthography), orthography.sample):
        keys = orthography.keys(text)
        orthography.sort_key(text)
        orthography.tokens(text)
        if orthography.normalise(keys.exact) != keys.exact:
            yield Finding("error", where, f"the repairs do not settle on {text!r}")
        if (
            orthography.fold(keys.case, "tone") != keys.tone
            or orthography.fold(keys.tone, "letter") != keys.letter
        ):
            yield Finding("error", where, f"the tiers do not build on each other for {text!r}")
    for scheme in orthography.transliterations:
        for text in orthography.exemplars.main:
            orthography.transliterate(text, scheme.target)


def _letters(orthography: Orthography, where: str) -> Iterator[Finding]:
    for letter in orthography.alphabet:
        normal = orthography.normalise(letter)
        if normal != letter:
            yield Finding("error", where, f"the letter {letter!r} of the alphabet is repaired to {normal!r}")
    if orthography.exemplars.marks and not orthography.exemplars.base:
        yield Finding("error", where, "exemplars.marks needs exemplars.base, a letter to show them on")
    if not orthography.reviewed:
        yield Finding("note", where, "not reviewed")


def _order(orthography: Orthography, where: str) -> Iterator[Finding]:
    letters = orthography.alphabet
    for first, second in pairwise(letters):
        if orthography.sort_key(first) > orthography.sort_key(second):
            yield Finding(
                "warning", where, f"the alphabet has {first} before {second}, the collation after it"
            )


def _fonts(orthography: Orthography, where: str) -> Iterator[Finding]:
    if not orthography.fonts:
        yield Finding("warning", where, "no font is named")
    for family in orthography.fonts:
        font = font_file(family)
        if font is None:
            yield Finding(
                "note", where, f"the font {family} is not installed here, so its coverage is unknown"
            )
            continue
        missing = sorted(missing_characters(font, exemplar_texts(orthography)))
        if missing:
            shown = " ".join(f"{char} (U+{ord(char):04X})" for char in missing)
            yield Finding("error", where, f"the font {family} lacks {shown}")
