"""The files of published packages: written whole or not at all, never changed, below `keyboards` in the data folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from django.conf import settings

from ime.models import Package

_FOLDER: Final = "keyboards"


def path_of(package: Package, filename: str = "") -> Path:
    """Where the file of a package lies, or another one of its files."""
    parts = (package.keyboard, package.target, package.release, filename or package.filename)
    return Path(settings.DATA_DIR).joinpath(_FOLDER, *parts)


def store(package: Package, data: bytes, filename: str = "") -> Path:
    """Write a file of a package that has no row yet: on the disk, in its place, before the row names it.

    What a broken attempt left there is replaced.
    """
    path = path_of(package, filename)
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.part")  # a backup passes .part over
    with scratch.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    scratch.chmod(0o640)
    scratch.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return path
