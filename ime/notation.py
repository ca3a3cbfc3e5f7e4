r"""Strokes written as text: each character of a US keyboard stands for the key that prints it, the rest in braces.

`aA1!` is four presses. In braces stand modifiers and a character or a W3C code, joined by `+`: `{AltGr+e}`,
`{AltGr+Shift+e}`, `{Shift+Space}`, `{IntlBackslash}`; and `{Backspace}`. A brace itself is `{{}` or `{}}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from ime.errors import KeyboardError
from ime.positions import ISO_ONLY, POSITIONS
from ime.program import BACKSPACE, Backspace, Modifiers, Press, Stroke

_TOKEN: Final = re.compile(r"\{(\{|\}|[^{}]+[{}]?)\}|(.)", re.DOTALL)
_MODIFIERS: Final[Mapping[frozenset[str], Modifiers]] = MappingProxyType(
    {
        frozenset(): "",
        frozenset({"shift"}): "shift",
        frozenset({"altgr"}): "altgr",
        frozenset({"altgr", "shift"}): "shift+altgr",
    }
)


def _us_keys() -> dict[str, Press]:
    keys: dict[str, Press] = {}
    for position in POSITIONS.values():
        if position.code != ISO_ONLY:  # it prints on no US keyboard
            keys.setdefault(position.us, Press(position.code))
            keys.setdefault(position.us_shift, Press(position.code, "shift"))
    return keys


_KEYS: Final = MappingProxyType(_us_keys())
_PRINTED: Final = MappingProxyType({press: char for char, press in _KEYS.items()})


def parse_strokes(text: str) -> tuple[Stroke, ...]:
    """The strokes of a text, Backspace among them; KeyboardError ("key_notation") for what names no key."""
    strokes: list[Stroke] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        stroke = _stroke(match[1], match[2]) if match else None
        if match is None or stroke is None:
            part = match[0] if match else text[at]
            raise KeyboardError(
                "key_notation",
                f"“{part}” (character {at + 1}) names no key; write a character of a US keyboard, or {{AltGr+e}}, "
                "{Shift+Space}, {IntlBackslash}, {Backspace}.",
                part=part,
                index=at,
            )
        strokes.append(stroke)
        at = match.end()
    return tuple(strokes)


def parse_keys(text: str) -> tuple[Press, ...]:
    """The presses of a text without Backspace; KeyboardError for what names no key, and for Backspace."""
    strokes = parse_strokes(text)
    presses = tuple(stroke for stroke in strokes if not isinstance(stroke, Backspace))
    if len(presses) != len(strokes):
        raise KeyboardError("key_backspace", "{Backspace} is not a key that gives text.")
    return presses


def show_keys(strokes: Iterable[Stroke]) -> str:
    """Strokes as text; `parse_strokes` gives them back."""
    return "".join(map(_shown, strokes))


def _stroke(braced: str | None, literal: str | None) -> Stroke | None:
    if braced is None or braced in ("{", "}"):
        return _KEYS.get(braced or literal or "")
    if braced.casefold() == "backspace":
        return BACKSPACE
    *held, key = braced.split("+") if not braced.endswith("++") else [*braced[:-2].split("+"), "+"]
    modifiers = _MODIFIERS.get(frozenset(each.casefold() for each in held))
    if modifiers is None or len(set(held)) != len(held):
        return None
    if key in POSITIONS:
        return Press(key, modifiers)
    press = _KEYS.get(key)
    if press is None or (press.modifiers and modifiers):
        return None
    return Press(press.code, modifiers or press.modifiers)


def _shown(stroke: Stroke) -> str:
    if isinstance(stroke, Backspace):
        return "{Backspace}"
    printed = _PRINTED.get(stroke)
    if printed is not None:
        return f"{{{printed}}}" if printed in "{}" else printed
    plain = _PRINTED.get(Press(stroke.code))
    key = stroke.code if plain is None or plain == " " else plain
    held = {"": "", "shift": "Shift+", "altgr": "AltGr+", "shift+altgr": "AltGr+Shift+"}[stroke.modifiers]
    return f"{{{held}{key}}}"
