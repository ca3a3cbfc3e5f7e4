"""Static files: named by their content, and compressed ahead of time where that is worth the work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, without compressing what is compressed already or what only developers' tools ask for."""

    # A script asks for its modules by their hashed names as well: after an update no browser mixes old and new ones.
    support_js_module_import_aggregation = True

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress the files that lack it; gives their names and those of the compressed ones."""
        yield from super().compress_files([path for path in paths if self._lacks(path)])

    def _lacks(self, path: str) -> bool:
        if path.endswith(".map"):
            return False
        file = Path(self.path(path))
        compressed = file.with_name(file.name + ".gz")
        return not compressed.exists() or compressed.stat().st_mtime < file.stat().st_mtime
