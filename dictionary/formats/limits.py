"""How large a file from outside may be. The defaults are those of the settings table (NHASAN_IMPORT_…)."""

from __future__ import annotations

from dataclasses import dataclass, field

from dictionary.domain.validation import Limits as EntryLimits


@dataclass(frozen=True)
class Limits:
    """Bounds on what is read: bytes of the file (unpacked), of one entry or cell, files in an archive, its ratio.

    `tree` holds the bounds of an entry once it is read.
    """

    file: int = 1024 * 2**20
    entry: int = 4096 * 2**10
    header: int = 16 * 2**20
    archive_files: int = 20_000
    archive_ratio: int = 200
    tree: EntryLimits = field(default_factory=EntryLimits)
