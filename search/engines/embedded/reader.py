"""A reader that follows the current index: opened lazily in each process, reloaded when files on disk
changed."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import tantivy

from search.engines.embedded import directories
from search.engines.embedded.plan import Plan
from search.engines.embedded.schema import schema
from search.engines.terms import VERSION
from search.interface import EngineUnavailable

STALE = 0.05
"""Seconds for which the files are not looked at again: far below the second in which a change must be
seen."""


@dataclass(frozen=True, slots=True)
class State:
    """One state of the index, for one process."""

    process: int
    pointer: tuple[int, int]
    meta: tuple[int, int]
    index: tantivy.Index
    searcher: tantivy.Searcher
    plan: Plan


class Reader:
    """Gives the newest state of the index under a root folder. Thread-safe; survives forks."""

    def __init__(self, root: Path, folder: Path | None = None) -> None:
        self._root = root
        self._folder = folder
        self._pointer = folder / directories.MANIFEST if folder is not None else root / directories.CURRENT
        self._lock = threading.Lock()
        self._state: State | None = None
        self._meta = root
        self._looked_at = 0.0

    def state(self) -> State:
        """The newest state; raises EngineUnavailable when there is no index that this version can read."""
        state = self._state
        now = time.monotonic()
        if state is not None and now - self._looked_at < STALE and state.process == os.getpid():
            return state
        with self._lock:
            state = self._refreshed()
            self._state = state
            self._looked_at = now
            return state

    def look_again(self) -> None:
        """The files changed just now: look at them at the next query."""
        self._looked_at = 0.0

    def _refreshed(self) -> State:
        state = self._state
        pointer = _stamp(self._pointer)
        if state is not None and state.process == os.getpid() and state.pointer == pointer:
            meta = _stamp(self._meta)
            if meta == state.meta:
                return state
            try:
                state.index.reload()
                searcher = state.index.searcher()
            except (ValueError, OSError) as error:
                raise EngineUnavailable(f"The search index cannot be read again: {error}") from error
            plan = Plan(state.index.schema, searcher)
            return replace(state, meta=meta, searcher=searcher, plan=plan)
        return self._opened(pointer)

    def _opened(self, pointer: tuple[int, int]) -> State:
        folder = self._folder or directories.current(self._root)
        if folder is None:
            raise EngineUnavailable("There is no search index yet.")
        manifest = directories.manifest_of(folder)
        if manifest is None or manifest.version != VERSION:
            raise EngineUnavailable("The search index is of another version of this site.")
        self._meta = folder / "meta.json"
        meta = _stamp(self._meta)
        try:
            layout = schema(manifest.text_fields)
            index = tantivy.Index(layout, str(folder), reuse=True)
            index.config_reader("manual")
            index.reload()
            searcher = index.searcher()
        except (ValueError, OSError) as error:
            raise EngineUnavailable(f"The search index cannot be opened: {error}") from error
        return State(os.getpid(), pointer, meta, index, searcher, Plan(index.schema, searcher))


def _stamp(path: Path) -> tuple[int, int]:
    """What changes when a file is replaced or rewritten."""
    try:
        found = path.stat()
    except OSError as error:
        raise EngineUnavailable(f"There is no search index at {path.parent.name}.") from error
    return found.st_mtime_ns, found.st_ino
