"""What the tests of keyboards share: keyboards of the house, and made-up ones in folders of their own."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from ime.catalogue import keyboards
from ime.checking import faults
from ime.errors import KeyboardFileError
from ime.loader import load_keyboard
from ime.model import Keyboard
from languages import LanguageProfile, Orthography, registry
from languages.loader import load_profile

PROFILE = """
format = 1
code = "qaa"

[names]
vi = "Thử"
en = "Made up"

[[source]]
id = "made"
citation = "Made up for tests"

[[orthography]]
tag = "qaa-Latn"
alphabet = ["a", "â", "ă", "b", "d", "đ", "e", "ê", "n", "ng", "o", "s", "x"]

[orthography.names]
vi = "Chữ"
en = "Letters"
"""

HEAD = """format = 1
id = "qaa-one"
orthography = "qaa-Latn"
kind = "{kind}"
version = "1.0"
author = "Nobody"
licence = "MIT"
default = true
sources = ["made"]
"""

TEXTS = """
[names]
vi = "Một"
en = "One"

[why]
vi = "Để thử."
en = "For tests."
"""


def house(folder: Path) -> Path:
    """A folder of profiles with one made-up language, and an empty one for shared fragments."""
    made = folder / "qaa"
    (made / "keyboards").mkdir(parents=True)
    (made / "profile.toml").write_text(PROFILE, encoding="utf-8")
    (folder / "_shared" / "keyboards").mkdir(parents=True)
    return folder


def written(body: str, *, kind: str = "composing", top: str = 'layout = "us"', head: str = HEAD) -> str:
    """The file of a keyboard with a body of its own."""
    return f"{head.format(kind=kind)}{top}\n{TEXTS}{body}"


def loaded(folder: Path, text: str, name: str = "qaa-one") -> Keyboard:
    """A keyboard of the made-up language from the text of its file."""
    if not (folder / "qaa").exists():
        house(folder)
    path = folder / "qaa" / "keyboards" / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return load_keyboard(path, (folder / "_shared",), profile_in(folder))


def profile_in(folder: Path) -> LanguageProfile:
    """The made-up language."""
    return load_profile(folder / "qaa", lambda tag: registry().orthography(tag), ())


def tried(folder: Path, text: str) -> tuple[KeyboardFileError, ...]:
    """What trying finds in a keyboard of the made-up language."""
    keyboard = loaded(folder, text)
    return faults(keyboard, profile_in(folder).orthographies[0])


def shipped() -> list[Keyboard]:
    """Every keyboard of the house."""
    return list(keyboards().by_id.values())


def ids(things: Iterable[Keyboard]) -> list[str]:
    """Their ids, for the names of tests."""
    return [thing.id for thing in things]


def orthography_of(keyboard: Keyboard) -> Orthography:
    """The orthography that a keyboard types."""
    return registry().orthography(keyboard.orthography)


def outputs_of(keyboard: Keyboard) -> list[str]:
    """All that its keys give, on hardware and by touch, without repetition."""
    hardware = (key.output for layer in keyboard.layers.values() for key in layer.values())
    touch = (
        text
        for layer in keyboard.touch
        for row in layer.rows
        for key in row
        for text in (key.output, *key.long_press, *key.flick.values())
    )
    return sorted({text for text in chain(hardware, touch) if text})
