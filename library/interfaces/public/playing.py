"""The page of a recording or film: it plays, its transcript follows, every word leads to the dictionary."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from access.domain.gate import may_see, visible
from access.domain.viewer import Viewer, anonymous, viewer_of
from dictionary.domain import naming
from dictionary.interfaces.public.reader import reader
from library.domain import ark as arks
from library.domain import inside, moments
from library.domain.playing import Playable, place, player_view, spoken_in, transcript
from library.domain.presentation import record_view
from library.domain.serving import licence_of
from library.models import Record
from media_pipeline.domain.corrections import Spoken
from search.domain.guard import QueryError

_CLOCK: Final = re.compile(r"(?:(\d{1,3}):)?(?:(\d{1,4}):)?(\d{1,6}(?:\.\d{1,3})?)\Z", re.ASCII)
_MOST_HITS: Final = 1000
SPEEDS: Final = ("0.5", "0.6", "0.75", "0.85", "1", "1.25", "1.5", "2")


@dataclass(frozen=True)
class Line:
    """A cue of the transcript. `seconds` is its beginning; `marks` are what a search found in its text."""

    cue: Spoken
    seconds: float
    address: str
    tag: str
    here: bool
    hit: bool
    marks: tuple[tuple[int, int], ...]


# Pieces of a stream are handed to the player as objects of this page; nothing else may play here but our own files.
@require_safe
@csp_update({"media-src": ["blob:"]})  # type: ignore[arg-type]  # it knows of no arguments beside the request
def play(request: HttpRequest, naan: str, name: str, uuid: UUID) -> HttpResponse:
    """`/records/ark:NAAN/NAME/play/UUID/?t=…&q=…`: `t` in seconds or as 1:02:03; `q` is looked for in the transcript.

    Http404 alike for what is not there and what is closed to the viewer.
    """
    given = f"ark:{naan}/{name}"
    kept = arks.normalised(given)
    if kept is None or not arks.is_sound(kept):
        raise Http404
    if kept != given:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(_address(kept, uuid) + query, permanent=True)
    viewer, speaks = viewer_of(request), reader()
    record = visible(Record.objects.filter(ark=kept), viewer).select_related("collection").first()
    found = player_view(record, viewer) if record else None
    shown = found.find(uuid) if found else None
    if record is None or found is None or shown is None:
        raise Http404
    cues = transcript(shown)
    start = min(seconds(request.GET.get("t", "")), shown.seconds)
    query = request.GET.get("q", "").strip()
    marks, problem = _marks(shown, query, viewer)
    address = _address(kept, uuid)
    tag = spoken_in(shown)
    now = place(cues, start) if start else None
    context = {
        "section": "records",
        "record": record_view(record, reader=speaks),
        "shown": shown,
        "others": [(each, _address(kept, each.id)) for each in found.files if len(found.files) > 1],
        "lines": [_line(cue, address, query, tag, cue is now, marks) for cue in cues],
        "chapters": [(each, f"{address}?{urlencode({'t': f'{each.start:g}'})}") for each in shown.chapters],
        "subtitles": (tag, naming.language_name(tag, speaks)),
        "start": start,
        "fragment": f"#t={start:g}" if start else "",
        "query": query,
        "hits": len(marks),
        "problem": problem,
        "speeds": SPEEDS,
        "licence": _licence(shown, speaks),
        "address": address,
        "ask_url": f"{reverse('record-request', args=[naan, name])}?{urlencode({'file': uuid})}",
        "share": settings.WAGTAILADMIN_BASE_URL.rstrip("/") + address,
        "open_to_all": may_see(shown.file, anonymous()),
    }
    return render(request, "library/player.html", context, status=400 if problem else 200)


def seconds(text: str) -> float:
    """A moment from an address, as 195.2 or 3:15 or 1:02:03; 0 for what is none."""
    parts = _CLOCK.match(text.strip())
    if parts is None:
        return 0.0
    first, second, last = parts.groups()
    hours, minutes = (first, second) if second is not None else (None, first)
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(last)


def clock(moment: float) -> str:
    """A moment as people write it: 3:15, 1:02:03."""
    return moments.said(math.floor(max(0.0, moment)))


def _marks(shown: Playable, query: str, viewer: Viewer) -> tuple[dict[int, tuple[tuple[int, int], ...]], str]:
    """What a search finds in this file, by the beginning of the cue; or why nothing can be looked for."""
    if not query:
        return {}, ""
    try:
        found = inside.search(shown.file.record, query, viewer, limit=_MOST_HITS, only=shown.file)
    except QueryError as error:
        return {}, str(error)
    return {hit.start: tuple(hit.marks) for hit in found.cues}, ""


def _line(
    cue: Spoken,
    address: str,
    query: str,
    tag: str,
    here: bool,
    marks: Mapping[int, Sequence[tuple[int, int]]],
) -> Line:
    moment = cue.start / 1000
    asked = {"t": f"{moment:g}", **({"q": query} if query else {})}
    return Line(
        cue=cue,
        seconds=moment,
        address=f"{address}?{urlencode(asked)}",
        tag=cue.language or tag,
        here=here,
        hit=cue.start in marks,
        marks=tuple(marks.get(cue.start, ())),
    )


def _licence(shown: Playable, speaks: str) -> tuple[str, str]:
    """The name and address of the licence; what the librarian wrote where it is none that is known."""
    known = licence_of(shown.file)
    return (known.name(speaks), known.uri) if known else (shown.file.licence, "")


def _address(ark: str, uuid: UUID) -> str:
    naan, _slash, name = ark.removeprefix("ark:").partition("/")
    return reverse("record-play", args=[naan, name, uuid])
