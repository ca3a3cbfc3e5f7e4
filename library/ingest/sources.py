"""Finding files in folders and zip archives, and opening them: links are not followed, nothing is unpacked to disk."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO, Final

from django.conf import settings

from dictionary.formats.archive import Archive, is_zip
from dictionary.formats.errors import FileError
from dictionary.formats.limits import Limits
from library.ingest.problems import Problem
from media_pipeline.domain.blobs import FileRefusedError, original_type

_IGNORED: Final = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_HEAD: Final = 4096
_DIGITS: Final = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Found:
    """A file: its path as people see it (with the name of the folder given, NFC), where it lies, its size.

    `inner` is its name in the archive at `path`; `stamp` changes when the file is written.
    """

    name: str
    path: str
    inner: str = ""
    size: int = 0
    stamp: int = 0

    @property
    def folder(self) -> str:
        """The path of its folder; "" for a file that was given by itself."""
        return self.name.rpartition("/")[0]

    @property
    def base(self) -> str:
        """Its name without folders."""
        return self.name.rpartition("/")[2]


@dataclass(frozen=True)
class Listing:
    """What was found under the paths given: files in natural order, and what cannot be taken (its path, why)."""

    roots: tuple[str, ...] = ()
    files: tuple[Found, ...] = ()
    problems: tuple[tuple[str, Problem], ...] = ()


@dataclass
class _Walk:
    files: list[Found] = field(default_factory=list)
    problems: list[tuple[str, Problem]] = field(default_factory=list)


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key that puts page-2 before page-10."""
    parts = _DIGITS.split(name.casefold())
    return (
        *tuple((1, int(part), "") if at % 2 else (0, 0, part) for at, part in enumerate(parts)),
        (2, 0, name),
    )


def found(paths: list[Path], leave_out: Path | None = None) -> Listing:
    """The files under some paths: folders, zip archives, single files. Raises Problem, FileError, OSError.

    `leave_out` is the table, which may lie among them.
    """
    walk, roots = _Walk(), []
    for path in paths:
        whole = path.resolve(strict=True)
        name = _nfc(whole.name)
        if whole.is_dir():
            roots.append(name)
            _folder(whole, name, walk, leave_out)
        elif is_zip(whole):
            name = _nfc(whole.stem)
            roots.append(name)
            with Archive(whole, limits(), whole.name) as archive:
                for inner, info in archive.members.items():
                    if not _is_ignored(inner):
                        stamp = info.CRC
                        file = Found(f"{name}/{_nfc(inner)}", str(whole), inner, info.file_size, stamp)
                        walk.files.append(file)
        else:
            status = whole.stat()
            walk.files.append(Found(name, str(whole), "", status.st_size, status.st_mtime_ns))
    if len(walk.files) > settings.NHASAN_IMPORT_MAX_FILES:
        raise Problem("too-many-files", limit=settings.NHASAN_IMPORT_MAX_FILES)
    walk.files.sort(key=lambda file: natural(file.name))
    return Listing(tuple(roots), tuple(walk.files), tuple(walk.problems))


def _folder(folder: Path, name: str, walk: _Walk, leave_out: Path | None) -> None:
    for entry in sorted(os.scandir(folder), key=lambda entry: natural(entry.name)):
        if _is_ignored(entry.name) or (leave_out is not None and Path(entry.path) == leave_out):
            continue
        shown = f"{name}/{_nfc(entry.name)}"
        if entry.is_symlink():
            walk.problems.append((shown, Problem("symlink")))
        elif entry.is_dir(follow_symlinks=False):
            _folder(Path(entry.path), shown, walk, leave_out)
        elif entry.is_file(follow_symlinks=False):
            status = entry.stat(follow_symlinks=False)
            walk.files.append(Found(shown, entry.path, "", status.st_size, status.st_mtime_ns))
        else:
            walk.problems.append((shown, Problem("not-a-file")))
        if len(walk.files) > settings.NHASAN_IMPORT_MAX_FILES:
            raise Problem("too-many-files", limit=settings.NHASAN_IMPORT_MAX_FILES)


def limits() -> Limits:
    """How much an archive may hold, as the settings of imports say."""
    return Limits(file=settings.NHASAN_IMPORT_MAX_UNPACKED, archive_files=settings.NHASAN_IMPORT_MAX_FILES)


def _is_ignored(name: str) -> bool:
    return any(part.startswith(".") or part.casefold() in _IGNORED for part in name.split("/"))


def _nfc(name: str) -> str:
    """Some systems write ế as e with two marks; and a name may hold bytes that are no text."""
    return unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "replace"))


@contextmanager
def opened(file: Found) -> Iterator[IO[bytes]]:
    """The bytes of a file; one that has become a link or another file since is a Problem. Raises FileError, OSError."""
    if file.inner:
        status = Path(file.path).stat()
        archive = _archive(file.path, (status.st_ino, status.st_size, status.st_mtime_ns), limits())
        info = archive.members.get(file.inner)
        if info is None or (info.file_size, info.CRC) != (file.size, file.stamp):
            raise Problem("changed")
        with archive.open(file.inner) as stream:
            yield stream
        return
    unchanged(file)
    handle = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or (status.st_size, status.st_mtime_ns) != (
            file.size,
            file.stamp,
        ):
            raise Problem("changed")
        yield stream


@lru_cache(maxsize=1)
def _archive(path: str, _stamp: tuple[int, int, int], limits: Limits) -> Archive:
    """An archive, kept open: its directory is as long as it has members, and is not read anew for each of them."""
    return Archive(Path(path), limits)


def let_go() -> None:
    """Keep no archive open any longer."""
    _archive.cache_clear()


def unchanged(file: Found) -> None:
    """Raises Problem where a file is gone, or was written since it was found. Cheap; reads no bytes."""
    try:
        status = os.lstat(file.path)
    except OSError:
        raise Problem("missing", path=file.name) from None
    if not file.inner and (status.st_size, status.st_mtime_ns) != (file.size, file.stamp):
        raise Problem("changed")


def media_type(file: Found) -> str:
    """What the first bytes show. Raises Problem for what is not taken."""
    if file.size > settings.NHASAN_MEDIA_MAX_BYTES:
        raise Problem("file-too-large", limit=settings.NHASAN_MEDIA_MAX_BYTES // 1_000_000)
    try:
        with opened(file) as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise Problem("unreadable", detail=error.strerror or str(error)) from None
    except FileError as error:
        raise Problem("unreadable", detail=error.message.rstrip(".")) from None
    if not head:
        raise Problem("empty-file")
    try:
        return original_type(head)
    except FileRefusedError:
        raise Problem("kind-of-file") from None


@lru_cache(maxsize=50_000)
def sha256(file: Found) -> str:
    """The hash of the bytes; read once, as long as the file stays as it is. Raises Problem."""
    try:
        with opened(file) as stream:
            digest = hashlib.sha256()
            while piece := stream.read(1 << 20):
                digest.update(piece)
            return digest.hexdigest()
    except OSError as error:
        raise Problem("unreadable", detail=error.strerror or str(error)) from None
    except FileError as error:
        raise Problem("unreadable", detail=error.message.rstrip(".")) from None
