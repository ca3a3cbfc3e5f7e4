"""What Caps Lock does, in every package: it turns Shift around on letters with two cases, and on nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ime.program import Modifiers, Press, Program

SHIFTED: Final[Mapping[Modifiers, Modifiers]] = MappingProxyType(
    {"": "shift", "shift": "", "altgr": "shift+altgr", "shift+altgr": "altgr"}
)
"""The same modifiers with Shift turned around."""


def are_cases(low: str, high: str) -> bool:
    """Whether these, without and with Shift, are one letter in its two cases."""
    return bool(low) and low != high and low.upper() == high


def with_caps(program: Program, code: str, held: Modifiers) -> Modifiers:
    """The modifiers that count on a key when Caps Lock is on."""
    other = SHIFTED[held]
    low, high = (held, other) if held in ("", "altgr") else (other, held)
    cases = are_cases(program.keys.get(Press(code, low), ""), program.keys.get(Press(code, high), ""))
    return other if cases else held
