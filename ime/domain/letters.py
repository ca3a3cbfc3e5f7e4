"""How each letter of an orthography is typed: the table that people learn a keyboard from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ime.compiling import compiled
from ime.domain.caps import Cap, caps
from ime.drawing.legends import shown
from ime.errors import Untypable
from ime.howto import howto
from ime.model import Keyboard
from ime.positions import POSITIONS
from ime.program import Press
from languages import registry


@dataclass(frozen=True)
class Letter:
    """A letter, how it is shown, and the keys for it."""

    text: str
    shown: str
    caps: tuple[Cap, ...]


@lru_cache(maxsize=256)
def letters(keyboard: Keyboard) -> tuple[Letter, ...]:
    """The letters and marks of the orthography that are not printed on the key that gives them."""
    exemplars = registry().orthography(keyboard.orthography).exemplars
    program = compiled(keyboard)
    found: list[Letter] = []
    for text in dict.fromkeys((*exemplars.main, *exemplars.marks, *exemplars.auxiliary)):
        try:
            presses = howto(program, text)
        except Untypable:
            continue
        plain = len(presses) == 1 and not presses[0].modifiers and POSITIONS[presses[0].code].us == text
        if not plain:
            found.append(Letter(text, shown(text), caps(keyboard, presses)))
    return tuple(found)


@dataclass(frozen=True)
class Combination:
    """A dead key, how it is pressed, and what it makes: pairs of the letter pressed next and the one that comes out."""

    label: str
    caps: tuple[Cap, ...]
    pairs: tuple[tuple[str, str], ...]


@lru_cache(maxsize=256)
def combinations(keyboard: Keyboard) -> tuple[Combination, ...]:
    """The dead keys of a keyboard, as their file lists them."""
    program = compiled(keyboard)
    pressed: dict[str, Press] = {}
    for press, dead_name in program.dead_presses.items():
        pressed.setdefault(dead_name, press)
    return tuple(
        Combination(
            shown(dead.label or dead.alone),
            caps(keyboard, (pressed[name],)),
            tuple((shown(before), shown(after)) for before, after in dead.results.items()),
        )
        for name, dead in keyboard.dead.items()
        if name in pressed
    )
