"""Correcting the cues of a transcript beside its player; it is brought in and taken along as subtitles, too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from library.domain.correcting.cues import (
    CuePlace,
    add_cue,
    cue_places,
    import_cues,
    merge_cue,
    save_cue,
    split_cue,
    subtitles_limits,
)
from library.domain.correcting.places import ConflictError, CorrectionRefusedError, language_of, take_back
from library.domain.playing import playable
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
from media_pipeline.domain import subtitles, texts
from media_pipeline.domain.subtitles import SubtitlesError, Timed
from media_pipeline.interfaces import sending
from media_pipeline.models import Asset

_CLOCK: Final = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,6})(?:[.,](\d{1,3}))?\Z", re.ASCII)
_SPAN: Final = re.compile(r"(\d{1,9})-(\d{1,9})\Z", re.ASCII)


@require_http_methods(["GET", "HEAD", "POST"])
def transcript(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A transcript beside its player. POST: `action` save, delete, split, merge, add, take_back; `place` START-END."""
    file = file_of(request, pk)
    if file.asset is None or file.asset.kind not in {Asset.Kind.AUDIO, Asset.Kind.VIDEO}:
        raise Http404
    if request.method != "POST":
        return _transcript_shown(request, file, request.GET.get("at", ""))
    require_unlocked(request, file)
    asked = request.POST
    try:
        cue, said = _correct_cue(file, request)
    except CorrectionRefusedError as error:
        shown = asked.get("place", "")
        return refused(
            request, str(error), lambda: _transcript_shown(request, file, shown, 400, mine=asked.get("text"))
        )
    except ConflictError as conflict:
        now = conflict.now if isinstance(conflict.now, CuePlace) else None
        said = meanwhile(now)
        if by_script(request):
            at = now.place if now else ""
            return JsonResponse(
                {"said": said, "list": _cue_list(request, file), "place": at, "gone": now is None}, status=409
            )
        messages.warning(request, said)
        return _transcript_shown(request, file, now.place if now else "", 409, mine=asked.get("text"))
    place = cue.place if cue else ""
    if by_script(request):
        if cue and asked.get("action") == "save" and place == asked.get("place"):
            row = render_to_string(
                "library/admin/_correct_cue.html", {"cue": cue, **writing(cue.language)}, request
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
    file = file_of(request, pk)
    require_unlocked(request, file)
    sent = request.FILES.get("file")
    largest, most = subtitles_limits()
    try:
        if sent is None:
            raise SubtitlesError(_("Choose a file first."))
        cues = subtitles.read(sent.read(largest + 1), largest, most)
        count = import_cues(file, cues, author_of(request), over="over" in request.POST)
    except (SubtitlesError, CorrectionRefusedError) as error:
        messages.error(request, _("Nothing was changed. %(why)s") % {"why": error})
        return _transcript_shown(request, file, "", 400)
    messages.success(request, _("The transcript has %(count)s cues now.") % {"count": count})
    return redirect("library_admin:correct_transcript", file.pk)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The transcript as WebVTT."""
    file = file_of(request, pk)
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


def _correct_cue(file: RecordFile, request: HttpRequest) -> tuple[CuePlace | None, str]:
    asked, author = request.POST, author_of(request)
    action, seen = asked.get("action"), _lines_as_kept(asked.get("seen", ""))
    text = asked.get("text", "")
    if action == "add":
        return add_cue(file, _timed(asked), author), _("The cue is added.")
    if action == "take_back":
        correction = take_back(file, number_of(asked.get("correction", "")))
        cues = cue_places(file)
        back = next((cue for cue in cues if cue.start <= correction.start < cue.end), None)
        return back, _("Taken back: what the machine heard stands again.")
    at = _span(asked.get("place", ""))
    if action == "delete":
        save_cue(file, at, seen, Timed(*at, ""), author)
        return None, _("The cue is taken away.")
    if action == "merge":
        return merge_cue(file, at, seen, text, author), _("The two cues are joined.")
    if action == "split":
        first, second = text, asked.get("rest", "")
        cue = split_cue(file, at, seen, moment(asked.get("moment", "")), first, second, author)
        return cue, _("The cue is split.")
    if not text.strip():
        raise CorrectionRefusedError(_("Write what is said there, or take the cue away."))
    cue = save_cue(file, at, seen, _timed(asked), author)
    return cue, _("Saved: “%(text)s”") % {"text": cue.text}


def _transcript_shown(
    request: HttpRequest, file: RecordFile, at: str, status: int = 200, mine: str | None = None
) -> HttpResponse:
    cues = cue_places(file)
    player = playable(file)
    chosen = next((cue for cue in cues if cue.place == at), None) or next(
        (cue for cue in cues if not cue.gone), None
    )
    context = {
        **head(file),
        **writing(language_of(file)),
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


def _cue_list(request: HttpRequest, file: RecordFile) -> str:
    context = {"cues": cue_places(file), **writing(language_of(file))}
    return render_to_string("library/admin/_correct_cues.html", context, request)


def _counted(cues: Sequence[CuePlace]) -> dict[str, int]:
    """How many cues there are, and how many people wrote."""
    return {
        "count": sum(not cue.gone for cue in cues),
        "people": sum(cue.correction is not None and not cue.gone for cue in cues),
    }


def _counts(request: HttpRequest, file: RecordFile) -> str:
    counted = _counted(cue_places(file))
    return render_to_string("library/admin/_correct_counts.html", counted, request)


def _span(text: str) -> tuple[int, int]:
    found = _SPAN.match(text)
    if found is None:
        raise CorrectionRefusedError(str(NOWHERE))
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
