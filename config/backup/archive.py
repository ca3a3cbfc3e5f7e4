"""The zip file of a backup: writing it so that half a one never lies there, and verifying it before it is used."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.utils.translation import gettext as _

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20


class BackupError(Exception):
    """A backup cannot be made, or cannot be used; the message is translated and says why."""


@dataclass
class Writer:
    """An archive being written; remembers size and checksum of all that went in."""

    archive: zipfile.ZipFile
    members: dict[str, dict[str, Any]] = field(default_factory=dict)

    @contextmanager
    def member(self, name: str, *, compress: bool) -> Iterator[IO[bytes]]:
        """A new member to write into, one at a time."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        with self.archive.open(info, "w", force_zip64=True) as stream:
            counted = _Counted(stream)
            yield counted  # type: ignore[misc]
        self.members[name] = {"size": counted.size, "sha256": counted.digest.hexdigest()}

    def text(self, name: str, text: str) -> None:
        """A whole member at once."""
        with self.member(name, compress=True) as stream:
            stream.write(text.encode())


class _Counted:
    """A stream that counts and hashes what is written through it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Write, count and hash."""
        self.size += len(data)
        self.digest.update(data)
        return self._stream.write(data)


@contextmanager
def writing(out: Path, about: dict[str, Any]) -> Iterator[Writer]:
    """Write a new archive; it gets its name when it is whole, and is gone when anything fails before.

    `about` is what the manifest says beside the list of members. Raises BackupError when `out` exists.
    """
    if out.exists():
        raise BackupError(_("There is a file of that name already: %s") % out)
    part = out.with_name(out.name + ".part")
    try:
        # Only for its owner: it holds what communities keep to themselves, and hashes of passwords.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            with zipfile.ZipFile(stream, "w", compresslevel=3) as archive:
                writer = Writer(archive)
                yield writer
                manifest = {"format": FORMAT, **about, "members": dict(writer.members)}
                writer.text(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
            stream.flush()
            os.fsync(stream.fileno())
        part.rename(out)
    except OSError as error:
        raise BackupError(_("The backup cannot be written: %s") % error) from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def reading(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """Open an archive whose every member was compared with the manifest; raises BackupError otherwise."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive)
            _verify(archive, manifest["members"])
            yield archive, manifest
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, EOFError) as error:
        raise BackupError(
            _("%(path)s is no whole backup: %(error)s") % {"path": path, "error": error}
        ) from error


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest = json.loads(archive.read(MANIFEST))
        known = manifest["format"] == FORMAT and all(
            isinstance(member["size"], int) and isinstance(member["sha256"], str)
            for member in manifest["members"].values()
        )
    except (KeyError, TypeError, AttributeError, ValueError, zipfile.BadZipFile):
        raise BackupError(_("This is no backup of this site: it has no readable manifest.")) from None
    if not known:
        raise BackupError(_("This backup has a format that this version does not know."))
    return dict(manifest)


def _verify(archive: zipfile.ZipFile, members: dict[str, dict[str, Any]]) -> None:
    names = [info.filename for info in archive.infolist()]
    if len(names) != len(set(names)) or set(names) != {*members, MANIFEST}:
        raise BackupError(_("The backup does not hold what its manifest lists."))
    for name, expected in members.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            raise BackupError(_("The backup holds a file with a forbidden name: %s") % name)
        digest, size = hashlib.sha256(), 0
        with archive.open(name) as stream:
            while size <= expected["size"] and (chunk := stream.read(CHUNK)):
                digest.update(chunk)
                size += len(chunk)
        if size != expected["size"] or digest.hexdigest() != expected["sha256"]:
            raise BackupError(_("A part of the backup is damaged: %s") % name)
