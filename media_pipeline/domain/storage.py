"""Finished folders below DATA_DIR/media/derived: written beside, synced, renamed; whole or not there at all.

A folder is named by the key of its step. Assets of the same bytes share the folders whose keys are equal. What lies in
one is listed in its manifest with sizes and checksums, so that rows can be made from it again.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

from django.conf import settings

from media_pipeline.domain.work import Output, Result

MANIFEST: Final = "manifest.json"
WORK: Final = ".work"


def root() -> Path:
    """Where all derivatives lie."""
    return Path(settings.MEDIA_ROOT) / "derived"


def folder_of(key: str) -> Path:
    """The finished folder of a key, whether it is there or not."""
    return root() / key[:2] / key


def work_folder(key: str, asset_pk: int) -> Path:
    """The folder that a step of an asset writes into; what an attempt before left in it is still there."""
    folder = root() / WORK / f"{asset_pk}-{key}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sweep(asset_pk: int) -> None:
    """Remove what broken-off attempts on an asset left."""
    for folder in (root() / WORK).glob(f"{asset_pk}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def finish(folder: Path, key: str, result: Result) -> Result:
    """Give the folder its name, after all of it reached the disk; gives the result with sizes and checksums.

    Raises OSError (no room, say). Where another asset made the same meanwhile, that one stays.
    """
    listed = {output.path.partition("/")[0] for output in result.outputs}
    for path in folder.iterdir():
        if path.name not in listed:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    measured = replace(result, outputs=[_measured(folder, output) for output in result.outputs])
    (folder / MANIFEST).write_text(measured.to_json(), encoding="utf-8")
    _to_disk(folder)
    target = folder_of(key)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.rename(target)
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
            raise
        there = found(key)
        if there is not None:
            shutil.rmtree(folder)
            return there
        shutil.rmtree(target)
        folder.rename(target)
    _to_disk(target.parent)
    return measured


def found(key: str) -> Result | None:
    """The result that lies in the finished folder of a key; None when there is none, or not all of it as it was."""
    folder = folder_of(key)
    try:
        result = Result.from_json((folder / MANIFEST).read_text(encoding="utf-8"))
        whole = all(_measured(folder, output) == output for output in result.outputs)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return result if whole else None


def remove(key: str) -> None:
    """Remove a finished folder, if it is there."""
    shutil.rmtree(folder_of(key), ignore_errors=True)


def _measured(folder: Path, output: Output) -> Output:
    path = folder / output.path
    if path.is_dir():
        size, digest = 0, hashlib.sha256()
        for each in sorted(each for each in path.rglob("*") if each.is_file()):
            length, hashed = _hashed(each)
            size += length
            digest.update(json.dumps([each.relative_to(path).as_posix(), hashed]).encode())
        return replace(output, size=size, sha256=digest.hexdigest())
    size, hashed = _hashed(path)
    return replace(output, size=size, sha256=hashed)


def _hashed(path: Path) -> tuple[int, str]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return stream.tell(), digest


def _to_disk(folder: Path) -> None:
    """Have all of the file system that holds the folder written: thousands of tiles at once, in one call."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if hasattr(libc, "syncfs"):
            if libc.syncfs(handle):
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number))
        else:
            os.sync()
    finally:
        os.close(handle)
