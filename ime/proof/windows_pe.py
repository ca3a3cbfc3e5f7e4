"""Reads a DLL of Windows as the loader does: the file laid out in memory, moved to another address by its relocations.

Only what a keyboard layout needs (Microsoft PE/COFF specification): headers, sections, exports, base relocations.
"""

from __future__ import annotations

import struct
from typing import Final

from ime.errors import BuildError

_RELOCATED: Final = {
    0: 0,
    3: 4,
    10: 8,
}  # IMAGE_REL_BASED_ABSOLUTE, _HIGHLOW, _DIR64: how many bytes are moved
X64: Final = 0x8664
I386: Final = 0x014C
NATIVE: Final = 1  # IMAGE_SUBSYSTEM_NATIVE
_EXECUTABLE: Final = 0x2000_0000  # IMAGE_SCN_MEM_EXECUTE


class Image:
    """A DLL in memory at `base`, which is not where it wants to be, so that a missing relocation shows."""

    machine: int
    entry: int
    subsystem: int
    base: int

    def __init__(self, data: bytes) -> None:
        try:
            self._load(data)
        except (struct.error, IndexError, UnicodeDecodeError) as error:
            raise BuildError(
                "windows_pe", f"The layout DLL cannot be read: {error}", error=str(error)
            ) from None

    def _load(self, data: bytes) -> None:
        (header,) = struct.unpack_from("<I", data, 0x3C)
        if data[:2] != b"MZ" or data[header : header + 4] != b"PE\0\0":
            raise BuildError("windows_pe", "The layout DLL has no PE header.")
        self.machine, count, _, _, _, optional, _ = struct.unpack_from("<HHIIIHH", data, header + 4)
        start = header + 24
        (magic,) = struct.unpack_from("<H", data, start)
        wide = magic == 0x20B
        (self.entry,) = struct.unpack_from("<I", data, start + 16)
        (wanted,) = struct.unpack_from("<Q" if wide else "<I", data, start + (24 if wide else 28))
        size, headers = struct.unpack_from("<II", data, start + 56)
        (self.subsystem,) = struct.unpack_from("<H", data, start + 68)
        self._directories = start + (112 if wide else 96)
        self.memory = bytearray(size)
        self.memory[:headers] = data[:headers]
        self.sections: dict[str, tuple[int, int, int]] = {}
        for number in range(count):
            at = start + optional + 40 * number
            name = data[at : at + 8].rstrip(b"\0").decode("ascii")
            virtual_size, address, raw_size, raw = struct.unpack_from("<IIII", data, at + 8)
            (flags,) = struct.unpack_from("<I", data, at + 36)
            length = min(virtual_size, raw_size)
            self.memory[address : address + length] = data[raw : raw + length]
            self.sections[name] = (address, virtual_size, flags)
        self.base = wanted + 0x10_0000
        self._relocate(0x10_0000)

    def directory(self, number: int) -> tuple[int, int]:
        """The address, relative to the image, and the size of a data directory (0: exports, 1: imports)."""
        address, size = struct.unpack_from("<II", self.memory, self._directories + 8 * number)
        return address, size

    def exports(self) -> dict[str, tuple[int, int]]:
        """What is exported: ordinal and relative address by name."""
        at, _ = self.directory(0)
        base, _, names, functions, name_table, ordinals = struct.unpack_from("<IIIIII", self.memory, at + 16)
        found = {}
        for number in range(names):
            (name,) = struct.unpack_from("<I", self.memory, name_table + 4 * number)
            (index,) = struct.unpack_from("<H", self.memory, ordinals + 2 * number)
            (address,) = struct.unpack_from("<I", self.memory, functions + 4 * index)
            end = self.memory.index(0, name)
            found[self.memory[name:end].decode("ascii")] = (base + index, address)
        return found

    def executable(self, address: int) -> bool:
        """Whether code may run at a relative address."""
        return any(
            start <= address < start + size and flags & _EXECUTABLE
            for start, size, flags in self.sections.values()
        )

    def _relocate(self, by: int) -> None:
        at, size = self.directory(5)
        end = at + size
        while at < end:
            page, length = struct.unpack_from("<II", self.memory, at)
            for number in range((length - 8) // 2):
                (entry,) = struct.unpack_from("<H", self.memory, at + 8 + 2 * number)
                width = _RELOCATED.get(entry >> 12)
                if width is None:
                    raise BuildError("windows_pe", f"The layout DLL has a relocation of kind {entry >> 12}.")
                place = page + (entry & 0xFFF)
                value = int.from_bytes(self.memory[place : place + width], "little") + by
                self.memory[place : place + width] = value.to_bytes(8, "little")[:width]
            at += length
