"""How large a file from outside may be. The defaults are those of the settings table (NHASAN_IMPORT_…)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds on what is read: bytes of the file (unpacked), of one entry or cell, files in an archive, its ratio."""

    file: int = 1024 * 2**20
    entry: int = 4096 * 2**10
    header: int = 64 * 2**20
    archive_files: int = 20_000
    archive_ratio: int = 200

    @classmethod
    def of(cls, *, max_mb: int, entry_kb: int, archive_files: int) -> Limits:
        """The limits that the site's settings give."""
        return cls(file=max_mb * 2**20, entry=entry_kb * 2**10, archive_files=archive_files)
