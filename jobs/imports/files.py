"""Where the files of imports lie: DATA_DIR/imports/<uuid of the run>/source<suffix>, written once, never changed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext_noop

from jobs.imports.types import ImportRefused, Message
from jobs.models import ImportRun

PIECE = 1 << 20
EMPTY = Message("empty-file", gettext_noop("The file is empty."))
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}")


def folder_of(run: ImportRun) -> Path:
    """The folder of a run."""
    return Path(settings.DATA_DIR) / "imports" / str(run.uuid)


def path_of(run: ImportRun) -> Path:
    """The file of a run."""
    suffix = PurePosixPath(run.file_name).suffix
    return folder_of(run) / f"source{suffix if _SUFFIX.fullmatch(suffix) else ''}"


def store(run: ImportRun, content: BinaryIO) -> None:
    """Copy the content to the place of the run, safely, and note size and hash in the run (not saved).

    Raises ImportRefused for an empty file or one larger than NHASAN_IMPORT_MAX_BYTES, leaving nothing behind.
    """
    path = path_of(run)
    path.parent.mkdir(parents=True)
    try:
        run.file_size, run.file_sha256 = _copy(content, path)
    except BaseException:
        shutil.rmtree(path.parent, ignore_errors=True)
        raise


def remove(run: ImportRun) -> None:
    """Delete the file of a run."""
    shutil.rmtree(folder_of(run), ignore_errors=True)


def _copy(content: BinaryIO, path: Path) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    unfinished = path.with_name(f"{path.name}.part")
    with unfinished.open("wb") as file:
        for piece in _pieces(content):
            size += len(piece)
            if size > settings.NHASAN_IMPORT_MAX_BYTES:
                raise ImportRefused(_too_large())
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise ImportRefused(EMPTY)
    unfinished.rename(path)
    return size, digest.hexdigest()


def _pieces(content: BinaryIO) -> Iterable[bytes]:
    while piece := content.read(PIECE):
        yield piece


def _too_large() -> Message:
    return Message(
        "file-too-large",
        gettext_noop(
            "The file is larger than %(megabytes)s MB, which is the limit here (NHASAN_IMPORT_MAX_BYTES)."
        ),
        {"megabytes": settings.NHASAN_IMPORT_MAX_BYTES // 1_000_000},
    )
