"""The touch layout of a keyboard for Keyman (.keyman-touch-layout, JSON), for phone and tablet alike.

A touch key that gives what a key of the hardware layout gives is that key, so that the same rules fire; what only the
touch layout gives has a key of its own ("T_…") in the .kmn.
https://help.keyman.com/developer/current-version/reference/file-types/keyman-touch-layout
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ime.model import Keyboard, TouchKey, TouchLayer
from ime.positions import POSITIONS
from ime.program import MODIFIERS, Modifiers, Press, Program

# What Keyman calls the layers that stand for modifiers.
_LAYER: Final[Mapping[Modifiers, str]] = {
    "": "default", "shift": "shift", "altgr": "rightalt", "shift+altgr": "rightalt-shift",
}  # fmt: skip
_HELD: Final[Mapping[str, Modifiers]] = {"shift": "shift"}
FLICKS: Final = {"up": "n", "right": "e", "down": "s", "left": "w"}
_SPECIAL, _ACTIVE = 1, 2
_SWITCH: Final = {"id": "K_LOPT", "text": "*Menu*", "sp": _SPECIAL, "width": 120}  # goes to the next keyboard


@dataclass(frozen=True)
class Touched:
    """A key as Keyman's touch layouts name it: an id, and the modifiers that it is pressed with."""

    id: str
    modifiers: Modifiers = ""

    @property
    def code(self) -> str:
        """The W3C code of a key of the hardware layout; empty for a key of the touch layout alone."""
        return _CODES.get(self.id, "")


_CODES: Final = {position.keyman: position.code for position in POSITIONS.values()}


def keys(keyboard: Keyboard, program: Program) -> dict[str, Touched]:
    """The key for each thing that the touch layout gives, by output and layer ("shift"); see `key_id`."""
    found: dict[str, Touched] = {}
    presses: dict[str, dict[Modifiers, Press]] = {}
    for press in sorted(program.keys, key=lambda each: (MODIFIERS.index(each.modifiers), each.code)):
        presses.setdefault(program.keys[press], {}).setdefault(press.modifiers, press)
    for layer in keyboard.touch:
        for output in _outputs(layer):
            giving = presses.get(output)
            if giving:
                press = giving.get(_HELD.get(layer.id, "")) or next(iter(giving.values()))
                found[key_id(output, layer.id)] = Touched(POSITIONS[press.code].keyman, press.modifiers)
            else:
                found[key_id(output, layer.id)] = Touched(_own(output))
    return found


def key_id(output: str, layer: str) -> str:
    """How `keys` names what a layer gives."""
    return f"{layer} {output}"


def own_keys(keyboard: Keyboard, program: Program) -> dict[str, str]:
    """The keys that only the touch layout has, by name ("T_…"), with what they give."""
    touched = keys(keyboard, program)
    return {
        key.id: named.partition(" ")[2]
        for named, key in sorted(touched.items(), key=lambda each: each[1].id)
        if not key.code
    }


def layout(keyboard: Keyboard, program: Program, font: str) -> bytes:
    """The file; `font` is the family that shows the letters, empty for the phone's own."""
    touched = keys(keyboard, program)
    layers = [
        {
            "id": layer.id,
            "row": [
                {"id": number, "key": [_key(key, layer, touched) for key in row]}
                for number, row in enumerate(_with_switch(layer), 1)
            ],
        }
        for layer in keyboard.touch
    ]
    platform = {**({"font": font} if font else {}), "layer": layers, "displayUnderlying": False,
                "defaultHint": "dot"}  # fmt: skip
    said = json.dumps({"tablet": platform, "phone": platform}, ensure_ascii=False, indent=1)
    return said.encode() + b"\n"


def _outputs(layer: TouchLayer) -> Iterator[str]:
    """Everything that a layer gives, each once."""
    given: dict[str, None] = {}
    for row in layer.rows:
        for key in row:
            if key.role == "letter":
                given.update(dict.fromkeys((key.output, *key.long_press, *key.flick.values())))
            elif key.role == "space":
                given.update(dict.fromkeys(key.long_press))
    given.pop("", None)
    return iter(given)


def _own(output: str) -> str:
    return "T_" + "_".join(f"{ord(character):04X}" for character in output)


def _with_switch(layer: TouchLayer) -> list[tuple[TouchKey | None, ...]]:
    """The rows, with the key that changes keyboards (None) before the space bar: every Keyman layout must have it."""
    rows: list[tuple[TouchKey | None, ...]] = []
    for row in layer.rows:
        at = next((number for number, key in enumerate(row) if key.role == "space"), None)
        rows.append(row if at is None else (*row[:at], None, *row[at:]))
    return rows


def _key(key: TouchKey | None, layer: TouchLayer, touched: Mapping[str, Touched]) -> Any:
    if key is None:
        return _SWITCH
    width = {} if key.width == 1 else {"width": round(key.width * 100)}
    match key.role:
        case "backspace":
            return {"id": "K_BKSP", "text": "*BkSp*", "sp": _SPECIAL, **width}
        case "enter":
            return {"id": "K_ENTER", "text": "*Enter*", "sp": _SPECIAL, **width}
        case "shift":
            active = layer.id == "shift"
            return {"id": "K_SHIFT", "text": "*Shifted*" if active else "*Shift*",
                    "sp": _ACTIVE if active else _SPECIAL,
                    "nextlayer": key.goes_to or ("default" if active else "shift"), **width}  # fmt: skip
        case "layer":
            text = key.label or {"default": "*abc*", "numeric": "*123*"}.get(key.goes_to, "*Symbol*")
            return {"id": f"T_LAYER_{key.goes_to.upper()}", "text": text, "sp": _SPECIAL,
                    "nextlayer": key.goes_to, **width}  # fmt: skip
        case "space":
            return {"id": "K_SPACE", **_more(key, layer, touched), **width}
        case _:
            if not key.output:
                return {"id": "T_BLANK", "text": "", "sp": 9, **width}
            return {
                **_letter(key.output, key.label, layer, touched),
                **_more(key, layer, touched),
                **width,
            }


def _letter(output: str, label: str, layer: TouchLayer, touched: Mapping[str, Touched]) -> dict[str, Any]:
    key = touched[key_id(output, layer.id)]
    said: dict[str, Any] = {"id": key.id, "text": label or _shown(output)}
    if key.modifiers != _HELD.get(layer.id, ""):
        said["layer"] = _LAYER[key.modifiers]
    if layer.id == "shift":
        said["nextlayer"] = "default"  # for one letter, as the typing by touch that `ime.howto` describes
    return said


def _more(key: TouchKey, layer: TouchLayer, touched: Mapping[str, Touched]) -> dict[str, Any]:
    """Long press and flicks."""
    more: dict[str, Any] = {}
    if key.long_press:
        more["sk"] = [_letter(each, "", layer, touched) for each in key.long_press]
    if key.flick:
        more["flick"] = {
            FLICKS[way]: _letter(output, "", layer, touched) for way, output in key.flick.items()
        }
    return more


def _shown(output: str) -> str:
    """What stands on a key: marks on a dotted circle."""
    return f"◌{output}" if unicodedata.category(output[0]).startswith("M") else output
