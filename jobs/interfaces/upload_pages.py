"""The pages on which an import begins: upload, meaning of the columns; then the pages of the run (check, apply, undo).

An upper app derives a class from `UploadPages`, puts its `urls()` under a namespace of its own, and has the list of
imports lead there (`jobs.imports.types.register_upload_page`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jobs.domain import listing
from jobs.imports import runs
from jobs.imports.types import Advice, Advising, ImportRefused, importer_named
from jobs.interfaces.upload_forms import Choices, MappingForm, UploadForm
from jobs.models import ImportRun

SHOWN_ROWS = 5
"""How many rows of a table are shown beside the question what its columns mean."""


@dataclass(frozen=True)
class Columns:
    """The columns of an uploaded table: what each seems to mean, its first rows, and what a column may mean.

    `into` is a sentence that says where the rows go.
    """

    guessed: Mapping[str, str]
    rows: Sequence[Sequence[str]]
    targets: Sequence[str]
    into: str


class UploadPages(ABC):
    """Upload and columns. `importer` is the name of the importer, `permission` what it takes to see the pages."""

    importer: ClassVar[str]
    permission: ClassVar[str]
    namespace: ClassVar[str]
    title: ClassVar[str | Promise]

    @abstractmethod
    def form(self, request: HttpRequest, encodings: Choices) -> UploadForm:
        """The form of the upload, bound if something was sent."""

    @abstractmethod
    def begin(self, request: HttpRequest, form: UploadForm, file: Path) -> ImportRun:
        """The run of a valid form and its file; nothing is kept when it raises ImportRefused or ValidationError."""

    @abstractmethod
    def has_columns(self, run: ImportRun) -> bool:
        """Whether the file of the run is a table."""

    @abstractmethod
    def columns(self, request: HttpRequest, run: ImportRun) -> Columns | None:
        """The columns of a table; None when the person may not see what it goes into. Raises ImportRefused."""

    @abstractmethod
    def wrong(self, column: str, target: str) -> str:
        """What is wrong with a meaning that was given to a column, in the language of the reader; "" for nothing."""

    @abstractmethod
    def mapped(self, run: ImportRun, mapping: Mapping[str, str], columns: Sequence[str]) -> object:
        """The mapping as the run keeps it. Raises ImportRefused if the columns cannot be read with it."""

    def urls(self) -> list[URLPattern]:
        """The addresses `upload` and `columns`."""
        gated = permission_required(self.permission, raise_exception=True)
        either = require_http_methods(["GET", "POST"])
        return [
            path("import/", either(gated(self._upload)), name="upload"),
            path("import/<int:pk>/columns/", either(gated(self._columns)), name="columns"),
        ]

    def _upload(self, request: HttpRequest) -> HttpResponse:
        """Choose a file; then to the columns of a table, or to the check."""
        form = self.form(request, self._encodings())
        if request.method == "POST" and form.is_valid():
            try:
                run = self._begin(request, form)
            except ImportRefused as error:
                form.add_error("file", _said(error))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                if self.has_columns(run):
                    return redirect(f"{self.namespace}:columns", pk=run.pk)
                return _check(request, run)
        return render(request, "jobs/upload.html", {"form": form, "title": self.title})

    def _begin(self, request: HttpRequest, form: UploadForm) -> ImportRun:
        with TemporaryDirectory(prefix="nhasan-") as folder:
            file = Path(folder) / "upload"
            with file.open("wb") as out:
                for chunk in form.upload.chunks():
                    out.write(chunk)
            return self.begin(request, form, file)

    def _columns(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the columns of an uploaded table mean, with its first rows; then to the check."""
        run = get_object_or_404(listing.imports_seen_by(request.user), pk=pk, importer=self.importer)
        if not self.has_columns(run) or not listing.may_act_on(request.user, run):
            raise Http404
        try:
            shown = self.columns(request, run)
            found = self._advice(run)
        except ImportRefused:
            return _check(request, run)  # which says why the file cannot be read
        if shown is None:
            raise Http404
        form = MappingForm(
            request.POST or None, guessed=shown.guessed, wrong=self.wrong, advice=found, encodings=self._encodings(),
        )  # fmt: skip
        if request.method == "POST" and form.is_valid():
            try:
                mapping = self.mapped(run, form.mapping(), form.columns)
            except ImportRefused as error:
                form.add_error(None, _said(error))
            else:
                self._keep(run, mapping, form.encodings())
                return _check(request, run)
        context: dict[str, Any] = {"run": run, "shown": shown, "form": form, "names": form.columns}
        return render(request, "jobs/columns.html", context)

    def _keep(self, run: ImportRun, mapping: object, encodings: Mapping[str, str]) -> None:
        params: dict[str, Any] = {**run.params, "mapping": mapping}
        importer = importer_named(self.importer)
        if isinstance(importer, Advising):
            for field, name in encodings.items():
                params = importer.follow(params, field, name)
        run.params = params
        run.save(update_fields=["params"])

    def _advice(self, run: ImportRun) -> Sequence[Advice]:
        importer = importer_named(self.importer)
        return importer.advise(runs.source_of(run)) if isinstance(importer, Advising) else ()

    def _encodings(self) -> Choices:
        importer = importer_named(self.importer)
        return importer.choices() if isinstance(importer, Advising) else ()


def _check(request: HttpRequest, run: ImportRun) -> HttpResponse:
    runs.start(run, "check", user=request.user)  # type: ignore[arg-type]
    return redirect("jobs:import", pk=run.pk)


def _said(error: ImportRefused) -> str:
    said = _(error.message.text) % error.message.params
    return f"{error.where}: {said}" if error.where else said
