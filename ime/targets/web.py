"""The target "web": a keyboard as the JSON that the engine in the page reads (ime/static/ime/engine.js).

The form is described in docs/keyboards-web.md. It is compact, and everything in it is needed in the page: the keys by
place, the rules by trigger, the touch layout, the names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ime.model import Keyboard, TouchKey, TouchPress
from ime.positions import POSITIONS
from ime.program import MODIFIERS, Dead, Mapped, Modifiers, Out, Press, Program, Rule, Slot
from ime.targets.base import BOTH, File, Kit, Package
from languages import registry

FORMAT: Final = 1


class _Web:
    """The web target: one JSON file."""

    id = "web"
    title = "Web"
    kinds = BOTH

    def build(self, keyboard: Keyboard, program: Program, kit: Kit) -> Package:
        """The JSON as the page gets it."""
        names = registry().profile(keyboard.language).names
        name = f"{keyboard.id}.json"
        return Package(name, (File(name, as_bytes(payload(keyboard, program, names))),))


WEB: Final = _Web()


def as_bytes(value: Mapping[str, Any]) -> bytes:
    """The value as JSON without blanks, in UTF-8: equal values give equal bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def payload(keyboard: Keyboard, program: Program, names: Mapping[str, str]) -> dict[str, Any]:
    """All that a page needs to type with a keyboard and to draw it. `names` are those of its language ("vi", "en")."""
    writing = registry().orthography(keyboard.orthography)
    tables = _Tables()
    rules: dict[str, list[Any]] = {}
    # Backspace has the empty trigger. The longest context comes first.
    for rule in sorted((*program.rules, *program.backspaces), key=lambda rule: -len(rule.context)):
        rules.setdefault(rule.trigger, []).append(tables.rule(rule))
    return {
        "format": FORMAT,
        **entry(keyboard, names),
        "kind": keyboard.kind,
        "version": keyboard.version,
        "dir": writing.direction,
        "script": writing.script,
        "keys": {modifiers: _cells(keyboard, program, modifiers) for modifiers in MODIFIERS},
        "dead": {name: _dead(dead) for name, dead in program.dead.items()},
        "slots": tables.slots,
        "values": tables.values,
        "rules": rules,
        "touch": {
            layer.id: [[_touch_key(key) for key in row] for row in layer.rows] for layer in keyboard.touch
        },
    }


def entry(keyboard: Keyboard, names: Mapping[str, str], address: str = "") -> dict[str, Any]:
    """What the menu of keyboards knows of one; `address` is where its payload is served."""
    found: dict[str, Any] = {
        "id": keyboard.id,
        "language": keyboard.language,
        "orthography": keyboard.orthography,
        "default": keyboard.default,
        "names": dict(keyboard.names),
        "languageNames": {key: name for key, name in names.items() if key in keyboard.names},
    }
    return {**found, "address": address} if address else found


def presses(strokes: Iterable[Press]) -> list[list[str]]:
    """Presses for the on-screen keyboard, which shows the next of them: pairs of code and modifiers."""
    return [[press.code, press.modifiers] for press in strokes]


def touches(strokes: Iterable[TouchPress]) -> list[list[str | int]]:
    """Touches for the same: layer, row, column, gesture, choice, output."""
    return [
        [touch.layer, touch.row, touch.column, touch.gesture, touch.choice, touch.output] for touch in strokes
    ]


def _cells(keyboard: Keyboard, program: Program, modifiers: Modifiers) -> list[Any]:
    """The keys of a layer in the order of `POSITIONS`: 0 for nothing, an output, or output, label and dead key."""
    layer = keyboard.layers.get(modifiers, {})
    cells: list[Any] = []
    for code in POSITIONS:
        press = Press(code, modifiers)
        label = layer[code].label if code in layer else ""
        if press in program.dead_presses:
            cells.append(["", label, program.dead_presses[press]])
        elif press in program.keys:
            output = program.keys[press]
            cells.append([output, label] if label and label != output else output)
        else:
            cells.append(0)
    while cells and cells[-1] == 0:
        cells.pop()
    return cells


def _dead(dead: Dead) -> list[Any]:
    """Label, what it gives alone, and what it makes of outputs, where that is not both side by side."""
    return [
        dead.label,
        dead.alone,
        {output: result for output, result in dead.results.items() if result != dead.alone + output},
    ]


def _touch_key(key: TouchKey) -> Any:
    """A plain letter is its output; everything else says what differs."""
    values: dict[str, Any] = {
        "o": key.output,
        "l": key.label if key.label != key.output else "",
        "p": list(key.long_press),
        "f": dict(key.flick),
        "r": key.role if key.role != "letter" else "",
        "g": key.goes_to,
        "w": key.width if key.width != 1 else 0,
    }
    said = {name: value for name, value in values.items() if value}
    return key.output if said == {"o": key.output} else said


class _Tables:
    """Slots and values that many rules share, each written once."""

    def __init__(self) -> None:
        self.slots: list[str] = []
        self.values: list[Any] = []
        self._slot_numbers: dict[Slot, int] = {}
        self._value_numbers: dict[tuple[str, ...], int] = {}

    def rule(self, rule: Rule) -> list[Any]:
        """Context, how many of it stay, output."""
        return [
            [self._slot(slot) for slot in rule.context],
            rule.kept,
            [self._out(out) for out in rule.output],
        ]

    def _slot(self, slot: Slot) -> int:
        if slot not in self._slot_numbers:
            self._slot_numbers[slot] = len(self.slots)
            self.slots.append("".join(slot))
        return self._slot_numbers[slot]

    def _out(self, out: Out) -> str | list[int]:
        """A text, or a slot and the table of what its alternatives become."""
        if not isinstance(out, Mapped):
            return out
        if out.values not in self._value_numbers:
            self._value_numbers[out.values] = len(self.values)
            single = all(len(value) == 1 for value in out.values)
            self.values.append("".join(out.values) if single else list(out.values))
        return [out.slot, self._value_numbers[out.values]]
