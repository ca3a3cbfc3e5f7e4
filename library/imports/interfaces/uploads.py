"""How an import of records begins: see `jobs.interfaces.upload_pages`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from dictionary.formats.errors import FileError as AnyFileError
from jobs.imports import runs
from jobs.imports.types import ImportRefused
from jobs.interfaces.upload_forms import Choices, UploadForm
from jobs.interfaces.upload_pages import SHOWN_ROWS, Columns, UploadPages
from jobs.models import ImportRun
from library.formats import table
from library.formats.errors import FileError
from library.imports.importer import NAME
from library.imports.interfaces.forms import RecordsUploadForm
from library.imports.source import Wish, incoming, limits, message_of
from library.models import Collection

PERMISSION: Final = "library_imports.import_records"
TABLES: Final = ("csv", "xlsx")
_ENDINGS: Final = {
    ".mrc": "marc", ".marc": "marc", ".iso": "marc", ".xml": "marcxml", ".csv": "csv", ".tsv": "csv", ".txt": "csv",
    ".xlsx": "xlsx",
}  # fmt: skip


class RecordsUpload(UploadPages):
    """Records into a collection, or into none."""

    importer = NAME
    permission = PERMISSION
    namespace = "library_imports"
    title = _("Import records")

    def form(self, request: HttpRequest, encodings: Choices) -> UploadForm:
        """With the collections that the person may see."""
        return RecordsUploadForm(
            request.POST or None, request.FILES or None, encodings=encodings, collections=_collections(request),
            may_publish=request.user.has_perm("library.publish_record"),
        )  # fmt: skip

    def begin(self, request: HttpRequest, form: UploadForm, file: Path) -> ImportRun:
        """The run of a file that begins as its format does."""
        data = form.cleaned_data
        name = form.upload.name or "file"
        kind = data["format"] or _ENDINGS.get(Path(name).suffix.lower(), "")
        collection: Collection | None = data["collection"]
        legacy = {"": data["legacy"]} if data["legacy"] and kind in TABLES else {}
        wish = Wish(
            kind, collection.pk if collection else 0, data["kind"], data.get("publish", False), legacy=legacy
        )
        try:
            if not kind:
                raise FileError("format-unknown", file=name)
            if kind in TABLES:
                with table.opened(file, kind, limits(), name, legacy):
                    pass
            else:
                next(incoming(wish, file, name), None)
        except AnyFileError as error:
            raise ImportRefused(message_of(error), error.place) from None
        title = f"{collection.title}: {name}" if collection else name
        with file.open("rb") as stream:
            return runs.create(
                NAME, stream, file_name=name, params=wish.as_params(), title=title,
                user=request.user,  # type: ignore[arg-type]
            )  # fmt: skip

    def has_columns(self, run: ImportRun) -> bool:
        """CSV and XLSX have."""
        return run.params["format"] in TABLES

    def columns(self, request: HttpRequest, run: ImportRun) -> Columns | None:
        """The columns, and into which collection."""
        wish = Wish.of(run.params)
        into = gettext("Into no collection.")
        if wish.collection:
            collection = _collections(request).filter(pk=wish.collection).first()
            if collection is None:
                return None
            into = gettext("Into the collection “%(title)s”.") % {"title": collection.title}
        source = runs.source_of(run)
        try:
            with table.opened(source.path, wish.format, limits(), run.file_name, wish.legacy) as opened:
                rows = [
                    [row.cells.get(name, "")[:80] for name in opened.columns]
                    for row in islice(opened.rows, SHOWN_ROWS)
                ]
                known = wish.mapping if wish.mapping is not None else _guessed(opened.columns)
                guessed = {name: known.get(name, "") for name in opened.columns}
        except AnyFileError as error:
            raise ImportRefused(message_of(error), error.place) from None
        return Columns(guessed, rows, ["id", "kind", *sorted(table.PROPERTIES)], into)

    def wrong(self, column: str, target: str) -> str:
        """What is wrong with a target."""
        if not target or table.is_target(target):
            return ""
        return FileError("target-unknown", {"column": column, "target": target}).message

    def mapped(self, run: ImportRun, mapping: Mapping[str, str], columns: Sequence[str]) -> object:
        """The mapping, if it names a title."""
        try:
            return table.fitted(tuple(columns), mapping, run.file_name)
        except AnyFileError as error:
            raise ImportRefused(message_of(error), error.place) from None


def _guessed(columns: Sequence[str]) -> dict[str, str]:
    return {name: table.guessed(name) for name in columns}


def _collections(request: HttpRequest) -> QuerySet[Collection]:
    return visible(Collection.objects.all(), viewer_of(request), drafts=True)
