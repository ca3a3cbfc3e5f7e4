"""The keyboards of the house as pages ask for them."""

from __future__ import annotations

from ime.catalogue import keyboards
from ime.model import Keyboard
from languages import registry


def keyboard(name: str) -> Keyboard | None:
    """The keyboard of this id."""
    return keyboards().by_id.get(name)


def every() -> tuple[Keyboard, ...]:
    """All keyboards, by language."""
    return tuple(found for code in languages() for found in of_language(code))


def of_language(code: str) -> tuple[Keyboard, ...]:
    """The keyboards of a language, in the order of its orthographies; the default one of each comes first."""
    return keyboards().of_language(code)


def for_orthography(tag: str) -> tuple[Keyboard, ...]:
    """The keyboards to write an orthography with, the default one first."""
    return keyboards().for_orthography(tag)


def languages() -> tuple[str, ...]:
    """The codes of the languages that have keyboards."""
    return tuple(dict.fromkeys(found.language for found in keyboards().by_id.values()))


def writing(found: Keyboard, reader: str) -> str:
    """What the reader calls the orthography of a keyboard."""
    names = registry().orthography(found.orthography).names
    return names.get(reader) or names.get("en") or found.orthography


def name(found: Keyboard, reader: str) -> str:
    """What the reader calls a keyboard."""
    return found.names.get(reader) or found.names.get("en") or found.id
