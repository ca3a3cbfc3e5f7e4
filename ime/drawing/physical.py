"""The hardware keyboard as a picture, layer by layer: the grid of ISO/IEC 9995-1 in its ANSI or ISO form.

Pictures are 15 keys wide. What the layout does not give is drawn faintly; beside each letter stands, small, what a US
keyboard has printed there, since that is what people see on their own keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from ime.drawing.legends import is_long, legend
from ime.drawing.picture import Box, Picture, Text
from ime.model import Keyboard
from ime.positions import ISO_ONLY, POSITIONS, ROWS, SPACE
from ime.program import Modifiers

Form = Literal["ansi", "iso"]
UNIT: Final = 60.0
_GAP: Final = 4.0
_WIDE: Final = 15.0

# A row: code of a place, or the sign of a key that is the same on every keyboard; and the width in keys. The key
# beside Enter fills what is left of the row.
_Row = tuple[tuple[str, float], ...]
_E, _D, _C, _B = ROWS
_ANSI: Final[tuple[_Row, ...]] = (
    (*((code, 1.0) for code in _E), ("⌫", 2.0)),
    (("⇥", 1.5), *((code, 1.0) for code in _D[:-1]), (_D[-1], 1.5)),
    (("⇪", 1.75), *((code, 1.0) for code in _C), ("⏎", 2.25)),
    (("⇧", 2.25), *((code, 1.0) for code in _B if code != ISO_ONLY), ("⇧", 2.75)),
    (("Ctrl", 1.5), ("Alt", 1.5), (SPACE, 7.5), ("AltGr", 2.25), ("Ctrl", 2.25)),
)
_ISO: Final[tuple[_Row, ...]] = (
    _ANSI[0],
    (("⇥", 1.5), *((code, 1.0) for code in _D[:-1]), ("⏎", 1.5)),
    (("⇪", 1.75), *((code, 1.0) for code in _C), (_D[-1], 1.0), ("⏎", 1.25)),
    (("⇧", 1.25), *((code, 1.0) for code in _B), ("⇧", 2.75)),
    _ANSI[4],
)
_FORMS: Final[Mapping[Form, tuple[_Row, ...]]] = {"ansi": _ANSI, "iso": _ISO}
_HELD: Final[Mapping[Modifiers, frozenset[str]]] = {
    "": frozenset(),
    "shift": frozenset({"⇧"}),
    "altgr": frozenset({"AltGr"}),
    "shift+altgr": frozenset({"⇧", "AltGr"}),
}


def own_form(keyboard: Keyboard) -> Form:
    """The form of keyboard that shows everything: ISO where the key that only ISO keyboards have gives what no other
    key gives."""  # fmt: skip
    layers = keyboard.layers.values()
    elsewhere = {key for layer in layers for code, key in layer.items() if code != ISO_ONLY}
    return (
        "iso" if any(ISO_ONLY in layer and layer[ISO_ONLY] not in elsewhere for layer in layers) else "ansi"
    )


def picture(keyboard: Keyboard, modifiers: Modifiers, form: Form, title: str = "") -> Picture:
    """One layer. The description names each key that gives something, by what a US keyboard prints there."""
    shapes = tuple(
        shape
        for number, row in enumerate(_FORMS[form])
        for shape in _row(keyboard, modifiers, row, number * UNIT)
    )
    layer = keyboard.layers.get(modifiers, {})
    told = (
        f"{POSITIONS[code].us.strip() or '␣'} {legend(keyboard, key)}"
        for code, key in layer.items()
        if legend(keyboard, key)
    )
    return Picture(_WIDE * UNIT, len(_FORMS[form]) * UNIT, shapes, title, "; ".join(told))


def _row(keyboard: Keyboard, modifiers: Modifiers, row: _Row, top: float) -> Iterator[Box | Text]:
    left = 0.0
    for name, width in row:
        x, y = left * UNIT + _GAP / 2, top + _GAP / 2
        wide, high = width * UNIT - _GAP, UNIT - _GAP
        if name in POSITIONS:
            yield from _key(keyboard, modifiers, name, Box(x, y, wide, high, "key"))
        else:
            held = name in _HELD[modifiers]
            yield Box(x, y, wide, high, "key-held" if held else "key-still")
            yield Text(x + wide / 2, y + high / 2 + 6, name, 17, "held" if held else "still")
        left += width


def _key(keyboard: Keyboard, modifiers: Modifiers, code: str, box: Box) -> Iterator[Box | Text]:
    key = keyboard.layers.get(modifiers, {}).get(code)
    written = legend(keyboard, key) if key is not None else ""
    dead = key is not None and bool(key.dead)
    yield Box(box.x, box.y, box.width, box.height, "key-dead" if dead else "key" if written else "key-still")
    if written:
        long = is_long(written)
        middle = box.x + box.width / 2 + (4 if code != SPACE else 0)
        base, size = box.y + box.height / 2 + (5 if long else 9), 14 if long else 27
        yield Text(
            middle, base, written, size, "letter-dead" if dead else "letter", lang=keyboard.orthography
        )
    engraved = POSITIONS[code].us.strip().upper()
    if engraved and engraved != written.upper():
        yield Text(box.x + 5, box.y + box.height - 6, engraved, 13, "engraved", "start")
