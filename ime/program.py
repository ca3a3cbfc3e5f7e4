"""What a keyboard does, spelled out: the finite rules that the reference engine runs and every target emits.

A `Program` is compiled from a `Keyboard` (`ime.compiling`): sets are expanded to single code points, upper case is
derived, and what Unicode normalisation (NFC) makes of a typed text stands there as rules, so that an engine which knows
nothing of Unicode types the same text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Modifiers = Literal["", "shift", "altgr", "shift+altgr"]
MODIFIERS: Final[tuple[Modifiers, ...]] = ("", "shift", "altgr", "shift+altgr")


@dataclass(frozen=True, order=True)
class Press:
    """A key pressed: the W3C UI Events `code` of its place ("KeyA") and what is held down with it."""

    code: str
    modifiers: Modifiers = ""


@dataclass(frozen=True)
class Backspace:
    """The key that takes back."""


BACKSPACE: Final = Backspace()
Stroke = Press | Backspace

Slot = tuple[str, ...]  # alternatives at one place of the context: distinct single code points


@dataclass(frozen=True)
class Mapped:
    """An output that depends on the context: `values[i]` where the slot `slot` of the context holds its alternative i.

    A value is any text (also none). A slot copied as it stands has its own alternatives as values.
    """

    slot: int
    values: tuple[str, ...]


Out = str | Mapped


@dataclass(frozen=True)
class Rule:
    """One rewriting: where `context` stands before the cursor and a key gives `trigger`, both become `output`.

    `context` is oldest first, one slot per code point; its first `kept` slots are only looked at and stay (they are not
    in `output`). No two rules of a program fire on the same text and trigger with contexts of the same length; where
    several match, the longest context counts. `trigger` is the whole output of a key, and empty in backspace rules.
    """

    context: tuple[Slot, ...]
    trigger: str
    kept: int
    output: tuple[Out, ...]


@dataclass(frozen=True)
class Dead:
    """A dead key: what stands on it, what it gives alone, and what it makes of the text the next key gives.

    `results` is total over the outputs of the keyboard's keys; a dead key pressed twice, or followed by space, gives
    `alone` (once).
    """

    name: str
    label: str
    alone: str
    results: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Program:
    """A keyboard, ready to run. Compared by identity.

    `keys` maps each press that does something to its output, or to the dead key of that name through `dead_presses`
    (a press is in one of the two). `rules` are sorted by falling length of context. `backspaces` have an empty trigger;
    where none matches, one code point is deleted. `composing` says whether the class of targets without context is out.
    """

    id: str
    composing: bool
    keys: Mapping[Press, str]
    dead_presses: Mapping[Press, str]
    dead: Mapping[str, Dead]
    rules: tuple[Rule, ...]
    backspaces: tuple[Rule, ...]
