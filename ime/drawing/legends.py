"""What stands on a key: letters as they are, lone marks on a dotted circle, what nobody can see by a sign."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ime.model import Key, Keyboard

DOTTED_CIRCLE: Final = "\u25cc"
_ROOM: Final = 2  # letters side by side on a key
# Signs that a person can see for characters that nobody can; the file of a keyboard may say better ones (`label`).
_UNSEEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        " ": "␣", "\u00a0": "NBSP", "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ", "\u2060": "WJ",
        "\u00ad": "SHY", "\u202f": "NNBSP", "\u200e": "LRM", "\u200f": "RLM", "\u034f": "CGJ", "\t": "⇥",
    }
)  # fmt: skip


def shown(text: str) -> str:
    """A text as it can stand alone: a mark at its beginning gets a dotted circle, an unseen character a sign."""
    if text in _UNSEEN:
        return _UNSEEN[text]
    if text and unicodedata.category(text[0]).startswith("M"):
        return DOTTED_CIRCLE + text
    return text


def is_long(text: str) -> bool:
    """Whether a text needs smaller letters to stand on a key: marks above and below take no room."""
    return sum(not unicodedata.category(character).startswith("M") for character in text) > _ROOM


def legend(keyboard: Keyboard, key: Key) -> str:
    """What stands on a key: its label, else what it gives; a dead key shows its mark."""
    if key.label:
        return shown(key.label)
    if key.dead:
        dead = keyboard.dead[key.dead]
        return shown(dead.label or dead.alone)
    return shown(key.output)
