"""Upload, meaning of the columns, then the pages of `jobs` (check, apply, undo). And exports for who edits."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from dictionary.domain.exporting import KINDS, export, suffix_of
from dictionary.formats.errors import FileError
from dictionary.formats.mapping import fit
from dictionary.formats.opening import format_of
from dictionary.formats.table_file import TableFile
from dictionary.imports import legacy, running
from dictionary.imports.importer import NAME
from dictionary.imports.lexicons import lexicon_of
from dictionary.imports.settings import limits
from dictionary.imports.source import Wish
from dictionary.interfaces.admin_import.forms import MappingForm, UploadForm, targets
from dictionary.models import Lexicon
from jobs.domain import listing
from jobs.imports import runs
from jobs.imports.types import ImportRefused
from jobs.models import ImportRun
from languages.legacy.fields import EVERYWHERE

PERMISSION = "dictionary.import_lexicon"
_SHOWN_ROWS = 5


def _lexicons(request: HttpRequest) -> QuerySet[Lexicon]:
    return visible(Lexicon.objects.order_by("title"), viewer_of(request), drafts=True)


@require_http_methods(["GET", "POST"])
@permission_required(PERMISSION, raise_exception=True)
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file and a lexicon; then to the columns of a table, or to the check."""
    form = UploadForm(
        request.POST or None, request.FILES or None,
        lexicons=_lexicons(request), may_add=request.user.has_perm("dictionary.add_lexicon"),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            run = _begin(request, form)
        except FileError as error:
            form.add_error("file", str(error))
        except ImportRefused as error:
            form.add_error("file", _(error.message.text) % error.message.params)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if run.params["format"] in ("csv", "xlsx"):
                return redirect("dictionary_import:columns", pk=run.pk)
            runs.start(run, "check", user=request.user)  # type: ignore[arg-type]
            return redirect("jobs:import", pk=run.pk)
    return render(request, "dictionary/admin_import/upload.html", {"form": form})


def _begin(request: HttpRequest, form: UploadForm) -> ImportRun:
    """The run of an upload, with its lexicon; neither is kept when the file cannot be used."""
    data = form.cleaned_data
    name = form.upload.name or "file"
    with TemporaryDirectory(prefix="nhasan-") as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as out:
            for chunk in form.upload.chunks():
                out.write(chunk)
        kind = data["format"] or format_of(path, name)
        chosen: Lexicon | None = data["lexicon"]
        asked = running.Asked(
            format=kind, slug=chosen.slug if chosen else data["slug"], language=data["language"],
            orthography=data["orthography"], title=data.get("title", ""),
            legacy={EVERYWHERE: data["legacy"]} if data["legacy"] else {},
        )  # fmt: skip
        with transaction.atomic():
            lexicon, wish = running.lexicon_for(asked, path, name)
            return running.create(wish, path, name, title=f"{lexicon.title}: {name}", user=request.user)  # type: ignore[arg-type]


@require_http_methods(["GET", "POST"])
@permission_required(PERMISSION, raise_exception=True)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What the columns of an uploaded table mean, with its first rows; then to the check."""
    run = get_object_or_404(listing.imports_seen_by(request.user), pk=pk, importer=NAME)
    wish = Wish.of(run.params)
    lexicon = lexicon_of(wish) if wish.new else _lexicons(request).filter(pk=wish.lexicon).first()
    if (
        lexicon is None
        or (lexicon.pk and not _lexicons(request).filter(pk=lexicon.pk).exists())
        or not listing.may_act_on(request.user, run)
        or run.params["format"] not in ("csv", "xlsx")
    ):
        raise Http404
    file = TableFile(
        runs.source_of(run).path, limits(), run.file_name, kind=wish.format,  # type: ignore[arg-type]
        orthography=wish.orthography, language=wish.language, legacy=wish.legacy,
    )  # fmt: skip
    found = legacy.advice(wish, file.path, run.file_name)
    with file.table() as table:
        rows = [
            [row.cells.get(name, "")[:80] for name in table.columns]
            for row in islice(table.rows, _SHOWN_ROWS)
        ]
        form = MappingForm(request.POST or None, guess=wish.mapping or file.guess(table), advice=found)
        if request.method == "POST" and form.is_valid():
            try:
                fit(form.mapping(), table.columns, run.file_name)
            except FileError as error:
                form.add_error(None, error.message)
            else:
                run.params = {**run.params, "mapping": form.mapping().as_json()}
                for field, name in form.encodings().items():
                    run.params = legacy.followed(run.params, field, name)
                run.save(update_fields=["params"])
                runs.start(run, "check", user=request.user)  # type: ignore[arg-type]
                return redirect("jobs:import", pk=run.pk)
    context: dict[str, Any] = {
        "run": run, "lexicon": lexicon, "form": form, "rows": rows, "names": form.columns, "targets": targets(lexicon),
    }  # fmt: skip
    return render(request, "dictionary/admin_import/columns.html", context)


@require_safe
@permission_required("dictionary.view_lexicon", raise_exception=True)
def exports(request: HttpRequest) -> HttpResponse:
    """Every lexicon with the formats it can be had in."""
    context = {"lexicons": _lexicons(request), "formats": sorted(KINDS)}
    return render(request, "dictionary/admin_import/exports.html", context)


@require_safe
@permission_required("dictionary.view_lexicon", raise_exception=True)
def download(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """A lexicon as a file, with what the person may see; drafts too for who edits entries."""
    if kind not in KINDS:
        raise Http404
    lexicon = get_object_or_404(_lexicons(request), slug=slug)
    viewer = viewer_of(request)
    drafts = request.user.has_perm("dictionary.change_entry")
    suffix = suffix_of(lexicon, kind, viewer)
    with TemporaryDirectory(prefix="nhasan-") as folder:
        path = Path(folder) / f"export{suffix}"
        export(lexicon, kind, path, viewer, drafts=drafts)
        # The file stays readable after its folder is gone, until the answer is sent.
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{lexicon.slug}{suffix}")
