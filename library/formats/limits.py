"""How large a file of records may be. The defaults are those of the settings table (NHASAN_IMPORT_…)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds on what is read: bytes of the file (unpacked), of one record, and how many fields a record has."""

    file: int = 1024 * 2**20
    record: int = 4096 * 2**10
    fields: int = 5000
