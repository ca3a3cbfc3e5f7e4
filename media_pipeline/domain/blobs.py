"""Storing files by their content: checked, written whole or not at all, each once.

What a file claims to be (name, content type of the upload) decides nothing: its first bytes do, and only kinds on
the list are taken. Pictures are opened with Pillow as well, within a limit of pixels. SVG and HTML are never taken:
a browser would run what they carry.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from PIL import Image

from media_pipeline.models import Blob

_CHUNK: Final = 1 << 16
_HEAD: Final = 4096
_PICTURES: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
EXTENSIONS: Final = {
    "audio/mpeg": ".mp3", "audio/wav": ".wav", "audio/ogg": ".ogg", "audio/flac": ".flac", "audio/mp4": ".m4a",
    "audio/webm": ".webm", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp",
    "image/tiff": ".tif", "application/pdf": ".pdf", "video/mp4": ".mp4", "video/webm": ".webm",
    "video/x-matroska": ".mkv", "video/x-msvideo": ".avi",
}  # fmt: skip


# By their first bytes: what the library takes beside what entries of a dictionary take.
_ORIGINALS: Final = {
    b"II*\0": "image/tiff", b"MM\0*": "image/tiff", b"II+\0": "image/tiff", b"MM\0+": "image/tiff",
    b"\x1a\x45\xdf\xa3": "video/x-matroska",
}  # fmt: skip


class FileRefusedError(ValueError):
    """The file is not taken; the message says why, in the viewer's language."""


def store_original(stream: IO[bytes]) -> Blob:
    """Keep a scan, a recording, a film or a PDF for the library, up to NHASAN_MEDIA_MAX_BYTES.

    Only its first bytes are looked at: whether it is whole is for the steps to find out (`assets.ensure`), which say
    so in plain words while the bytes are kept. Raises `FileRefusedError` as `store` does.
    """
    return _store(stream, settings.NHASAN_MEDIA_MAX_BYTES, lambda head, temporary: original_type(head))


def store(stream: IO[bytes], *, data_type: str = "") -> Blob:
    """Keep the bytes of a stream and give their blob; bytes that are known already are not stored twice.

    `data_type` is the media type of a data file that the site keeps for itself and never shows (the ranges of a
    LIFT file, say): its kind is not asked. Raises `FileRefusedError` for a file that is empty, too large, of a
    kind that is not taken, or broken; nothing is kept then.
    """

    def examine(head: bytes, temporary: Path) -> str:
        media_type = data_type or sniff(head)
        if media_type in _PICTURES:
            _check_picture(temporary, _PICTURES[media_type])
        return media_type

    return _store(stream, settings.NHASAN_FILE_MAX_BYTES, examine)


def _store(stream: IO[bytes], limit: int, examine: Callable[[bytes, Path], str]) -> Blob:
    """Copy, examine (which gives the media type, or raises), and put in place."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix="incoming-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            digest, size, head = _copy(stream, out, limit)
            out.flush()
            os.fsync(out.fileno())
        media_type = examine(head, temporary)
        with transaction.atomic():
            # The row is held while the bytes are put there: whoever removes unused files holds it, too.
            blob = _row(digest, size, media_type)
            target = _path(digest)
            # Bytes that rotted are mended by whoever brings the same ones again.
            if not target.exists() or (blob.damaged_since and not verify(blob)):
                target.parent.mkdir(exist_ok=True)
                temporary.chmod(0o644)
                temporary.replace(target)
                _sync_folder(target.parent)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise FileRefusedError(_("There is no room left on the disk. Make room, then try again.")) from error
    finally:
        temporary.unlink(missing_ok=True)
    return blob


def _row(digest: str, size: int, media_type: str) -> Blob:
    """The row of these bytes, new or made new again, so that it is not taken for one that is long unused."""
    while True:
        blob, made = Blob.objects.get_or_create(
            sha256=digest, defaults={"size": size, "media_type": media_type}
        )
        if made or Blob.objects.filter(pk=blob.pk).update(created_at=timezone.now()):
            return blob


def path(blob: Blob) -> Path:
    """Where the bytes of a blob lie. Whoever serves them asks the gate first."""
    return _path(blob.sha256)


def verify(blob: Blob) -> bool:
    """Whether the bytes are there and still the same."""
    try:
        with path(blob).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == blob.sha256
    except FileNotFoundError:
        return False


def sniff(head: bytes) -> str:
    """The media type that the first bytes show. Raises `FileRefusedError` for any that is not on the list."""
    found = _magic(head)
    if found is None:
        raise FileRefusedError(
            _("This kind of file is not taken. Recordings: MP3, WAV, Ogg, Opus, FLAC, M4A, WebM. "
              "Pictures: PNG, JPEG, GIF, WebP.")
        )  # fmt: skip
    return found


def _magic(head: bytes) -> str | None:
    fixed = {
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"\xff\xd8\xff": "image/jpeg",
        b"GIF87a": "image/gif",
        b"GIF89a": "image/gif",
        b"OggS": "audio/ogg",
        b"fLaC": "audio/flac",
        b"ID3": "audio/mpeg",
    }
    for magic, media_type in fixed.items():
        if head.startswith(magic):
            return media_type
    if head[:4] == b"RIFF":
        return {b"WAVE": "audio/wav", b"WEBP": "image/webp"}.get(head[8:12])
    if head[4:8] == b"ftyp" and head[8:12] in {b"M4A ", b"M4B ", b"mp42", b"isom", b"mp41", b"iso5", b"dash"}:
        return "audio/mp4"
    if head[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in head[:64]:
        return "audio/webm"
    # An MPEG audio frame without ID3: eleven set bits, layer III or II, a bit rate and a sampling rate.
    if (
        len(head) > 2
        and head[0] == 0xFF
        and head[1] & 0xE6 in {0xE2, 0xE4}
        and head[2] & 0xF0 not in {0, 0xF0}
    ):
        return "audio/mpeg"
    return None


def original_type(head: bytes) -> str:
    """The media type of an original by its first bytes; what a film's container holds, probing finds out.

    Raises `FileRefusedError` for a kind of file that the library does not take.
    """
    found = _magic(head)
    if found == "audio/mp4" or (found is None and head[4:8] == b"ftyp"):
        return "audio/mp4" if head[8:12] in {b"M4A ", b"M4B "} else "video/mp4"
    if found == "audio/webm":
        return "video/webm"
    for magic, media_type in _ORIGINALS.items():
        if head.startswith(magic):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "video/x-msvideo"
    # Some write a few bytes before; readers accept the mark anywhere in the first kilobyte.
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if found is None:
        raise FileRefusedError(
            _("This kind of file is not taken. Scans: TIFF, JPEG, PNG, WebP, PDF. Recordings: WAV, FLAC, MP3, Ogg, "
              "M4A. Films: MP4, MOV, Matroska, WebM, AVI.")
        )  # fmt: skip
    return found


def _copy(stream: IO[bytes], out: IO[bytes], limit: int) -> tuple[str, int, bytes]:
    digest, size, head = hashlib.sha256(), 0, b""
    while piece := stream.read(_CHUNK):
        size += len(piece)
        if size > limit:
            megabytes = max(1, limit // 1_000_000)
            raise FileRefusedError(
                ngettext(
                    "The file is larger than %(limit)s megabyte.",
                    "The file is larger than %(limit)s megabytes.",
                    megabytes,
                )
                % {"limit": megabytes}
            )
        if len(head) < _HEAD:
            head += piece[: _HEAD - len(head)]
        digest.update(piece)
        out.write(piece)
    if not size:
        raise FileRefusedError(_("The file is empty."))
    return digest.hexdigest(), size, head


def _check_picture(picture: Path, kind: str) -> None:
    """Open a picture fully, after its header said that it is not too large."""
    limit: int = settings.NHASAN_PICTURE_MAX_PIXELS
    try:
        with warnings.catch_warnings():
            # Pillow warns at a size of its own; ours is asked below, before anything is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(picture, formats=[kind]) as opened:
                width, height = opened.size
                if width * height > limit:
                    raise FileRefusedError(
                        _("The picture has %(width)s × %(height)s pixels; at most %(limit)s are taken.")
                        % {"width": width, "height": height, "limit": limit}
                    )
                opened.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, FileRefusedError):
            raise
        raise FileRefusedError(_("The picture is broken or incomplete.")) from error


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "blobs"


def _path(digest: str) -> Path:
    return _folder() / digest[:2] / digest


def _sync_folder(folder: Path) -> None:
    """Make the new name in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
