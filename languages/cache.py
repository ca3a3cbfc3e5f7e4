"""Compiled data on disk, keyed by the hash of its source and the version of what compiled it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from languages.configuration import configuration

_MAGIC = b"nhasan1\n"


def cached(kind: str, source: str, version: str, compile_it: Callable[[], bytes]) -> bytes:
    """The compiled bytes of a source: from the cache, or compiled now and kept there.

    Safe between processes: files are written aside and renamed. A damaged file is compiled anew. A cache that cannot be
    written is no error: the work is done again next time.
    """
    folder = configuration().cache_dir
    if folder is None:
        return compile_it()
    key = hashlib.sha256(f"{kind}\0{version}\0{source}".encode()).hexdigest()
    path = folder / kind / f"{key}.bin"
    with contextlib.suppress(OSError):
        stored = path.read_bytes()
        digest, body = stored[len(_MAGIC) : len(_MAGIC) + 32], stored[len(_MAGIC) + 32 :]
        if stored.startswith(_MAGIC) and hashlib.sha256(body).digest() == digest:
            return body
    body = compile_it()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_MAGIC + hashlib.sha256(body).digest() + body)
            Path(name).replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    return body
