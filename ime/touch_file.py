"""The touch part of a keyboard's file, read: rows of keys by layer, long presses and flicks by what a key gives."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from ime.errors import KeyboardError, shown
from ime.model import TouchKey
from ime.patterns import DOTTED_CIRCLE, literal
from languages.text import nfc

Way = Literal["up", "right", "down", "left"]
Role = Literal["shift", "backspace", "space", "enter", "layer"]
Named = Mapping[str, Mapping[str, str]]  # the file's [keys]

_ROLES: Final[Mapping[str, tuple[Role, str, float]]] = MappingProxyType(  # role, what stands on it, width
    {
        "shift": ("shift", "⇧", 1.5),
        "backspace": ("backspace", "⌫", 1.5),
        "space": ("space", "", 4.0),
        "enter": ("enter", "⏎", 1.5),
        "default": ("layer", "abc", 1.5),
        "numeric": ("layer", "123", 1.5),
        "symbols": ("layer", "#+=", 1.5),
    }
)
_UNSEEN: Final = MappingProxyType(
    {" ": "␣", "\u00a0": "⍽", "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ", "\u2060": "WJ"}
)


@dataclass(frozen=True)
class TouchFile:
    """What a file says about touch; all of it may be missing."""

    layers: Mapping[str, tuple[tuple[TouchKey, ...], ...]] = field(default_factory=dict)
    long_press: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flicks: Mapping[str, Mapping[Way, str]] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        rows: Mapping[str, tuple[tuple[str, ...], ...]],
        named: Named,
        long_press: Mapping[str, str],
        flicks: Mapping[str, Mapping[Any, str]],
    ) -> TouchFile:
        """From the cells of the file; KeyboardError (with the param `key`) for a cell that says nothing."""
        return cls(
            {
                layer: tuple(
                    tuple(_cell(cell, named, f"touch.layer[{at}].rows[{number}]") for cell in row)
                    for number, row in enumerate(cells)
                )
                for at, (layer, cells) in enumerate(rows.items())
            },
            {
                literal(key): tuple(_texts(offers, named, f"touch.longpress.{key}"))
                for key, offers in long_press.items()
            },
            {
                literal(key): {way: _text(cell, named, f"touch.flick.{key}") for way, cell in ways.items()}
                for key, ways in flicks.items()
            },
        )


def role_key(name: str) -> TouchKey:
    """One of the keys that every touch keyboard has, by its name in files ("shift", "numeric" …)."""
    role, label, width = _ROLES[name]
    return TouchKey(label=label, role=role, goes_to=name if role == "layer" else "", width=width)


def letter_key(text: str) -> TouchKey:
    """A key that gives a text."""
    return TouchKey(text, labelled(text))


def labelled(text: str) -> str:
    """What stands on a key that gives a text: something to see even for spaces, and a circle under a mark."""
    if text.isspace() or all(unicodedata.category(char) == "Cf" for char in text):
        return _UNSEEN.get(text, "␣")
    return DOTTED_CIRCLE + text if unicodedata.category(text[0]).startswith("M") else text


def _cell(cell: str, named: Named, where: str) -> TouchKey:
    name = _name(cell)
    if name in _ROLES:
        return role_key(name)
    text = _text(cell, named, where)
    return TouchKey(text, (named[name].get("label", "") if name else "") or labelled(text))


def _name(cell: str) -> str:
    return cell[1:-1] if len(cell) > 2 and cell[0] == "{" and cell[-1] == "}" else ""


def _text(cell: str, named: Named, where: str) -> str:
    name = _name(cell)
    if name and name not in named:
        raise KeyboardError("unknown_cell", f"{cell} names no key of this file", key=where, cell=cell)
    text = literal(named[name]["output"] if name else cell)
    if nfc(text) != text:
        problem = f"{shown(text)} is not NFC; write {shown(nfc(text))}"
        raise KeyboardError("not_nfc", problem, key=where, text=text, nfc=nfc(text))
    return text


def _texts(cells: str, named: Named, where: str) -> Iterator[str]:
    for cell in cells.split():
        yield _text(cell, named, where)
