"""Rows with files that a page of the admin lists: sent several at once, put in order. With and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from media_pipeline.domain.blobs import FileRefusedError


def take(
    request: HttpRequest, keep: Callable[[IO[bytes], str], Any], back: Callable[[], HttpResponse]
) -> HttpResponse:
    """Take one file or several, each by itself: one that is refused does not hold up the others.

    A script is told `{"taken": [pk], "refused": [why]}`, status 400 when any was; a form leads `back`.
    """
    taken, refused = [], []
    try:
        sent = request.FILES.getlist("file")
    except OSError as error:
        sent, refused = [], [_("The upload could not be kept: %s") % (error.strerror or error)]
    for each in sent:
        try:
            assert each.file is not None
            taken.append(keep(each.file, each.name or ""))
        except FileRefusedError as error:
            refused.append(f"{each.name}: {error}")
    if not sent and not refused:
        refused.append(_("Choose a file first."))
    if by_script(request):
        return JsonResponse(
            {"taken": [row.pk for row in taken], "refused": refused}, status=400 if refused else 200
        )
    if taken:
        messages.success(request, _("Files taken: %s") % ", ".join(str(row) for row in taken))
    for problem in refused:
        messages.error(request, problem)
    return back()


def numbers(text: str) -> list[int]:
    """The primary keys of a list with commas; what is none is passed over."""
    return [int(part) for part in text[:100_000].split(",") if part.isdecimal() and len(part) < 18]


def by_script(request: HttpRequest) -> bool:
    """Whether a script of the page asks, and wants a part of it."""
    return "X-Part" in request.headers
