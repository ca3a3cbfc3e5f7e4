"""The touch keyboard as a picture, layer by layer; in the corner of a key stands what a long press or flick gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ime.drawing.legends import is_long, shown
from ime.drawing.picture import Box, Picture, Text
from ime.model import Keyboard, TouchKey, TouchLayer

UNIT: Final = 60.0
_HIGH: Final = 72.0
_GAP: Final = 5.0
_CORNER: Final = 4  # letters in the corner
_SIGNS: Final[Mapping[str, str]] = {"shift": "⇧", "backspace": "⌫", "space": "␣", "enter": "⏎", "layer": "⋯"}


def hidden(key: TouchKey) -> tuple[str, ...]:
    """What a key gives beside its tap: long press first, then flicks, each once."""
    return tuple(dict.fromkeys((*key.long_press, *key.flick.values())))


def picture(keyboard: Keyboard, layer: TouchLayer, title: str = "") -> Picture:
    """One layer. The description reads the rows, and what hides behind keys."""
    wide = max((sum(key.width for key in row) for row in layer.rows), default=0.0)
    shapes = tuple(
        shape
        for number, row in enumerate(layer.rows)
        for shape in _row(keyboard, row, number * _HIGH, (wide - sum(key.width for key in row)) / 2)
    )
    return Picture(wide * UNIT, len(layer.rows) * _HIGH, shapes, title, "; ".join(_told(layer)))


def _told(layer: TouchLayer) -> Iterator[str]:
    for row in layer.rows:
        yield " ".join(
            legend(key) + (f" ({' '.join(map(shown, hidden(key)))})" if hidden(key) else "") for key in row
        )


def legend(key: TouchKey) -> str:
    """What stands on a key of a touch keyboard."""
    return shown(key.label or key.output) or _SIGNS.get(key.role, "")


def _row(keyboard: Keyboard, row: tuple[TouchKey, ...], top: float, indent: float) -> Iterator[Box | Text]:
    left = indent
    for key in row:
        x, y = left * UNIT + _GAP / 2, top + _GAP / 2
        wide, high = key.width * UNIT - _GAP, _HIGH - _GAP
        letter = key.role == "letter"
        yield Box(x, y, wide, high, "key" if letter else "key-still")
        written = legend(key)
        size = 14 if is_long(written) else 27
        yield Text(
            x + wide / 2, y + high / 2 + 14, written, size if letter else 18, "letter" if letter else "still",
            lang=keyboard.orthography if letter else "",
        )  # fmt: skip
        more = hidden(key)
        if more:
            told = " ".join(map(shown, more[:_CORNER])) + ("…" if len(more) > _CORNER else "")
            yield Text(x + wide - 4, y + 15, told, 12, "more", "end", lang=keyboard.orthography)
        left += key.width
