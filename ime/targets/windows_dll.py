"""The layout DLL: tables as assembler source, made into a DLL by the assembler and linker of MinGW-w64.

No compiler is needed: a layout is tables and one function that returns their address. The tables are those of
Microsoft's kbd.h. Three kinds are built, for Windows has three:

- x64: System32 of 64-bit Windows;
- wow64: SysWOW64 of 64-bit Windows, 32-bit code whose pointers in the tables take 64 bits (BUILD_WOW6432 in kbd.h);
- x86: System32 of 32-bit Windows.

There is no linker for 64-bit ARM in Debian's MinGW-w64, and Windows on ARM takes layouts of its own kind alone.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ime.errors import BuildError
from ime.targets.windows_names import KEY_NAMES, KEY_NAMES_EXTENDED
from ime.targets.windows_tables import CONTROL_COLUMN, Cell, Tables

_SCRIPT: Final = Path(__file__).parent / "files" / "windows-layout.ld"
_BASE: Final = "0x5fff0000"  # as Microsoft's tools have it; below 2 GB, so that an address fits into 32 bits
_TIMEOUT: Final = 60  # seconds; a layout takes 0.05
_MOST_SAID: Final = 500
_ALTGR: Final = 0x0001  # KLLF_ALTGR
_VERSION: Final = 0x0001_0000  # KBD_VERSION, in the upper word of the flags
_NONE, _DEAD, _LIGATURE = 0xF000, 0xF001, 0xF002  # WCH_*
_INVALID: Final = 0x0F  # SHFT_INVALID
_TYPE: Final = 4  # enhanced keyboards of 101 or 102 keys
_EXTENDED, _MULTI, _SPECIAL, _NUMPAD = 0x100, 0x200, 0x400, 0x800  # KBDEXT, KBDMULTIVK, KBDSPECIAL, KBDNUMPAD


@dataclass(frozen=True)
class Machine:
    """A kind of Windows: the tools' prefix, Debian's package of them, the size of pointers in code and in tables."""

    id: str
    prefix: str
    package: str
    emulation: str
    code: int
    pointer: int


MACHINES: Final[Mapping[str, Machine]] = MappingProxyType(
    {
        machine.id: machine
        for machine in (
            Machine("x64", "x86_64-w64-mingw32", "binutils-mingw-w64-x86-64", "i386pep", 8, 8),
            Machine("wow64", "i686-w64-mingw32", "binutils-mingw-w64-i686", "i386pe", 4, 8),
            Machine("x86", "i686-w64-mingw32", "binutils-mingw-w64-i686", "i386pe", 4, 4),
        )
    }
)

# Virtual keys by scan code (kbd.h, keyboards of type 4, US): what the layout's own keys do not say.
_SCAN: Final[Mapping[int, int]] = {
    0x01: 0x1B, 0x0E: 0x08, 0x0F: 0x09, 0x1C: 0x0D, 0x1D: 0xA2, 0x2A: 0xA0, 0x36: 0xA1 | _EXTENDED,
    0x37: 0x6A | _MULTI, 0x38: 0xA4, 0x3A: 0x14, 0x3B: 0x70, 0x3C: 0x71, 0x3D: 0x72, 0x3E: 0x73, 0x3F: 0x74,
    0x40: 0x75, 0x41: 0x76, 0x42: 0x77, 0x43: 0x78, 0x44: 0x79, 0x45: 0x90 | _EXTENDED | _MULTI, 0x46: 0x91 | _MULTI,
    0x47: 0x24 | _NUMPAD | _SPECIAL, 0x48: 0x26 | _NUMPAD | _SPECIAL, 0x49: 0x21 | _NUMPAD | _SPECIAL, 0x4A: 0x6D,
    0x4B: 0x25 | _NUMPAD | _SPECIAL, 0x4C: 0x0C | _NUMPAD | _SPECIAL, 0x4D: 0x27 | _NUMPAD | _SPECIAL, 0x4E: 0x6B,
    0x4F: 0x23 | _NUMPAD | _SPECIAL, 0x50: 0x28 | _NUMPAD | _SPECIAL, 0x51: 0x22 | _NUMPAD | _SPECIAL,
    0x52: 0x2D | _NUMPAD | _SPECIAL, 0x53: 0x2E | _NUMPAD | _SPECIAL, 0x54: 0x2C, 0x57: 0x7A, 0x58: 0x7B, 0x64: 0x7C,
    0x65: 0x7D, 0x66: 0x7E, 0x67: 0x7F, 0x68: 0x80, 0x69: 0x81, 0x6A: 0x82, 0x6B: 0x83, 0x6C: 0x84, 0x6D: 0x85,
    0x6E: 0x86, 0x76: 0x87,
}  # fmt: skip
_NO_KEY: Final = 0xFF
_SCAN_E0: Final[Mapping[int, int]] = {
    0x10: 0xB1, 0x19: 0xB0, 0x1C: 0x0D, 0x1D: 0xA3, 0x20: 0xAD, 0x21: 0xB7, 0x22: 0xB3, 0x24: 0xB2, 0x2E: 0xAE,
    0x30: 0xAF, 0x32: 0xAC, 0x35: 0x6F, 0x37: 0x2C, 0x38: 0xA5, 0x46: 0x03, 0x47: 0x24, 0x48: 0x26, 0x49: 0x21,
    0x4B: 0x25, 0x4D: 0x27, 0x4F: 0x23, 0x50: 0x28, 0x51: 0x22, 0x52: 0x2D, 0x53: 0x2E, 0x5B: 0x5B, 0x5C: 0x5C,
    0x5D: 0x5D, 0x5F: 0x5F, 0x65: 0xAA, 0x66: 0xAB, 0x67: 0xA8, 0x68: 0xA9, 0x69: 0xA7, 0x6A: 0xA6, 0x6B: 0xB6,
    0x6C: 0xB4, 0x6D: 0xB5,
}  # fmt: skip
_SCAN_E1: Final[Mapping[int, int]] = {0x1D: 0x13}
# Characters of keys that are the same on every layout: by virtual key, in as many columns as there are values.
_SAME: Final[tuple[Mapping[int, tuple[int, ...]], ...]] = (
    {0x08: (8, 8, 0x7F), 0x1B: (0x1B, 0x1B, 0x1B), 0x0D: (13, 13, 10), 0x03: (3, 3, 3)},
    {0x09: (9, 9), 0x6B: (0x2B, 0x2B), 0x6F: (0x2F, 0x2F), 0x6A: (0x2A, 0x2A), 0x6D: (0x2D, 0x2D), 0x6E: (0x2E, 0x2E)},
    {0x60 + digit: (0x30 + digit,) for digit in range(10)},  # last: VkKeyScan looks in the row above first
)  # fmt: skip


def missing() -> str:
    """Which of the tools is missing here, as a sentence; empty if nothing is."""
    for machine in MACHINES.values():
        if shutil.which(f"{machine.prefix}-as") is None or shutil.which(f"{machine.prefix}-ld") is None:
            return f"MinGW-w64 is not installed; on Debian: apt install {machine.package}"
    return ""


def dll(name: str, source: str, machine: Machine) -> bytes:
    """The DLL `name` of an assembler source; BuildError if MinGW-w64 is missing or refuses it."""
    if lacking := missing():
        raise BuildError("no_mingw", lacking, tool="mingw-w64")
    with tempfile.TemporaryDirectory(prefix="windows-layout-") as folder:
        at = Path(folder)
        (at / "layout.s").write_text(source, encoding="ascii")
        (at / "layout.def").write_text(
            f'LIBRARY "{name}"\nEXPORTS\n  KbdLayerDescriptor @1\n', encoding="ascii"
        )
        _run(at, f"{machine.prefix}-as", "-o", "layout.o", "layout.s")
        _run(
            at, f"{machine.prefix}-ld", "-m", machine.emulation, "-shared", "-s", "--subsystem", "native:5.2",
            "-e", "0", "--image-base", _BASE, "--no-insert-timestamp", "--enable-reloc-section", "-T", str(_SCRIPT),
            "-o", name, "layout.o", "layout.def",
        )  # fmt: skip
        return (at / name).read_bytes()


def _run(folder: Path, *command: str) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise BuildError("mingw_slow", f"{command[0]} took over {_TIMEOUT} s") from error
    if done.returncode:
        said = done.stderr.strip()[:_MOST_SAID]
        raise BuildError("mingw_failed", f"{command[0]} says: {said}", program=command[0], said=said)


def source(layout: Tables, machine: Machine) -> str:
    """The assembler source of a layout."""
    return "\n".join([*_source(layout, machine), ""])


def _source(layout: Tables, machine: Machine) -> Iterator[str]:
    write = _Writer(machine.code, machine.pointer)
    dead_names = [(f"dead{number}", each) for number, each in enumerate(layout.dead)]
    longest = max((len(units) for _, _, units in layout.ligatures()), default=0)
    yield "  .data"
    yield from write.label("tables")
    for label in ("modifiers", "characters", "dead" if layout.dead else "", "names", "names_extended"):
        yield write.pointer(label)
    yield write.pointer("names_dead" if layout.dead else "")
    yield write.pointer("scan")
    yield f"  .byte {_scan_size(layout)}"
    yield write.aligned()
    yield write.pointer("scan_e0")
    yield write.pointer("scan_e1")
    yield f"  .long {_VERSION | (_ALTGR if layout.altgr else 0):#x}"
    yield f"  .byte {longest}, {4 + 2 * longest if longest else 0}"
    yield write.aligned()
    yield write.pointer("ligatures" if longest else "")
    yield f"  .long {_TYPE}, 0"
    yield from _modifiers(write)
    yield from _characters(layout, write)
    if layout.dead:
        yield from _dead(layout, write)
        yield from write.label("names_dead")
        yield from (write.pointer(label) for label, _ in dead_names)
        yield write.pointer("")
    for label, names in (("names", KEY_NAMES), ("names_extended", KEY_NAMES_EXTENDED)):
        yield from write.label(label)
        for code in names:
            yield f"  .byte {code:#04x}"
            yield write.aligned()
            yield write.pointer(f"{label}_{code:02x}")
        yield "  .byte 0"
        yield write.aligned()
        yield write.pointer("")
    yield from _scan(layout, write)
    if longest:
        yield from write.label("ligatures")
        for key, column, units in layout.ligatures():
            yield f"  .byte {key:#04x}, 0"
            yield _words([column, *units, *[_NONE] * (longest - len(units))])
        yield _words([0] * (2 + longest))
    for label, dead in dead_names:
        yield from write.text(label, chr(dead.unit) + dead.name)
    for label, names in (("names", KEY_NAMES), ("names_extended", KEY_NAMES_EXTENDED)):
        for code, name in names.items():
            yield from write.text(f"{label}_{code:02x}", name)
    yield "  .text"
    if machine.code == 8:
        yield from (
            "  .globl KbdLayerDescriptor",
            "KbdLayerDescriptor:",
            "  leaq tables(%rip), %rax",
            "  ret",
        )
    else:
        # The upper half of the address, which has 64 bits under WOW64, is nothing; 32-bit Windows does not look.
        yield from ("  .globl _KbdLayerDescriptor", "_KbdLayerDescriptor:")
        yield from ("  movl $tables, %eax", "  xorl %edx, %edx", "  ret")


@dataclass(frozen=True)
class _Writer:
    """Writes what differs between machines: pointers, in code and in tables, and how things are aligned."""

    code: int
    size: int

    def label(self, name: str) -> Iterator[str]:
        yield self.aligned()
        yield f"{name}:"

    def aligned(self) -> str:
        return f"  .balign {self.size}"

    def pointer(self, label: str) -> str:
        """The address of a label (none: no address). A pointer of 64 bits in 32-bit code has an empty upper half."""
        if self.code == 8:
            return f"  .quad {label or 0}"
        return f"  .long {label or 0}{', 0' if self.size == 8 else ''}"

    def text(self, label: str, text: str) -> Iterator[str]:
        yield from self.label(label)
        data = text.encode("utf-16-le") + b"\0\0"
        yield _words([int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2)])


def _words(values: Sequence[int]) -> str:
    return f"  .short {', '.join(f'{value:#06x}' for value in values)}"


def _modifiers(write: _Writer) -> Iterator[str]:
    """Shift, Ctrl and Alt are bits 1, 2, 4; the table says which column each sum of them is."""
    yield from write.label("bits")
    yield "  .byte 0x10, 1, 0x11, 2, 0x12, 4, 0, 0"
    yield from write.label("modifiers")
    yield write.pointer("bits")
    yield "  .short 7"
    yield f"  .byte 0, 1, {CONTROL_COLUMN}, {_INVALID}, {_INVALID}, {_INVALID}, 3, 4"


def _characters(layout: Tables, write: _Writer) -> Iterator[str]:
    same = [(f"same{number}", rows) for number, rows in enumerate(_SAME)]
    widths = {"own": 5, **{label: len(next(iter(rows.values()))) for label, rows in same}}
    yield from write.label("characters")
    for label, width in widths.items():
        yield write.pointer(label)
        yield f"  .byte {width}, {2 + 2 * width}"
        yield write.aligned()
    yield write.pointer("")
    yield "  .byte 0, 0"
    yield from write.label("own")
    for row in layout.rows:
        yield f"  .byte {row.virtual_key:#04x}, {row.caps}"
        yield _words([_unit(cell) for cell in row.cells])
        if any(cell.dead for cell in row.cells):
            yield f"  .byte {_NO_KEY:#04x}, 0"
            yield _words([cell.units[0] if cell.dead else _NONE for cell in row.cells])
    yield _words([0] * 6)
    for label, rows in same:
        yield from write.label(label)
        for key, units in rows.items():
            yield f"  .byte {key:#04x}, 0"
            yield _words(units)
        yield _words([0] * (1 + widths[label]))


def _unit(cell: Cell) -> int:
    if cell.dead:
        return _DEAD
    return _NONE if not cell.units else cell.units[0] if len(cell.units) == 1 else _LIGATURE


def _dead(layout: Tables, write: _Writer) -> Iterator[str]:
    yield from write.label("dead")
    for each in layout.dead:
        for before, after in each.results:
            yield _words([before, each.unit, after, 0])
    yield "  .long 0, 0"


def _scan_table(layout: Tables) -> dict[int, int]:
    return {**_SCAN, **{row.scan_code: row.virtual_key for row in layout.rows}}


def _scan_size(layout: Tables) -> int:
    return max(_scan_table(layout)) + 1


def _scan(layout: Tables, write: _Writer) -> Iterator[str]:
    keys = _scan_table(layout)
    yield from write.label("scan")
    yield _words([keys.get(code, _NO_KEY) for code in range(_scan_size(layout))])
    for label, table, flag in (("scan_e0", _SCAN_E0, _EXTENDED), ("scan_e1", _SCAN_E1, 0)):
        yield from write.label(label)
        for code, key in table.items():
            yield f"  .byte {code:#04x}, 0"
            yield _words([key | flag])
        yield "  .long 0"
