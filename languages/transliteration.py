"""Transliteration by ICU rules, and a lint for what ICU lets pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import icu

from languages.errors import LanguageError
from languages.text import nfc

GROWTH = 16  # no honest rule makes a text this many times longer
_SLACK = 64


@dataclass(frozen=True)
class Scheme:
    """One direction of a transliteration between two tags, as an orthography offers it."""

    source: str
    target: str
    name: str
    reversible: bool
    citation: str
    reviewed: bool
    names: Mapping[str, str]  # by language of the interface


@dataclass(frozen=True)
class Converter:
    """Rule sets applied one after the other. Shared between threads without harm."""

    steps: tuple[icu.Transliterator, ...]

    def __call__(self, text: str) -> str:
        """The text converted, NFC; raises LanguageError when rules run away."""
        limit = len(text) * GROWTH + _SLACK
        for step in self.steps:
            text = str(step.transliterate(text))
            if len(text) > limit:
                raise LanguageError("rule_runs_away", "A transliteration rule grows its text without end.")
        return nfc(text)


def compiled(rules: str, *, backwards: bool = False) -> icu.Transliterator:
    """One rule set in one direction; raises icu.ICUError with ICU's reason (a shadowed rule is one)."""
    direction = icu.UTransDirection.REVERSE if backwards else icu.UTransDirection.FORWARD
    return icu.Transliterator.createFromRules("nhasan", rules, direction)


def converter(rule_sets: Sequence[str], *, backwards: bool = False) -> Converter:
    """A converter over rule sets; backwards they run in the opposite order and direction."""
    ordered = list(reversed(rule_sets)) if backwards else rule_sets
    return Converter(tuple(compiled(rules, backwards=backwards) for rules in ordered))
