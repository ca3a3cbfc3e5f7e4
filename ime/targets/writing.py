"""What packages have to know about a language: how its script is written, what a keyboard is called beside others."""

from __future__ import annotations

from typing import Final

import icu

from ime.model import Keyboard
from languages import Orthography, registry

_COMPLEX: Final = icu.Char.getPropertyValueEnum(icu.UProperty.LINE_BREAK, "SA")


def unspaced(orthography: Orthography) -> bool:
    """Is the script written without spaces between words? Unicode says so by the line-breaking class SA (UAX #14)."""
    letters = [char for letter in orthography.alphabet for char in letter]
    classes = [icu.Char.getIntPropertyValue(char, icu.UProperty.LINE_BREAK) for char in letters]
    return bool(classes) and 2 * classes.count(_COMPLEX) > len(classes)


def full_name(keyboard: Keyboard, language: str) -> str:
    """The language and the keyboard, in Vietnamese or English: what a list of many languages' keyboards shows."""
    names = registry().profile(keyboard.language).names
    return f"{names[language]} ({keyboard.names[language]})"
