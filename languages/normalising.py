"""Repairs: an orthography's own normalisation, after NFC and until nothing changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from languages.errors import LanguageError
from languages.text import nfc, nfd, storable

Repair = Callable[[str], str]

ROUNDS = 8  # a repair that needs more does not settle
_GROWTH = 4


@dataclass(frozen=True)
class Replacement:
    """Literal pairs, replaced in order."""

    pairs: tuple[tuple[str, str], ...]

    def __call__(self, text: str) -> str:
        """The text with every pair replaced."""
        for written, repaired in self.pairs:
            if written in text:
                text = text.replace(written, repaired)
        return text


@dataclass(frozen=True)
class Rewriting:
    """A regular expression and its replacement."""

    pattern: re.Pattern[str]
    template: str

    def __call__(self, text: str) -> str:
        """The text with every match replaced."""
        return self.pattern.sub(self.template, text)


@dataclass(frozen=True)
class Reordering:
    """Sorts every unbroken run of units by their class's rank, stably; see docs/profile-format.md, "Repairs"."""

    run: re.Pattern[str]
    unit: re.Pattern[str]
    decomposed: bool
    unique: bool

    def __call__(self, text: str) -> str:
        """The text with every run in order."""
        if self.decomposed:
            text = nfd(text)
        return self.run.sub(self._sorted, text)

    def _sorted(self, match: re.Match[str]) -> str:
        units = [(found.lastindex or 0, found.group()) for found in self.unit.finditer(match.group())]
        units.sort(key=lambda unit: unit[0])
        if self.unique:
            units = [unit for at, unit in enumerate(units) if at == 0 or unit != units[at - 1]]
        return "".join(written for _, written in units)


def reordering(classes: Sequence[str], *, decomposed: bool, unique: bool) -> Reordering:
    """A `Reordering` over classes of units, each a regex fragment without groups; raises re.error."""
    for fragment in classes:
        if re.compile(fragment).groups:
            raise re.error("a class must not hold groups; write (?:…)")
    any_unit = "|".join(f"(?:{fragment})" for fragment in classes)
    unit = "|".join(f"({fragment})" for fragment in classes)
    least = 1 if unique else 2
    return Reordering(re.compile(f"(?:{any_unit}){{{least},}}"), re.compile(unit), decomposed, unique)


def normaliser(repairs: Sequence[Repair]) -> Callable[[str], str]:
    """The function `normalise` of an orthography: storable, NFC, repaired until stable."""

    def normalise(text: str) -> str:
        text = nfc(storable(text))
        if not repairs:
            return text
        limit = len(text) * _GROWTH + 64
        for _ in range(ROUNDS):
            before = text
            for repair in repairs:
                text = nfc(repair(text))
                if len(text) > limit:
                    raise LanguageError(
                        "repair_grows", "A repair of the orthography grows its text without end."
                    )
            if text == before:
                break
        return text

    return normalise
