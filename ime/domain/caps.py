"""Key presses as people read them: what is printed on the keys to press, one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ime.drawing.legends import legend
from ime.model import Keyboard
from ime.positions import ISO_ONLY, POSITIONS, SPACE
from ime.program import Modifiers, Press

_HELD: Final[dict[Modifiers, tuple[str, ...]]] = {
    "": (),
    "shift": ("Shift",),
    "altgr": ("AltGr",),
    "shift+altgr": ("AltGr", "Shift"),
}


@dataclass(frozen=True)
class Cap:
    """A press: the keys held down and pressed, and what stands on the last one in this layout (empty: the same)."""

    keys: tuple[str, ...]
    legend: str


def caps(keyboard: Keyboard, presses: Iterable[Press]) -> tuple[Cap, ...]:
    """The caps of some presses on a keyboard."""
    return tuple(_cap(keyboard, press) for press in presses)


def _cap(keyboard: Keyboard, press: Press) -> Cap:
    printed = "␣" if press.code == SPACE else POSITIONS[press.code].us
    if press.code == ISO_ONLY:
        printed = "<"
    key = keyboard.key(press)
    written = legend(keyboard, key) if key is not None else ""
    return Cap((*_HELD[press.modifiers], printed), "" if written.lower() == printed.lower() else written)
