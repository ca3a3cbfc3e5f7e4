"""The source of a layout as the Microsoft Keyboard Layout Creator writes it (.klc), for those who build with that.

UTF-16 with a byte order mark, lines end with CR LF, cells are parted by tabs.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ime.targets.windows_names import KEY_NAMES, KEY_NAMES_EXTENDED
from ime.targets.windows_tables import COLUMNS, Cell, Row, Tables

# What the Creator calls virtual keys that are no letters and digits (those are called by themselves).
_KEYS: Final[Mapping[int, str]] = {
    0x20: "SPACE", 0xBA: "OEM_1", 0xBB: "OEM_PLUS", 0xBC: "OEM_COMMA", 0xBD: "OEM_MINUS", 0xBE: "OEM_PERIOD",
    0xBF: "OEM_2", 0xC0: "OEM_3", 0xDB: "OEM_4", 0xDC: "OEM_5", 0xDD: "OEM_6", 0xDE: "OEM_7", 0xE2: "OEM_102",
}  # fmt: skip
_STATES: Final = (0, 1, 2, 6, 7)  # plain, Shift, Ctrl, AltGr, AltGr with Shift: the columns
_PLAIN: Final = 3  # columns without AltGr


@dataclass(frozen=True)
class About:
    """What the source says about itself. `locale` is the number that Windows has for a language."""

    name: str
    title: str
    author: str
    version: str
    tag: str
    locale: int
    language: str


def klc(layout: Tables, about: About) -> bytes:
    """The file."""
    return codecs.BOM_UTF16_LE + "".join(f"{line}\r\n" for line in _lines(layout, about)).encode("utf-16-le")


def _lines(layout: Tables, about: About) -> Iterator[str]:
    columns = len(COLUMNS) if layout.altgr else _PLAIN
    yield from (f'KBD\t{about.name}\t"{_plain(about.title)}"', "")
    yield from (f'COPYRIGHT\t"{_plain(about.author)}"', "", f'COMPANY\t"{_plain(about.author)}"', "")
    yield from (f'LOCALENAME\t"{about.tag}"', "", f'LOCALEID\t"{about.locale:08x}"', "")
    yield from (f"VERSION\t{about.version}", "", "SHIFTSTATE", "")
    yield from map(str, _STATES[:columns])
    yield from ("", "LAYOUT", "")
    for row in layout.rows:
        yield "\t".join((f"{row.scan_code:02x}", _key(row), str(row.caps), *map(_cell, row.cells[:columns])))
    yield ""
    ligatures = list(layout.ligatures())
    if ligatures:
        yield from ("LIGATURE", "")
        names = {row.virtual_key: _key(row) for row in layout.rows}
        for key, column, units in ligatures:
            yield "\t".join((names[key], str(column), *(f"{unit:04x}" for unit in units)))
        yield ""
    for dead in layout.dead:
        yield from (f"DEADKEY\t{dead.unit:04x}", "")
        for before, after in dead.results:
            yield f"{before:04x}\t{after:04x}\t// {_shown(before)} -> {_shown(after)}"
        yield ""
    for head, named in (("KEYNAME", KEY_NAMES), ("KEYNAME_EXT", KEY_NAMES_EXTENDED)):
        yield from (head, "")
        yield from (f'{code:02x}\t"{name}"' for code, name in named.items())
        yield ""
    if layout.dead:
        yield from ("KEYNAME_DEAD", "")
        yield from (f'{dead.unit:04x}\t"{_plain(dead.name)}"' for dead in layout.dead)
        yield ""
    yield from ("DESCRIPTIONS", "", f"{about.locale:04x}\t{_plain(about.title)}", "")
    yield from ("LANGUAGENAMES", "", f"{about.locale:04x}\t{_plain(about.language)}", "", "ENDKBD")


def _key(row: Row) -> str:
    return _KEYS.get(row.virtual_key) or chr(row.virtual_key)


def _cell(cell: Cell) -> str:
    if not cell.units:
        return "-1"
    if len(cell.units) > 1:
        return "%%"
    char = chr(cell.units[0])
    if cell.dead:
        return f"{cell.units[0]:04x}@"
    return char if char.isascii() and char.isalnum() else f"{cell.units[0]:04x}"


def _shown(unit: int) -> str:
    """A character for a comment: marks, blanks and controls by number."""
    char = chr(unit)
    return char if unicodedata.category(char)[0] in "LNPS" else f"U+{unit:04X}"


def _plain(text: str) -> str:
    return text.replace('"', "'")
