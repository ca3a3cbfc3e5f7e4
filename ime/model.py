"""A keyboard as its file declares it: frozen values that the loader makes and everything else reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ime.program import Modifiers, Press
from languages.profile import Source

Kind = Literal["composing", "direct"]


@dataclass(frozen=True)
class Key:
    """What a key does on a layer: give `output`, or wait as the dead key `dead`. `label` is what stands on it."""

    output: str = ""
    dead: str = ""
    label: str = ""


@dataclass(frozen=True)
class DeadKey:
    """A dead key of the file: `results` maps what the next key gives to the letter that comes out."""

    name: str
    label: str
    alone: str
    results: Mapping[str, str]


@dataclass(frozen=True)
class Transform:
    """A rewriting of the file, its sets named: see docs/keyboards.md. `file` and `line` say where it stands."""

    before: str
    source: str  # `from`
    to: str
    file: str
    line: int


@dataclass(frozen=True)
class TouchKey:
    """A key of a touch layer: what a tap gives, what a long press offers, what a flick up, right, down, left gives.

    `role` is "letter", or one of the keys that every touch layer has: "shift", "backspace", "space", "enter", "layer"
    (which goes to the layer `goes_to`). `width` is in widths of a letter key. A letter key that is a dead key on the
    hardware layout does not appear on touch layers: what it makes is offered by long press.
    """

    output: str = ""
    label: str = ""
    long_press: tuple[str, ...] = ()
    flick: Mapping[Literal["up", "right", "down", "left"], str] = field(default_factory=dict)
    role: Literal["letter", "shift", "backspace", "space", "enter", "layer"] = "letter"
    goes_to: str = ""
    width: float = 1.0


@dataclass(frozen=True)
class TouchLayer:
    """One state of the touch keyboard ("default", "shift", "numeric", "symbols"): rows of keys, top first."""

    id: str
    rows: tuple[tuple[TouchKey, ...], ...]


@dataclass(frozen=True)
class TouchPress:
    """A touch: on which layer, which key (row and column), and how ("tap", "up", …, or which of the long press)."""

    layer: str
    row: int
    column: int
    gesture: Literal["tap", "long", "up", "right", "down", "left"] = "tap"
    choice: int = 0  # which of the long press's offers
    output: str = ""


@dataclass(frozen=True, eq=False)
class Keyboard:
    """One keyboard of one orthography. Immutable; compared by identity.

    `layers` maps what is held down to the keys of that layer by W3C code. `touch` is complete: what the file does not
    say is derived. `hash` changes when anything typed, drawn or packaged could change.
    """

    id: str
    orthography: str  # canonical tag
    language: str  # the profile's code
    kind: Kind
    version: str
    author: str
    licence: str
    reviewed: bool
    default: bool
    names: Mapping[str, str]
    why: Mapping[str, str]
    locales: tuple[str, ...]
    sources: tuple[Source, ...]
    layers: Mapping[Modifiers, Mapping[str, Key]]
    dead: Mapping[str, DeadKey]
    sets: Mapping[str, tuple[str, ...]]
    transforms: tuple[Transform, ...]
    backspaces: tuple[Transform, ...]
    cased: bool  # transforms fire for upper-case letters too
    touch: tuple[TouchLayer, ...]
    hash: str
    file: str

    def key(self, press: Press) -> Key | None:
        """What a press does, or nothing."""
        return self.layers.get(press.modifiers, {}).get(press.code)
