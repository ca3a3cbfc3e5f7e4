"""The files of a site: all of the data folder but what can be made again, and the database's own files."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings

from config.backup.archive import CHUNK, Writer

PREFIX = "files/"
# By the first part of the name. The secret key is no part of a backup: whoever restores has (or makes) one.
DERIVED = {"static", "fonts", "cache", "stamps", "uploads", "search", "secret_key", "serve.lock"}


def kept() -> Iterator[Path]:
    """The files that belong into a backup, as paths relative to the data folder, in order."""
    root = Path(settings.DATA_DIR)
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if _belongs(here.relative_to(root) / name))
        yield from (
            here.relative_to(root) / name for name in sorted(names)
            if _belongs(here.relative_to(root) / name) and (here / name).is_file()
        )  # fmt: skip


def _belongs(relative: Path) -> bool:
    first = relative.parts[0]
    return not (
        first in DERIVED
        or first.startswith(("nhasan.sqlite3", "backup-", "restore-"))
        or relative.name.endswith(".part")
        # What steps of the media pipeline have not finished.
        or relative.parts[:3] == ("media", "derived", ".work")
    )


def pack(writer: Writer) -> int:
    """Write the files into the archive and say how many; one that is removed meanwhile is passed over."""
    count = 0
    for relative in kept():
        try:
            stream = (Path(settings.DATA_DIR) / relative).open("rb")
        except FileNotFoundError:
            continue
        with stream, writer.member(PREFIX + relative.as_posix(), compress=False) as target:
            shutil.copyfileobj(stream, target, CHUNK)
        count += 1
    return count


def unpack(archive: zipfile.ZipFile, names: Iterable[str], folder: Path) -> None:
    """Write the files of a (verified) archive into a folder beside their later places."""
    for name in names:
        path = folder / PurePosixPath(name).relative_to(PREFIX.rstrip("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, CHUNK)
            _to_disk(target)
        path.chmod(0o640)


def add_new(folder: Path) -> list[Path]:
    """Move what has no file in its place yet; gives the names that are taken (by other bytes, or by the same)."""
    taken = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        relative = path.relative_to(folder)
        place = Path(settings.DATA_DIR) / relative
        if place.exists():
            taken.append(relative)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            path.rename(place)
    return taken


def replace(folder: Path, taken: Iterable[Path]) -> None:
    """Put the restored files in the places of those that are there."""
    for relative in taken:
        (folder / relative).replace(Path(settings.DATA_DIR) / relative)


def _to_disk(stream: IO[bytes]) -> None:
    stream.flush()
    os.fsync(stream.fileno())
