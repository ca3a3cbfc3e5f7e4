"""What a keyboard layout of Windows is made of, as values: the tables of Microsoft's kbd.h before they become bytes.

A layout of Windows knows five columns of characters (plain, Shift, Ctrl, AltGr, AltGr with Shift), dead keys and
"ligatures", its word for a key that gives more than one UTF-16 unit, and no context. What a dead key and a letter give
is one unit. A pair that is not in the table of dead keys gives the dead key's own character and then the letter, which
is what `ime.typing` says, too; a dead key pressed after a dead key is looked up by its own character.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ime.casing import are_cases
from ime.errors import BuildError, shown
from ime.positions import POSITIONS
from ime.program import Dead, Modifiers, Press, Program

COLUMNS: Final[tuple[Modifiers | None, ...]] = ("", "shift", None, "altgr", "shift+altgr")  # None: Ctrl
CONTROL_COLUMN: Final = 2
CAPLOK: Final = 0x01  # Caps Lock changes between plain and Shift
CAPLOKALTGR: Final = 0x04  # and between AltGr and AltGr with Shift
MOST_UNITS: Final = 4  # of a ligature, as the documentation of the Microsoft Keyboard Layout Creator says
_RESERVED: Final = range(0xF000, 0xF003)  # WCH_NONE, WCH_DEAD, WCH_LGTR
# What Ctrl gives with keys that every layout has; with letters Windows makes it itself.
_CONTROL: Final[Mapping[int, int]] = {0xDB: 0x1B, 0xDC: 0x1C, 0xDD: 0x1D, 0xE2: 0x1C, 0x20: 0x20}


@dataclass(frozen=True)
class Cell:
    """What a key gives in a column: UTF-16 units (none: nothing), or, with `dead`, the character of a dead key."""

    units: tuple[int, ...] = ()
    dead: bool = False


@dataclass(frozen=True)
class Row:
    """A key: its virtual key, what Caps Lock does to it, what it gives in each column."""

    virtual_key: int
    scan_code: int
    caps: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class DeadTable:
    """A dead key: its character, its name, and what it makes of the unit that follows."""

    unit: int
    name: str
    results: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Tables:
    """A layout. `altgr` says whether the right Alt key is AltGr."""

    rows: tuple[Row, ...]
    dead: tuple[DeadTable, ...]
    altgr: bool

    def ligatures(self) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """The keys that give several units: virtual key, column, units."""
        for row in self.rows:
            for column, cell in enumerate(row.cells):
                if len(cell.units) > 1:
                    yield row.virtual_key, column, cell.units


def tables(program: Program) -> Tables:
    """The tables of a program; BuildError for what Windows cannot say: see docs/keyboards-windows.md."""
    dead = {name: _own_unit(program, each) for name, each in sorted(program.dead.items())}
    names: dict[int, str] = {}
    for name, unit in dead.items():
        if unit in names:
            raise BuildError(
                "windows_dead_twice",
                f"{program.id}: the dead keys {names[unit]} and {name} both give {shown(chr(unit))} alone; Windows "
                "tells dead keys apart by that character. Give one of them another.",
                keyboard=program.id,
                first=names[unit],
                second=name,
                alone=chr(unit),
            )
        names[unit] = name
    return Tables(
        rows=tuple(_rows(program, dead)),
        dead=tuple(_dead(each, dead[name]) for name, each in sorted(program.dead.items())),
        altgr=any("altgr" in press.modifiers for press in (*program.keys, *program.dead_presses)),
    )


def lacking(program: Program) -> frozenset[Press]:
    """The dead keys that have a result for a key which gives several units: Windows cannot say it."""
    names = {
        name
        for name, each in program.dead.items()
        if any(len(utf16(text)) > 1 and _combines(each, text) for text in each.results)
    }
    return frozenset(press for press, name in program.dead_presses.items() if name in names)


def utf16(text: str) -> tuple[int, ...]:
    """The UTF-16 units of a text."""
    data = text.encode("utf-16-le")
    return tuple(int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2))


def _combines(dead: Dead, text: str) -> bool:
    return dead.results[text] != dead.alone + text


def _own_unit(program: Program, dead: Dead) -> int:
    units = _units(program, dead.alone)
    if len(units) != 1:
        raise BuildError(
            "windows_dead_alone",
            f"{program.id}: the dead key {dead.name} alone gives {shown(dead.alone)}; on Windows that has to be one "
            "character of the Basic Multilingual Plane.",
            keyboard=program.id,
            dead=dead.name,
            alone=dead.alone,
        )
    return units[0]


def _units(program: Program, text: str) -> tuple[int, ...]:
    units = utf16(text)
    if len(units) > MOST_UNITS or any(unit in _RESERVED for unit in units):
        raise BuildError(
            "windows_output",
            f"{program.id}: a key gives {shown(text)}; Windows takes at most {MOST_UNITS} UTF-16 units, none of them "
            "U+F000 to U+F002.",
            keyboard=program.id,
            text=text,
        )
    return units


def _rows(program: Program, dead: Mapping[str, int]) -> Iterator[Row]:
    for position in POSITIONS.values():
        control = _CONTROL.get(position.virtual_key)
        cells = tuple(
            (Cell((control,)) if control is not None else Cell())
            if held is None
            else _cell(program, Press(position.code, held), dead)
            for held in COLUMNS
        )
        outputs = [program.keys.get(Press(position.code, held), "") for held in COLUMNS if held is not None]
        caps = (CAPLOK if are_cases(*outputs[:2]) else 0) | (CAPLOKALTGR if are_cases(*outputs[2:]) else 0)
        yield Row(position.virtual_key, position.scan_code, caps, cells)


def _cell(program: Program, press: Press, dead: Mapping[str, int]) -> Cell:
    name = program.dead_presses.get(press)
    if name is not None:
        return Cell((dead[name],), dead=True)
    return Cell(_units(program, program.keys.get(press, "")))


def _dead(dead: Dead, unit: int) -> DeadTable:
    return DeadTable(unit, dead.name, tuple(_results(dead, dead.results)))


def _results(dead: Dead, texts: Iterable[str]) -> Iterator[tuple[int, int]]:
    """The pairs that give one unit; the others give what Windows gives for pairs that it does not know."""
    for text in sorted(texts):
        before, after = utf16(text), utf16(dead.results[text])
        if len(before) == 1 and len(after) == 1:
            yield before[0], after[0]
