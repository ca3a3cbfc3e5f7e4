"""Correcting what machines read and heard, beside the page or the sound. Every page works as plain forms; with scripts
each line is sent by itself, and the answer is JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.domain.viewer import viewer_of
from access.models import User
from library.domain import correcting, files
from library.domain.correcting import ConflictError, CorrectionRefusedError, CuePlace, LinePlace
from library.domain.playing import playable
from library.models import RecordFile
from media_pipeline.domain import subtitles, texts
from media_pipeline.domain.subtitles import SubtitlesError, Timed
from media_pipeline.interfaces import sending
from media_pipeline.models import Asset
from search.domain.analysis import orthography

CORRECT: Final = "library.correct_text"
_PER_PAGE: Final = 50
_CLOCK: Final = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,6})(?:[.,](\d{1,3}))?\Z", re.ASCII)
_BOX: Final = re.compile(r"\d{1,7}(?:,\d{1,7}){3}\Z", re.ASCII)
_SPAN: Final = re.compile(r"(\d{1,9})-(\d{1,9})\Z", re.ASCII)
_NOWHERE: Final = gettext_lazy("It is not clear which place is meant. Open the page again.")


@require_safe
def start(request: HttpRequest, pk: int) -> HttpResponseBase:
    """How far the pages of a file are; a recording, or a single page, is opened at once."""
    file = _file(request, pk)
    kind = file.asset.kind if file.asset else ""
    if kind in {Asset.Kind.AUDIO, Asset.Kind.VIDEO}:
        return redirect("library_admin:correct_transcript", file.pk)
    total = correcting.page_numbers(file)
    if total == 1:
        return redirect("library_admin:correct_page", file.pk, 1)
    page = Paginator(range(1, total + 1), _PER_PAGE).get_page(request.GET.get("p"))
    context = {
        **_head(file),
        "file": file,
        "page": page,
        "rows": correcting.pages_progress(file, list(page)) if total else [],
        "progress": correcting.progress(file),
        "untouched": correcting.first_unsure(file, 0) if total else None,
    }
    return TemplateResponse(request, "library/admin/correct_pages.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """A page beside its lines. POST: `action` is save, nothing, take_back or add; `place` is the box of the line."""
    file = _file(request, pk)
    if not 1 <= number <= correcting.page_numbers(file):
        raise Http404
    if request.method != "POST":
        return _page_shown(request, file, number, request.GET.get("at", ""))
    _require_unlocked(request, file)
    asked = request.POST
    text = asked.get("text", "")
    try:
        box = _box(asked)
        line, said = _correct_line(file, number, box, request)
    except CorrectionRefusedError as error:
        return _refused(
            request, str(error), lambda: _page_shown(request, file, number, asked.get("place", ""), 400)
        )
    except ConflictError as conflict:
        now = conflict.now if isinstance(conflict.now, LinePlace) else None
        said = _meanwhile(now)
        if _by_script(request):
            row = _line_row(request, file, now) if now else ""
            return JsonResponse({"said": said, "row": row, "gone": now is None}, status=409)
        messages.warning(request, said)
        at = now.place if now else ""
        return _page_shown(request, file, number, at, 409, mine=text)
    if _by_script(request):
        done = correcting.pages_progress(file, [number])[0]
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
    lines = correcting.page_lines(file, number).lines
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


@require_http_methods(["GET", "HEAD", "POST"])
def transcript(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A transcript beside its player. POST: `action` save, delete, split, merge, add, take_back; `place` START-END."""
    file = _file(request, pk)
    if file.asset is None or file.asset.kind not in {Asset.Kind.AUDIO, Asset.Kind.VIDEO}:
        raise Http404
    if request.method != "POST":
        return _transcript_shown(request, file, request.GET.get("at", ""))
    _require_unlocked(request, file)
    asked = request.POST
    try:
        cue, said = _correct_cue(file, request)
    except CorrectionRefusedError as error:
        shown = asked.get("place", "")
        return _refused(
            request, str(error), lambda: _transcript_shown(request, file, shown, 400, mine=asked.get("text"))
        )
    except ConflictError as conflict:
        now = conflict.now if isinstance(conflict.now, CuePlace) else None
        said = _meanwhile(now)
        if _by_script(request):
            at = now.place if now else ""
            return JsonResponse(
                {"said": said, "list": _cue_list(request, file), "place": at, "gone": now is None}, status=409
            )
        messages.warning(request, said)
        return _transcript_shown(request, file, now.place if now else "", 409, mine=asked.get("text"))
    place = cue.place if cue else ""
    if _by_script(request):
        if cue and asked.get("action") == "save" and place == asked.get("place"):
            row = render_to_string(
                "library/admin/_correct_cue.html", {"cue": cue, **_writing(cue.language)}, request
            )
            return JsonResponse({"said": said, "row": row, "place": place, "counts": _counts(request, file)})
        counts = _counts(request, file)
        return JsonResponse(
            {"said": said, "list": _cue_list(request, file), "place": place, "counts": counts}
        )
    messages.success(request, said)
    query = f"?{urlencode({'at': place})}" if place else ""
    return redirect(reverse("library_admin:correct_transcript", args=[file.pk]) + query)


@require_POST
def bring(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make the transcript what an uploaded WebVTT or SRT file says; with `over` also instead of what people wrote."""
    file = _file(request, pk)
    _require_unlocked(request, file)
    sent = request.FILES.get("file")
    largest, most = correcting.subtitles_limits()
    try:
        if sent is None:
            raise SubtitlesError(_("Choose a file first."))
        cues = subtitles.read(sent.read(largest + 1), largest, most)
        count = correcting.import_cues(file, cues, _author(request), over="over" in request.POST)
    except (SubtitlesError, CorrectionRefusedError) as error:
        messages.error(request, _("Nothing was changed. %(why)s") % {"why": error})
        return _transcript_shown(request, file, "", 400)
    messages.success(request, _("The transcript has %(count)s cues now.") % {"count": count})
    return redirect("library_admin:correct_transcript", file.pk)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The transcript as WebVTT."""
    file = _file(request, pk)
    if file.asset is None:
        raise Http404
    answer = HttpResponse(texts.subtitles(file.asset), content_type="text/vtt; charset=utf-8")
    name = f"{file.name.rpartition('.')[0] or file.name}.vtt"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return sending.guarded(answer, sending.NOWHERE)


def moment(text: str) -> int:
    """Milliseconds from 1:02:03.500, 2:03,5 or 123.5. Raises CorrectionRefusedError."""
    found = _CLOCK.match(text.strip())
    if found is None:
        raise CorrectionRefusedError(
            _("“%(text)s” is no time; write it as 1:02:03.500.") % {"text": text[:20]}
        )
    hours, minutes, seconds, rest = found.groups()
    return ((int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds)) * 1000 + int(
        (rest or "0").ljust(3, "0")
    )


def _correct_line(
    file: RecordFile, number: int, box: correcting.Box, request: HttpRequest
) -> tuple[LinePlace | None, str]:
    asked, author = request.POST, _author(request)
    action, text, seen = asked.get("action"), asked.get("text", ""), asked.get("seen", "")
    if action == "add":
        return correcting.add_line(file, number, box, text, author), _("The line is added.")
    if action == "nothing":
        line = correcting.save_line(file, number, box, "", seen, author)
        return line, _("Noted: there is nothing to read there.")
    if action == "take_back":
        correction = correcting.take_back(file, _number(asked.get("correction", "")))
        lines = correcting.page_lines(file, number).lines
        near = (each for each in lines if each.correction is None and each.text == correction.before)
        back = next((each for each in near if correcting.is_near(each.box, box)), None)
        return back, _("Taken back: what the machine read stands again.")
    if not text.strip():
        raise CorrectionRefusedError(_("Write what stands there, or say that there is nothing to read."))
    line = correcting.save_line(file, number, box, text, seen, author)
    return line, _("Saved: “%(text)s”") % {"text": line.text}


def _correct_cue(file: RecordFile, request: HttpRequest) -> tuple[CuePlace | None, str]:
    asked, author = request.POST, _author(request)
    action, seen = asked.get("action"), _lines_as_kept(asked.get("seen", ""))
    text = asked.get("text", "")
    if action == "add":
        return correcting.add_cue(file, _timed(asked), author), _("The cue is added.")
    if action == "take_back":
        correction = correcting.take_back(file, _number(asked.get("correction", "")))
        cues = correcting.cue_places(file)
        back = next((cue for cue in cues if cue.start <= correction.start < cue.end), None)
        return back, _("Taken back: what the machine heard stands again.")
    at = _span(asked.get("place", ""))
    if action == "delete":
        correcting.save_cue(file, at, seen, Timed(*at, ""), author)
        return None, _("The cue is taken away.")
    if action == "merge":
        return correcting.merge_cue(file, at, seen, text, author), _("The two cues are joined.")
    if action == "split":
        first, second = text, asked.get("rest", "")
        cue = correcting.split_cue(file, at, seen, moment(asked.get("moment", "")), first, second, author)
        return cue, _("The cue is split.")
    if not text.strip():
        raise CorrectionRefusedError(_("Write what is said there, or take the cue away."))
    cue = correcting.save_cue(file, at, seen, _timed(asked), author)
    return cue, _("Saved: “%(text)s”") % {"text": cue.text}


def _page_shown(
    request: HttpRequest, file: RecordFile, number: int, at: str, status: int = 200, mine: str | None = None
) -> HttpResponse:
    shown = correcting.page_lines(file, number)
    counted = correcting.pages_progress(file, [number])[0]
    total = correcting.page_numbers(file)
    if mine is None and request.method == "POST" and request.POST.get("action") == "save":
        mine = request.POST.get("text")
    context = {
        **_head(file),
        **_writing(shown.language),
        "file": file,
        "shown": shown,
        "chosen": _chosen(shown.lines, at),
        "mine": mine,
        "theirs": status == 409,
        "counted": counted,
        "progress": correcting.progress(file),
        "total": total,
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if number < total else None,
        "untouched": correcting.first_unsure(file, number),
        "picture": reverse("record-file-page", args=[file.uuid, number]),
        "tiles": reverse("iiif-info", args=[file.uuid, number]),
    }
    return TemplateResponse(request, "library/admin/correct_page.html", context, status=status)


def _transcript_shown(
    request: HttpRequest, file: RecordFile, at: str, status: int = 200, mine: str | None = None
) -> HttpResponse:
    cues = correcting.cue_places(file)
    player = playable(file)
    chosen = next((cue for cue in cues if cue.place == at), None) or next(
        (cue for cue in cues if not cue.gone), None
    )
    context = {
        **_head(file),
        **_writing(correcting.language_of(file)),
        "file": file,
        "cues": cues,
        "chosen": chosen,
        "mine": mine,
        "theirs": status == 409,
        # Subtitles would show over the film what is just being corrected.
        "shown": replace(player, spoken=False) if player else None,
        **_counted(cues),
    }
    return TemplateResponse(request, "library/admin/correct_transcript.html", context, status=status)


def _chosen(lines: Sequence[LinePlace], at: str) -> LinePlace | None:
    """The line of an address; else the first of which the machine is unsure, or that nobody looked at."""
    tests = (lambda line: line.place == at, lambda line: line.unsure, lambda line: line.correction is None)
    found = (line for test in tests for line in lines if test(line))
    return next(found, lines[0] if lines else None)


def _head(file: RecordFile) -> dict[str, Any]:
    return {
        "record": file.record,
        "page_title": _("Correct"),
        "page_subtitle": f"{file.record}: {file.caption or file.name}",
        "header_icon": "edit",
        "may_see_files": CORRECT,
    }


def _writing(tag: str) -> dict[str, str]:
    """How the language is written: its tag, direction and fonts."""
    found = orthography(tag)
    fonts = ", ".join(f'"{font}"' for font in found.fonts)
    return {"tag": tag, "direction": found.direction, "fonts": fonts}


def _line_row(request: HttpRequest, file: RecordFile, line: LinePlace) -> str:
    context = {"line": line, "tag": correcting.language_of(file)}
    return render_to_string("library/admin/_correct_line.html", context, request)


def _cue_list(request: HttpRequest, file: RecordFile) -> str:
    context = {"cues": correcting.cue_places(file), **_writing(correcting.language_of(file))}
    return render_to_string("library/admin/_correct_cues.html", context, request)


def _counted(cues: Sequence[CuePlace]) -> dict[str, int]:
    """How many cues there are, and how many people wrote."""
    return {
        "count": sum(not cue.gone for cue in cues),
        "people": sum(cue.correction is not None and not cue.gone for cue in cues),
    }


def _counts(request: HttpRequest, file: RecordFile) -> str:
    counted = _counted(correcting.cue_places(file))
    return render_to_string("library/admin/_correct_counts.html", counted, request)


def _meanwhile(now: LinePlace | CuePlace | None) -> str:
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


def _refused(request: HttpRequest, why: str, shown: Any) -> HttpResponseBase:
    if _by_script(request):
        return JsonResponse({"said": why}, status=400)
    messages.error(request, why)
    answer: HttpResponseBase = shown()
    return answer


def _file(request: HttpRequest, pk: int) -> RecordFile:
    """The file, for who may correct and sees it."""
    if not request.user.has_perm(CORRECT):
        raise PermissionDenied
    found = files.seen(viewer_of(request), drafts=True).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _require_unlocked(request: HttpRequest, file: RecordFile) -> None:
    """A record that somebody locked is locked with its texts."""
    lock = file.record.get_lock()
    if lock is not None and lock.for_user(request.user):
        raise PermissionDenied(_("The record is locked."))


def _author(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _by_script(request: HttpRequest) -> bool:
    return "X-Part" in request.headers


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 18 else 0


def _box(asked: Any) -> correcting.Box:
    text = asked.get("place") or ",".join(asked.get(name, "").strip() for name in "xywh")
    if not _BOX.match(text):
        raise CorrectionRefusedError(str(_NOWHERE))
    x, y, w, h = (int(part) for part in text.split(","))
    return (x, y, w, h)


def _span(text: str) -> tuple[int, int]:
    found = _SPAN.match(text)
    if found is None:
        raise CorrectionRefusedError(str(_NOWHERE))
    return int(found[1]), int(found[2])


def _timed(asked: Any) -> Timed:
    return Timed(
        moment(asked.get("start", "")),
        moment(asked.get("end", "")),
        asked.get("text", ""),
        asked.get("speaker", ""),
    )


def _lines_as_kept(text: str) -> str:
    """Forms send line breaks as CR LF."""
    return text.replace("\r\n", "\n")
