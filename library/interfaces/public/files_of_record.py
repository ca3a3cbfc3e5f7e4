"""What the page of a record shows of its files: the first pages, a list with what may be carried away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from access.domain.viewer import Viewer
from dictionary.interfaces.public.reader import reader
from library.domain import reading, serving
from library.domain.files import of_record
from library.domain.leaves import Leaf, pages_of
from library.models import Record, RecordFile

FIRST: Final = 6
"""So many thumbnails lead into the reader."""
LISTED: Final = 100


@dataclass(frozen=True)
class FileRow:
    """A file in the list: what it is, its pages, under which licence, and whether it may be carried away."""

    file: RecordFile
    kind: str
    pages: int
    licence: str
    licence_url: str
    original: bool


@dataclass(frozen=True)
class FilesView:
    """The files of a record for one viewer; `closed` counts those that are closed to it, `more` those unlisted."""

    total: int
    leaves: tuple[Leaf, ...]
    in_work: int
    rows: tuple[FileRow, ...]
    more: int
    closed: int

    @property
    def count(self) -> int:
        """How many files the viewer may have."""
        return len(self.rows) + self.more


def files_view(record: Record, viewer: Viewer) -> FilesView:
    """The files of a record as its page shows them. A fixed number of queries, however many there are."""
    book = reading.reading(record, viewer)
    files = of_record(record, viewer)
    return FilesView(
        book.total,
        tuple(leaf for leaf in book.leaves.values() if leaf.width)[:FIRST],
        len(book.in_work),
        tuple(_row(file) for file in files[:LISTED]),
        max(0, len(files) - LISTED),
        RecordFile.objects.filter(record=record).count() - len(files),
    )


def _row(file: RecordFile) -> FileRow:
    licence = serving.licence_of(file)
    return FileRow(
        file,
        file.asset.get_kind_display() if file.asset else "",
        pages_of(file),
        licence.name(reader()) if licence else file.licence,
        licence.uri if licence else "",
        serving.may_keep_original(file, edits=False),
    )
