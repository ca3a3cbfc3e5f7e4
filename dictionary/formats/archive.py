"""Reading zip archives from outside: nothing leaves the archive, nothing unpacks to more than it may.

Members are never unpacked to disk under their own names; they are read as streams, by name, with a bound on the bytes
that come out whatever the archive says of their size.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Final

from dictionary.formats.errors import FileError
from dictionary.formats.limits import Limits

# A member this small may be compressed as well as it likes: ten thousand spaces are no attack.
_SMALL: Final = 10 * 2**20
_IGNORED: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def is_zip(path: Path) -> bool:
    """Whether the file begins as a zip archive does."""
    with path.open("rb") as stream:
        return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


class Archive:
    """An opened zip archive whose directory has been found harmless. Use it as a context manager."""

    def __init__(self, path: Path, limits: Limits, file: str = "") -> None:
        self.limits = limits
        self.file = file or path.name
        try:
            self._zip = zipfile.ZipFile(path)
        # `zipfile` raises NotImplementedError for a version of the format or a compression that it does not know.
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise self._broken(error) from None
        try:
            self.members = dict(self._checked())
        except BaseException:
            self._zip.close()
            raise
        self._folded = {name.casefold(): name for name in self.members}

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._zip.close()

    def _broken(self, error: Exception) -> FileError:
        return FileError("archive-broken", {"detail": str(error).rstrip(".")}, file=self.file)

    def _checked(self) -> Iterator[tuple[str, zipfile.ZipInfo]]:
        infos = self._zip.infolist()
        if len(infos) > self.limits.archive_files:
            raise FileError("archive-files", {"limit": self.limits.archive_files}, file=self.file)
        total = 0
        for info in infos:
            name = info.filename.replace("\\", "/")
            if name.endswith("/") or name.startswith(_IGNORED[0]) or name.endswith(_IGNORED[1:]):
                continue
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or "\0" in name:
                raise FileError("archive-path", {"name": info.filename[:200]}, file=self.file)
            if stat.S_ISLNK(info.external_attr >> 16):
                raise FileError("archive-link", {"name": info.filename[:200]}, file=self.file)
            if info.flag_bits & 0x1:
                raise FileError("archive-encrypted", {"name": info.filename[:200]}, file=self.file)
            total += info.file_size
            # Overlapping members and lies about sizes are caught when the bytes come out, in `open`.
            if info.file_size > _SMALL and info.file_size > info.compress_size * self.limits.archive_ratio:
                raise FileError("archive-bomb", {"name": info.filename[:200]}, file=self.file)
            if total > self.limits.file:
                raise FileError("too-large", {"limit": self.limits.file // 2**20}, file=self.file)
            yield path.as_posix(), info

    def ending_with(self, *endings: str) -> list[str]:
        """The names of the members that end so, whatever their case."""
        return sorted(name for name in self.members if name.casefold().endswith(endings))

    def only(self, format_name: str, *endings: str) -> str:
        """The one member that ends so. Raises FileError if there is none, or more than one."""
        found = self.ending_with(*endings)
        if not found:
            raise FileError("archive-none", {"format": format_name}, file=self.file)
        if len(found) > 1:
            raise FileError("archive-several", {"names": ", ".join(found[:5])[:200]}, file=self.file)
        return found[0]

    def find(self, *names: str) -> str | None:
        """The member that has one of these names, whatever the case; None if there is none."""
        for name in names:
            found = self._folded.get(name.replace("\\", "/").removeprefix("./").casefold())
            if found is not None:
                return found
        return None

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A member as a stream of bytes. Damage and lies about its size raise FileError while it is read."""
        info = self.members[name]
        try:
            with self._zip.open(info) as stream:
                yield io.BufferedReader(_Bounded(stream, info, self))
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,  # a compression that `zipfile` does not know
            RuntimeError,
            OSError,
        ) as error:
            raise self._broken(error) from None

    def read(self, name: str) -> bytes:
        """All bytes of a member."""
        with self.open(name) as stream:
            return stream.read()


class _Bounded(io.RawIOBase):
    """A member's stream that never gives more bytes than the directory promised."""

    def __init__(self, stream: IO[bytes], info: zipfile.ZipInfo, archive: Archive) -> None:
        self._stream = stream
        self._left = info.file_size
        self._info = info
        self._archive = archive

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise FileError("archive-bomb", {"name": self._info.filename[:200]}, file=self._archive.file)
        buffer[: len(data)] = data
        return len(data)
