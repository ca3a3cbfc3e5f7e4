"""Where indexes lie: versioned folders, one of which is current; switching is one atomic rename.

DATA_DIR/search/CURRENT            the name of the folder that readers open
DATA_DIR/search/PREVIOUS           the one before, kept for a rollback
DATA_DIR/search/index-…/           tantivy's files and manifest.json
DATA_DIR/search/lock               held while the index is written or switched
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from search.engines.life import Busy, Manifest

CURRENT, PREVIOUS, MANIFEST, LOCK = "CURRENT", "PREVIOUS", "manifest.json", "lock"


def create(root: Path, manifest: Manifest) -> Path:
    """A new, empty folder for an index, not current yet."""
    now = datetime.now(UTC)
    folder = root / f"index-{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    folder.mkdir(parents=True)
    told = {**asdict(manifest), "made_at": now.isoformat(timespec="seconds")}
    (folder / MANIFEST).write_text(json.dumps(told))
    return folder


def manifest_of(folder: Path) -> Manifest | None:
    """The manifest of an index, None when there is none that can be read."""
    try:
        told = json.loads((folder / MANIFEST).read_text())
        return Manifest(
            int(told["version"]),
            tuple(told["text_fields"]),
            str(told["profiles"]),
            str(told["made_at"]),
            tuple(int(order) for order in told.get("heads", ())),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def current(root: Path) -> Path | None:
    """The folder that readers open, None before the first index."""
    return _named(root, CURRENT)


def previous(root: Path) -> Path | None:
    """The folder that was current before, None when there is none to go back to."""
    return _named(root, PREVIOUS)


def switch(root: Path, folder: Path) -> None:
    """Make a folder current; the one before becomes the previous one, and older ones are removed."""
    before = current(root)
    if before is not None and before != folder:
        _write(root / PREVIOUS, before.name)
    _write(root / CURRENT, folder.name)
    keep = {folder.name, before.name if before is not None else ""}
    for old in root.glob("index-*"):
        if old.name not in keep:
            shutil.rmtree(old, ignore_errors=True)


def roll_back(root: Path) -> Path | None:
    """Make the previous folder current again and the current one previous; None when there is no previous
    one."""
    before, now = previous(root), current(root)
    if before is None:
        return None
    _write(root / CURRENT, before.name)
    if now is not None:
        _write(root / PREVIOUS, now.name)
    return before


def discard(folder: Path) -> None:
    """Remove an index that did not become current."""
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def locked(root: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the right to write or switch; released by the system when the process dies. Raises Busy without
    `wait`."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Busy(str(root)) from None
        yield


def _named(root: Path, pointer: str) -> Path | None:
    try:
        name = (root / pointer).read_text().strip()
    except OSError:
        return None
    folder = root / name
    return folder if name.startswith("index-") and "/" not in name and folder.is_dir() else None


def _write(path: Path, text: str) -> None:
    """Replace a small file so that readers see the old or the new one, never half, even after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}")
    with temporary.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
