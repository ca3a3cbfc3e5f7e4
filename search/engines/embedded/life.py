"""The life of the embedded index: folders under one root, and the one writer that may hold them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from importlib.metadata import version
from pathlib import Path

import tantivy

from search.engines.embedded import directories
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.embedded.schema import schema
from search.engines.embedded.writer import HEAP, Writer
from search.engines.life import Manifest
from search.engines.terms import VERSION

BULK_HEAP = 256_000_000


class EmbeddedLife:
    """See `search.engines.life.Life`; an index is named by its folder."""

    exclusive = True

    def __init__(self, root: Path) -> None:
        self.root = root

    def engine_version(self) -> str:
        """See `Life.engine_version`."""
        return version("tantivy")

    def current(self) -> str:
        """See `Life.current`."""
        return _name(directories.current(self.root))

    def previous(self) -> str:
        """See `Life.previous`."""
        return _name(directories.previous(self.root))

    def manifest(self, name: str) -> Manifest | None:
        """See `Life.manifest`."""
        return directories.manifest_of(self.root / name)

    def fits(self, manifest: Manifest, text_fields: Sequence[str]) -> bool:
        """See `Life.fits`."""
        return manifest.version == VERSION and set(text_fields) <= set(manifest.text_fields)

    def create(self, text_fields: Sequence[str], profiles: str, heads: Sequence[int] = ()) -> str:
        """See `Life.create`."""
        folder = directories.create(
            self.root, Manifest(VERSION, tuple(text_fields), profiles, heads=tuple(heads))
        )
        tantivy.Index(schema(text_fields), str(folder))
        return folder.name

    def writer(self, name: str = "", *, wait: bool = True, bulk: bool = False) -> Writer:
        """See `Life.writer`."""
        folder = self.root / name if name else None
        return Writer(self.root, folder, heap=BULK_HEAP if bulk else HEAP, wait=wait)

    def reader(self, name: str) -> EmbeddedEngine:
        """See `Life.reader`."""
        return EmbeddedEngine(self.root, self.root / name)

    def locked(self) -> AbstractContextManager[None]:
        """See `Life.locked`."""
        return directories.locked(self.root)

    def switch(self, name: str) -> None:
        """See `Life.switch`."""
        directories.switch(self.root, self.root / name)

    def roll_back(self) -> str:
        """See `Life.roll_back`."""
        return _name(directories.roll_back(self.root))

    def discard(self, name: str) -> None:
        """See `Life.discard`."""
        directories.discard(self.root / name)


def _name(folder: Path | None) -> str:
    return folder.name if folder is not None else ""
