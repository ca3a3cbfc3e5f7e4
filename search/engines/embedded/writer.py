"""The one writer of an index."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import tantivy

from search.batches import batches
from search.documents import Document
from search.engines.embedded import directories
from search.engines.embedded.schema import as_tantivy, identity, schema
from search.engines.terms import VERSION
from search.interface import EngineUnavailable

MANY = 150_000
HEAP = 64_000_000  # bytes before tantivy writes a segment by itself


class Writer:
    """Writes to the current index, or to `folder`. A context manager: tantivy's lock is held while it is
    open.

    `write` commits; whatever it was given is durable when it returns, and nothing of it is there if it
    raises.
    """

    def __init__(
        self, root: Path, folder: Path | None = None, *, heap: int = HEAP, wait: bool = True
    ) -> None:
        self._root = root
        self._folder = folder
        self._heap = heap
        self._wait = wait
        self._held = ExitStack()
        self._writer: tantivy.IndexWriter | None = None
        self._schema: tantivy.Schema | None = None
        self._text_fields: tuple[str, ...] = ()
        self._heads: tuple[int, ...] = ()
        self.folder: Path | None = folder

    def __enter__(self) -> Writer:
        with ExitStack() as held:
            if self._folder is None:
                held.enter_context(directories.locked(self._root, wait=self._wait))
            self.folder = self._folder or directories.current(self._root)
            manifest = directories.manifest_of(self.folder) if self.folder is not None else None
            if self.folder is None or manifest is None or manifest.version != VERSION:
                raise EngineUnavailable("There is no search index to write to.")
            self._schema = schema(manifest.text_fields)
            self._text_fields = manifest.text_fields
            self._heads = manifest.heads
            self._writer = self._open(self._schema)
            self._held = held.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._writer is not None and kind is None:
                self._writer.wait_merging_threads()
        finally:
            self._writer = None
            self._held.close()

    def write(self, documents: Iterable[Document], deleted: Iterable[tuple[str, int]] = ()) -> int:
        """Add or replace documents, delete others, commit. Gives how many documents were added."""
        added = self.add(documents, deleted)
        self.commit()
        return added

    def add(
        self, documents: Iterable[Document], deleted: Iterable[tuple[str, int]] = (), *, new: bool = False
    ) -> int:
        """As `write`, without the commit. `new`: none of the documents is in the index yet."""
        writer, layout = self._opened()
        added = 0
        for name in deleted:
            writer.delete_documents_by_term("id", identity(*name))
        for document in documents:
            if not new:
                writer.delete_documents_by_term("id", identity(document.type, document.pk))
            writer.add_document(as_tantivy(document, layout, self._text_fields, self._heads))
            added += 1
        return added

    def fill(self, documents: Iterable[Document], total: int) -> int:
        """Add documents, none of which is in the index, and commit; `total` says about how many will come.

        They are committed in 64 or 8 equal pieces, because tantivy merges eight segments of like size into
        one: a whole index then ends as a single segment, which every query reads fastest.
        """
        pieces = 64 if total > MANY else 8 if total > MANY // 8 else 1
        added = 0
        for number, piece in enumerate(batches(documents, max(-(-total // pieces), 1_000)), start=1):
            added += self.add(piece, new=True)
            self.commit()
            if number % 8 == 0:
                writer, layout = self._opened()
                writer.wait_merging_threads()
                self._writer = None
                self._writer = self._open(layout)
        return added

    def commit(self) -> None:
        """Make what was added durable and visible."""
        self._opened()[0].commit()

    def _opened(self) -> tuple[tantivy.IndexWriter, tantivy.Schema]:
        if self._writer is None or self._schema is None:
            raise EngineUnavailable("The writer is not open.")
        return self._writer, self._schema

    def _open(self, layout: tantivy.Schema) -> tantivy.IndexWriter:
        try:
            index = tantivy.Index(layout, str(self.folder), reuse=True)
            return index.writer(self._heap, 1)
        except (ValueError, OSError) as error:
            raise EngineUnavailable(f"The search index cannot be written: {error}") from error
