"""Files, consents and copies of a record in the admin: one page that works without JavaScript, and what it asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import RestrictedError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from library.domain import file_changes, files
from library.interfaces.admin import rows
from library.interfaces.admin.file_forms import CATALOGUES, ConsentForm, FileForm, HoldingForm, SeenForm
from library.interfaces.admin.file_rows import busy, record_files
from library.models import Consent, Holding, Record, RecordFile
from media_pipeline.domain import blobs
from media_pipeline.interfaces import sending

SEE: Final = "library.view_recordfile"


@dataclass(frozen=True)
class _Part:
    """Something that belongs to a record: its model, form, and who may add, change and delete it."""

    model: type[RecordFile] | type[Consent] | type[Holding]
    form: type[SeenForm]
    add: str
    change: str
    delete: str
    new: Any = ""


PARTS: Final = {
    "file": _Part(
        RecordFile,
        FileForm,
        "library.add_recordfile",
        "library.change_recordfile",
        "library.delete_recordfile",
    ),
    "consent": _Part(
        Consent,
        ConsentForm,
        "library.change_recordfile",
        "library.change_recordfile",
        "library.delete_recordfile",
        gettext_lazy("New consent"),
    ),
    "copy": _Part(
        Holding,
        HoldingForm,
        "library.add_holding",
        "library.change_holding",
        "library.delete_holding",
        gettext_lazy("New copy"),
    ),
}


@require_safe
def files_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everything that belongs to a record: its files, consents, copies."""
    record = _record(request, pk, SEE)
    context = {
        "object": record,
        "record": record,
        "page_title": _("Files, consents and copies"),
        "page_subtitle": str(record),
        "header_icon": "doc-full",
    }
    return TemplateResponse(request, "library/admin/files_page.html", context)


@require_GET
def files_list(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows of the files alone, for the page to put in place."""
    return _rows(request, _record(request, pk, SEE))


@require_GET
def states(request: HttpRequest, pk: int) -> HttpResponseBase:
    """How far the files `?of=1,2` are: `{"rows": {pk: HTML}, "busy": [pk]}`."""
    record = _record(request, pk, SEE)
    of = set(rows.numbers(request.GET.get("of", "")))
    asked = [row for row in record_files(record, viewer_of(request)) if row.file.pk in of]
    shown = {
        row.file.pk: render_to_string("library/admin/_file_state.html", {"row": row}, request)
        for row in asked
    }
    return JsonResponse({"rows": shown, "busy": busy(asked)})


@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take one file or several, each by itself: one that is refused does not hold up the others."""
    record = _record(request, pk, PARTS["file"].add)
    _require_unlocked(request, record)
    return rows.take(
        request, lambda stream, name: file_changes.upload(record, stream, name), lambda: _back(record)
    )


@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Put the files in another order: `order=3,1,2`, or `up=PK`, or `down=PK`."""
    record = _record(request, pk, CATALOGUES)
    _require_unlocked(request, record)
    for name, by in (("up", -1), ("down", 1)):
        if name in request.POST:
            file = RecordFile.objects.filter(record=record, pk__in=rows.numbers(request.POST[name])).first()
            if file is not None:
                file_changes.move(file, by)
    if "order" in request.POST:
        file_changes.put_in_order(record, rows.numbers(request.POST["order"]))
    return _rows(request, record) if rows.by_script(request) else _back(record)


def add(request: HttpRequest, pk: int, what: str) -> HttpResponseBase:
    """The form of a new consent or copy."""
    part = _part(what)
    record = _record(request, pk, part.add)
    if part.model is RecordFile:
        raise Http404
    return _form(request, record, part.model(record=record), part, str(part.new))


def edit(request: HttpRequest, what: str, pk: int) -> HttpResponseBase:
    """The form of a file, consent or copy."""
    part = _part(what)
    with transaction.atomic():
        found, record = _found(request, part, pk, part.change, lock=request.method == "POST")
        return _form(request, record, found, part, str(found))


def delete(request: HttpRequest, what: str, pk: int) -> HttpResponseBase:
    """Ask, then delete a file, consent or copy."""
    part = _part(what)
    found, record = _found(request, part, pk, part.delete)
    if request.method == "POST":
        _require_unlocked(request, record)
        name = str(found)
        try:
            with transaction.atomic():
                if isinstance(found, RecordFile):
                    file_changes.remove(found)
                else:
                    found.delete()
        except RestrictedError:
            messages.error(
                request, _("“%s” is what files of this record stand under; take it off those first.") % name
            )
        else:
            messages.success(request, _("“%s” is deleted.") % name)
        return _rows(request, record) if rows.by_script(request) else _back(record)
    context = {
        "record": record,
        "found": found,
        "what": what,
        "page_title": _("Delete"),
        "page_subtitle": str(found),
        "header_icon": "bin",
    }
    return TemplateResponse(request, "library/admin/delete_part.html", context)


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The document of a consent: for who edits the files of its record, and nobody else."""
    consent, _record_of_it = _found(request, PARTS["consent"], pk, PARTS["consent"].change)
    assert isinstance(consent, Consent)
    if consent.document is None:
        raise Http404
    blob = consent.document
    return sending.send(
        request,
        blobs.path(blob),
        blob.media_type,
        cache=sending.NOWHERE,
        name=consent.document_name,
        download=True,
    )


def _form(
    request: HttpRequest, record: Record, instance: RecordFile | Consent | Holding, part: _Part, title: str
) -> HttpResponseBase:
    posted = request.method == "POST"
    if posted:
        _require_unlocked(request, record)
    form = part.form(
        request.POST if posted else None,
        request.FILES if posted else None,
        instance=instance,
        for_user=request.user,
    )
    if posted and form.is_valid():
        with transaction.atomic():
            form.save()
            if not isinstance(instance, Holding):
                files.changed([record.pk])
        messages.success(request, _("Saved, and in force at once."))
        return _back(record)
    context = {
        "record": record,
        "form": form,
        "instance": instance,
        "page_title": title,
        "page_subtitle": str(record),
        "header_icon": "doc-full",
    }
    return TemplateResponse(request, "library/admin/edit_part.html", context)


def _part(what: str) -> _Part:
    if what not in PARTS:
        raise Http404
    return PARTS[what]


def _record(request: HttpRequest, pk: int, permission: str) -> Record:
    """The record, for who holds the permission and sees it."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    found = visible(Record.objects.filter(pk=pk), viewer_of(request), drafts=True).first()
    if found is None:
        raise Http404
    return found


def _found(
    request: HttpRequest, part: _Part, pk: int, permission: str, *, lock: bool = False
) -> tuple[RecordFile | Consent | Holding, Record]:
    named = part.model._default_manager.filter(pk=pk)
    found = (named.select_for_update(of=("self",)) if lock else named).first()
    if found is None:
        raise Http404
    record = _record(request, found.record_id, permission)
    if (
        isinstance(found, RecordFile)
        and not visible(RecordFile.objects.filter(pk=pk), viewer_of(request), drafts=True).exists()
    ):
        raise Http404
    found.record = record
    return found, record


def _require_unlocked(request: HttpRequest, record: Record) -> None:
    """A record that somebody locked is locked with its files."""
    lock = record.get_lock()
    if lock is not None and lock.for_user(request.user):
        raise PermissionDenied(_("The record is locked."))


def _rows(request: HttpRequest, record: Record) -> HttpResponse:
    listed = record_files(record, viewer_of(request))
    context = {"record": record, "rows": listed, "busy": busy(listed)}
    return HttpResponse(render_to_string("library/admin/_files.html", context, request))


def _back(record: Record) -> HttpResponse:
    return redirect(reverse("library_admin:files", args=[record.pk]))
