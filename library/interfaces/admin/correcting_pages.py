"""Correcting the lines of a page beside its picture, and the list of pages that says how far they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from library.domain.correcting.lines import (
    Box,
    LinePlace,
    add_line,
    first_unsure,
    is_near,
    page_lines,
    page_numbers,
    pages_progress,
    progress,
    save_line,
)
from library.domain.correcting.places import ConflictError, CorrectionRefusedError, language_of, take_back
from library.interfaces.admin.correcting import (
    NOWHERE,
    author_of,
    by_script,
    file_of,
    head,
    meanwhile,
    number_of,
    refused,
    require_unlocked,
    writing,
)
from library.models import RecordFile
from media_pipeline.models import Asset

_PER_PAGE: Final = 50
_BOX: Final = re.compile(r"\d{1,7}(?:,\d{1,7}){3}\Z", re.ASCII)


@require_safe
def start(request: HttpRequest, pk: int) -> HttpResponseBase:
    """How far the pages of a file are; a recording, or a single page, is opened at once."""
    file = file_of(request, pk)
    kind = file.asset.kind if file.asset else ""
    if kind in {Asset.Kind.AUDIO, Asset.Kind.VIDEO}:
        return redirect("library_admin:correct_transcript", file.pk)
    total = page_numbers(file)
    if total == 1:
        return redirect("library_admin:correct_page", file.pk, 1)
    page = Paginator(range(1, total + 1), _PER_PAGE).get_page(request.GET.get("p"))
    context = {
        **head(file),
        "file": file,
        "page": page,
        "rows": pages_progress(file, list(page)) if total else [],
        "progress": progress(file),
        "untouched": first_unsure(file, 0) if total else None,
    }
    return TemplateResponse(request, "library/admin/correct_pages.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """A page beside its lines. POST: `action` is save, nothing, take_back or add; `place` is the box of the line."""
    file = file_of(request, pk)
    if not 1 <= number <= page_numbers(file):
        raise Http404
    if request.method != "POST":
        return _page_shown(request, file, number, request.GET.get("at", ""))
    require_unlocked(request, file)
    asked = request.POST
    text = asked.get("text", "")
    try:
        box = _box(asked)
        line, said = _correct_line(file, number, box, request)
    except CorrectionRefusedError as error:
        return refused(
            request, str(error), lambda: _page_shown(request, file, number, asked.get("place", ""), 400)
        )
    except ConflictError as conflict:
        now = conflict.now if isinstance(conflict.now, LinePlace) else None
        said = meanwhile(now)
        if by_script(request):
            row = _line_row(request, file, now) if now else ""
            return JsonResponse({"said": said, "row": row, "gone": now is None}, status=409)
        messages.warning(request, said)
        at = now.place if now else ""
        return _page_shown(request, file, number, at, 409, mine=text)
    if by_script(request):
        done = pages_progress(file, [number])[0]
        counted = {"lines": done.lines, "corrected": done.corrected, "unsure": done.unsure}
        place = line.place if line else ""
        return JsonResponse(
            {
                "said": said,
                "row": _line_row(request, file, line) if line else "",
                "place": place,
                "counted": counted,
            }
        )
    messages.success(request, said)
    lines = page_lines(file, number).lines
    places = [each.place for each in lines]
    index = places.index(line.place) if line and line.place in places else -1
    following = (
        places[index + 1]
        if asked.get("action") in {"save", "nothing"} and 0 <= index < len(places) - 1
        else ""
    )
    following = following or (line.place if line else "")
    query = f"?{urlencode({'at': following})}" if following else ""
    return redirect(reverse("library_admin:correct_page", args=[file.pk, number]) + query)


def _correct_line(
    file: RecordFile, number: int, box: Box, request: HttpRequest
) -> tuple[LinePlace | None, str]:
    asked, author = request.POST, author_of(request)
    action, text, seen = asked.get("action"), asked.get("text", ""), asked.get("seen", "")
    if action == "add":
        return add_line(file, number, box, text, author), _("The line is added.")
    if action == "nothing":
        line = save_line(file, number, box, "", seen, author)
        return line, _("Noted: there is nothing to read there.")
    if action == "take_back":
        correction = take_back(file, number_of(asked.get("correction", "")))
        lines = page_lines(file, number).lines
        near = (each for each in lines if each.correction is None and each.text == correction.before)
        back = next((each for each in near if is_near(each.box, box)), None)
        return back, _("Taken back: what the machine read stands again.")
    if not text.strip():
        raise CorrectionRefusedError(_("Write what stands there, or say that there is nothing to read."))
    line = save_line(file, number, box, text, seen, author)
    return line, _("Saved: “%(text)s”") % {"text": line.text}


def _page_shown(
    request: HttpRequest, file: RecordFile, number: int, at: str, status: int = 200, mine: str | None = None
) -> HttpResponse:
    shown = page_lines(file, number)
    counted = pages_progress(file, [number])[0]
    total = page_numbers(file)
    if mine is None and request.method == "POST" and request.POST.get("action") == "save":
        mine = request.POST.get("text")
    context = {
        **head(file),
        **writing(shown.language),
        "file": file,
        "shown": shown,
        "chosen": _chosen(shown.lines, at),
        "mine": mine,
        "theirs": status == 409,
        "counted": counted,
        "progress": progress(file),
        "total": total,
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if number < total else None,
        "untouched": first_unsure(file, number),
        "picture": reverse("record-file-page", args=[file.uuid, number]),
        "tiles": reverse("iiif-info", args=[file.uuid, number]),
    }
    return TemplateResponse(request, "library/admin/correct_page.html", context, status=status)


def _chosen(lines: Sequence[LinePlace], at: str) -> LinePlace | None:
    """The line of an address; else the first of which the machine is unsure, or that nobody looked at."""
    tests = (lambda line: line.place == at, lambda line: line.unsure, lambda line: line.correction is None)
    found = (line for test in tests for line in lines if test(line))
    return next(found, lines[0] if lines else None)


def _line_row(request: HttpRequest, file: RecordFile, line: LinePlace) -> str:
    context = {"line": line, "tag": language_of(file)}
    return render_to_string("library/admin/_correct_line.html", context, request)


def _box(asked: Any) -> Box:
    text = asked.get("place") or ",".join(asked.get(name, "").strip() for name in "xywh")
    if not _BOX.match(text):
        raise CorrectionRefusedError(str(NOWHERE))
    x, y, w, h = (int(part) for part in text.split(","))
    return (x, y, w, h)
