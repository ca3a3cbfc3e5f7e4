"""The patterns of transforms: literal text, and references to sets in braces.

`{vowel}` stands for any element of the set `vowel`; `{first=vowel}` names it, for where a set stands twice. In `to`,
`{vowel}` is the element that was matched and `{vowel:acute}` the element of the set `acute` at the same place. A brace
itself is written twice. A dotted circle before a mark shows that the mark stands by itself, and is dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import icu

from languages.text import nfc

DOTTED_CIRCLE: Final = "\u25cc"
_TOKEN: Final = re.compile(r"\{\{|\}\}|\{(?:(\w+)=)?(\w[\w-]*)(?::(\w[\w-]*))?\}|[^{}]", re.DOTALL)
_CIRCLED: Final = re.compile(f"{DOTTED_CIRCLE}(?=.)", re.DOTALL)
_NFC: Final = icu.Normalizer2.getNFCInstance()


@dataclass(frozen=True)
class SetPart:
    """A set in a pattern: what it is called there, and the set. In `to`, `name` is empty for what was matched."""

    label: str
    name: str


Part = str | SetPart


class PatternError(ValueError):
    """A pattern that cannot be read; the message says why."""


@lru_cache(maxsize=4096)
def parse_source(pattern: str) -> tuple[Part, ...]:
    """The parts of `before` or `from`; literal text is in NFC, one part for each run. Raises PatternError."""
    return _parse(pattern, to=False)


@lru_cache(maxsize=4096)
def parse_target(pattern: str) -> tuple[Part, ...]:
    """The parts of `to`. Raises PatternError."""
    return _parse(pattern, to=True)


def literal(text: str) -> str:
    """What a cell, an element or a literal stands for: without the circle that shows a mark."""
    return _CIRCLED.sub("", text)


def begins_letter(text: str) -> bool:
    """Whether nothing before a text can change it, or be changed by it, under NFC (empty texts too)."""
    return not text or bool(_NFC.hasBoundaryBefore(text[0]))


def is_mark(char: str) -> bool:
    """Whether a character has a combining class, so that marks around it may be reordered."""
    return bool(icu.Char.getCombiningClass(char))


def _parse(pattern: str, *, to: bool) -> tuple[Part, ...]:
    parts: list[Part] = []
    at = 0
    while at < len(pattern):
        match = _TOKEN.match(pattern, at)
        if match is None:
            raise PatternError(f"“{pattern[at:]}” is no set in braces; a brace itself is written twice")
        label, name, other = match.groups()
        if name is None:
            char = match[0][0]
            parts[-1:] = [parts[-1] + char] if parts and isinstance(parts[-1], str) else [*parts[-1:], char]
        elif to:
            if label is not None:
                raise PatternError(f"“{match[0]}”: what is matched is named in `from`, not in `to`")
            parts.append(SetPart(name, other or ""))
        else:
            if other is not None:
                raise PatternError(f"“{match[0]}”: a second set can stand in `to` alone")
            parts.append(SetPart(label or name, name))
        at = match.end()
    return tuple(_composed(part) if isinstance(part, str) else part for part in parts)


def _composed(text: str) -> str:
    """A literal in NFC; a mark on a circle stays apart, for it is what a key gives by itself."""
    return "".join(map(nfc, _CIRCLED.split(text)))
