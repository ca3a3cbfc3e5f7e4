"""The proof for Windows: the tables are read back from the built DLLs and typed through as Windows documents it.

All three DLLs are loaded at an address that is not their own and have to agree. How Windows reads the tables is said in
Microsoft's kbd.h, in the documentation of ToUnicodeEx and of the Microsoft Keyboard Layout Creator. No Windows runs
here: this shows that the DLLs say what they should, not that Windows takes them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ime.errors import BuildError
from ime.model import Keyboard
from ime.notation import show_keys
from ime.positions import POSITIONS
from ime.program import Modifiers, Press, Program, Stroke
from ime.proof.base import OwnReading
from ime.proof.windows_pe import I386, NATIVE, X64, Image
from ime.targets.base import Package

# How each DLL is made: its processor, and the size of pointers in the tables.
_KINDS: Final = {"x64": (X64, 8), "wow64": (I386, 8), "x86": (I386, 4)}
_CAPLOK, _CAPLOKALTGR = 1, 4
_NONE, _DEAD, _LIGATURE = 0xF000, 0xF001, 0xF002
_INVALID: Final = 0x0F
_SHIFT, _CONTROL, _ALT = 0x10, 0x11, 0x12  # virtual keys
_ALTGR: Final = 1  # KLLF_ALTGR
_HELD: Final[dict[Modifiers, tuple[bool, bool]]] = {  # Shift, AltGr
    "": (False, False),
    "shift": (True, False),
    "altgr": (False, True),
    "shift+altgr": (True, True),
}


class _WindowsTables(OwnReading):
    """Our own reading of the layout DLLs."""

    id = "windows-tables"
    target = "windows"

    def type_all(
        self, keyboard: Keyboard, program: Program, package: Package, sequences: Sequence[Sequence[Stroke]]
    ) -> list[str]:
        """What each sequence types through all three DLLs; BuildError if one cannot be read, or they differ."""
        layouts = [
            Layout(package.file(f"{folder}/{_name(package)}").data, folder) for folder in sorted(_KINDS)
        ]
        texts: list[str] = []
        for sequence in sequences:
            found = {layout.type(sequence) for layout in layouts}
            if len(found) > 1:
                keys = show_keys(sequence)
                raise BuildError(
                    "windows_differ",
                    f"{keyboard.id}: {keys} types different texts through the DLLs",
                    keys=keys,
                )
            texts += found
        return texts


WINDOWS_TABLES: Final = _WindowsTables()


def _name(package: Package) -> str:
    return package.file(".dll").path.rpartition("/")[2]


@dataclass(frozen=True)
class _Row:
    """An entry of VK_TO_WCHARSn, with that of its dead characters."""

    caps: int
    units: tuple[int, ...]
    dead: tuple[int, ...]


class Layout:
    """A layout DLL, ready to type. `kind` is "x64", "wow64" or "x86"."""

    def __init__(self, data: bytes, kind: str) -> None:
        self._image = Image(data)
        machine, self._pointer = _KINDS[kind]
        self._check(machine)
        try:
            self._read()
        except (struct.error, IndexError) as error:
            raise _wrong(f"its tables cannot be read: {error}") from None

    def type(self, strokes: Sequence[Stroke], *, caps_lock: bool = False) -> str:
        """The text of some presses, and nothing for a dead key that still waits."""
        units: list[int] = []
        pending = 0
        for stroke in strokes:
            if not isinstance(stroke, Press):
                raise _wrong("Backspace is not the layout's on Windows")
            given, dead = self._key(stroke, caps_lock)
            if not given:
                continue
            if pending:
                composed = self.dead.get((pending, given[0])) if len(given) == 1 else None
                units += [composed] if composed else [pending, *given]
                pending = 0
            elif dead:
                pending = given[0]
            else:
                units += given
        return struct.pack(f"<{len(units)}H", *units).decode("utf-16-le", "surrogatepass")

    def _key(self, press: Press, caps_lock: bool) -> tuple[Sequence[int], bool]:
        """The units of a key, and whether it is dead."""
        virtual_key = self.scan[POSITIONS[press.code].scan_code] & 0xFF
        shift, altgr = _HELD[press.modifiers]
        row = self.rows.get(virtual_key)
        if row is None:
            return (), False
        held = {_SHIFT} if shift else set()
        if altgr:
            held |= {_CONTROL, _ALT} if self.flags & _ALTGR else {_ALT}
        bits = sum(self.bits[key] for key in held)
        with_altgr = self.bits[_CONTROL] | self.bits[_ALT]
        beside = bits & ~self.bits[_SHIFT]
        if caps_lock and (
            (row.caps & _CAPLOK and not beside) or (row.caps & _CAPLOKALTGR and beside == with_altgr)
        ):
            bits ^= self.bits[_SHIFT]
        column = self.columns[bits] if bits < len(self.columns) else _INVALID
        if column == _INVALID or column >= len(row.units) or row.units[column] == _NONE:
            return (), False
        unit = row.units[column]
        if unit == _DEAD:
            return (row.dead[column],), True
        if unit == _LIGATURE:
            return self.ligatures[virtual_key, column], False
        return (unit,), False

    def _check(self, machine: int) -> None:
        image = self._image
        exports = image.exports()
        ordinal, address = exports.get("KbdLayerDescriptor", (0, 0))
        if list(exports) != ["KbdLayerDescriptor"] or ordinal != 1:
            raise _wrong(f"it has to export KbdLayerDescriptor alone, as 1, and exports {exports}")
        if image.machine != machine or image.subsystem != NATIVE or image.entry:
            raise _wrong("it is of the wrong kind, or has code that starts by itself")
        if image.directory(1) != (0, 0):
            raise _wrong("it imports something")
        if not image.executable(address):
            raise _wrong("its function cannot run")
        self._tables = _returned(image, address)
        start, size, _ = image.sections[".data"]
        if not start <= self._tables < start + size:
            raise _wrong("its tables are not in .data")

    # KBDTABLES and what it points to, in kbd.h's order; a structure is aligned like its widest member.

    def _read(self) -> None:
        pointer = self._pointer
        at = self._tables
        modifiers, characters, dead, names, names_extended, names_dead, scan = (
            self._address(at + pointer * number) for number in range(7)
        )
        last = at + pointer * 7
        size = self._image.memory[last]
        self._address(last + pointer)  # the tables of the scan codes behind E0 and E1
        self._address(last + 2 * pointer)
        after = last + 3 * pointer
        (self.flags,) = struct.unpack_from("<I", self._image.memory, after)
        most, entry = self._image.memory[after + 4], self._image.memory[after + 5]
        ligatures = self._address(after + 8)
        self.scan = struct.unpack_from(f"<{size}H", self._image.memory, scan)
        self._read_modifiers(modifiers)
        self.rows = dict(self._rows(characters))
        self.dead = dict(self._dead(dead)) if dead else {}
        self.ligatures = dict(self._ligatures(ligatures, most, entry)) if ligatures else {}
        self.names = [self._text(each) for each in self._named(names) + self._named(names_extended)]
        self.dead_names = [self._text(each) for each in self._pointers(names_dead)] if names_dead else []

    def _read_modifiers(self, at: int) -> None:
        memory = self._image.memory
        bits = self._address(at)
        self.bits: dict[int, int] = {}
        while memory[bits]:
            self.bits[memory[bits]] = memory[bits + 1]
            bits += 2
        (most,) = struct.unpack_from("<H", memory, at + self._pointer)
        first = at + self._pointer + 2
        self.columns = tuple(memory[first : first + most + 1])

    def _rows(self, at: int) -> Iterator[tuple[int, _Row]]:
        memory = self._image.memory
        while table := self._address(at):
            columns, size = memory[at + self._pointer], memory[at + self._pointer + 1]
            while memory[table]:
                units = struct.unpack_from(f"<{columns}H", memory, table + 2)
                key, caps, dead = memory[table], memory[table + 1], ()
                if _DEAD in units:
                    table += size
                    if memory[table] != 0xFF:
                        raise _wrong(f"key {key:#x} has no row of dead characters")
                    dead = struct.unpack_from(f"<{columns}H", memory, table + 2)
                yield key, _Row(caps, units, dead)
                table += size
            at += 2 * self._pointer

    def _dead(self, at: int) -> Iterator[tuple[tuple[int, int], int]]:
        while True:
            base, dead, composed, flags = struct.unpack_from("<HHHH", self._image.memory, at)
            if not base and not dead:
                return
            if flags:
                raise _wrong("a dead key waits for a third key")
            yield (dead, base), composed
            at += 8

    def _ligatures(self, at: int, most: int, size: int) -> Iterator[tuple[tuple[int, int], tuple[int, ...]]]:
        memory = self._image.memory
        while memory[at]:
            (column,) = struct.unpack_from("<H", memory, at + 2)
            units = struct.unpack_from(f"<{most}H", memory, at + 4)
            yield (memory[at], column), tuple(unit for unit in units if unit != _NONE)
            at += size

    def _named(self, at: int) -> list[int]:
        found = []
        while self._image.memory[at]:
            found.append(self._address(at + self._pointer))
            at += 2 * self._pointer
        return found

    def _pointers(self, at: int) -> Iterator[int]:
        while address := self._address(at):
            yield address
            at += self._pointer

    def _text(self, at: int) -> str:
        memory = self._image.memory
        end = at
        while memory[end : end + 2] != b"\0\0":
            end += 2
        return memory[at:end].decode("utf-16-le")

    def _address(self, at: int) -> int:
        """The relative address that a pointer holds, 0 for none."""
        value = int.from_bytes(self._image.memory[at : at + self._pointer], "little")
        if not value:
            return 0
        address = value - self._image.base
        if not 0 < address < len(self._image.memory):
            raise _wrong(f"a pointer leads out of it ({value:#x})")
        return address


def _returned(image: Image, at: int) -> int:
    """The relative address that the function returns: it is two or three instructions long, and has to be these."""
    code = bytes(image.memory[at : at + 8])
    if image.machine == X64 and code[:3] == b"\x48\x8d\x05" and code[7] == 0xC3:  # lea rax, [rip+…]; ret
        return at + 7 + int.from_bytes(code[3:7], "little", signed=True)
    if (
        image.machine == I386 and code[:1] == b"\xb8" and code[5:8] == b"\x31\xd2\xc3"
    ):  # mov eax, …; xor edx, edx; ret
        return int.from_bytes(code[1:5], "little") - image.base
    raise _wrong("its function is another")


def _wrong(what: str) -> BuildError:
    return BuildError("windows_dll", f"The layout DLL is not as it should be: {what}.", what=what)
