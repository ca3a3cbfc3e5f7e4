"""What the editors of pages and of transcripts have in common: who may, how they are headed, and what they answer.
Every page works as plain forms; with scripts each place is sent by itself, and the answer is JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.domain.viewer import viewer_of
from access.models import User
from library.domain import files
from library.domain.correcting.places import Place
from library.models import RecordFile
from search.domain.analysis import orthography

CORRECT: Final = "library.correct_text"
NOWHERE: Final = gettext_lazy("It is not clear which place is meant. Open the page again.")


def file_of(request: HttpRequest, pk: int) -> RecordFile:
    """The file, for who may correct and sees it."""
    if not request.user.has_perm(CORRECT):
        raise PermissionDenied
    found = files.seen(viewer_of(request), drafts=True).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def require_unlocked(request: HttpRequest, file: RecordFile) -> None:
    """A record that somebody locked is locked with its texts."""
    lock = file.record.get_lock()
    if lock is not None and lock.for_user(request.user):
        raise PermissionDenied(_("The record is locked."))


def author_of(request: HttpRequest) -> User:
    """Who corrects; `file_of` let nobody else through."""
    assert isinstance(request.user, User)
    return request.user


def by_script(request: HttpRequest) -> bool:
    """Whether a script sent the form, which wants JSON."""
    return "X-Part" in request.headers


def number_of(text: str) -> int:
    """The number of a correction; 0, which is none, for anything else."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 18 else 0


def head(file: RecordFile) -> dict[str, Any]:
    """What the templates of an editor say above it."""
    return {
        "record": file.record,
        "page_title": _("Correct"),
        "page_subtitle": f"{file.record}: {file.caption or file.name}",
        "header_icon": "edit",
        "may_see_files": CORRECT,
    }


def writing(tag: str) -> dict[str, str]:
    """How the language is written: its tag, direction and fonts."""
    found = orthography(tag)
    fonts = ", ".join(f'"{font}"' for font in found.fonts)
    return {"tag": tag, "direction": found.direction, "fonts": fonts}


def meanwhile(now: Place | None) -> str:
    """What to tell an author when somebody else was there before; `now` is what stands there."""
    if now is None:
        return _(
            "Somebody took this away meanwhile. Your text is kept in the field; add it anew if it is needed."
        )
    author = now.correction.author if now.correction else None
    return _(
        "Meanwhile %(who)s wrote: “%(text)s”. Your text is in the field: save it again to put it in that place."
    ) % {
        "who": author.get_full_name() or author.get_username() if author else _("somebody else"),
        "text": now.text,
    }


def refused(request: HttpRequest, why: str, shown: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Say why something is not kept: to a script, or above the page that `shown` makes."""
    if by_script(request):
        return JsonResponse({"said": why}, status=400)
    messages.error(request, why)
    return shown()
