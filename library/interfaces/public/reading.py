"""The page reader: one page of a scan at a time, its text beside it, search inside, the address of a region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from access.domain.gate import may_see, visible
from access.domain.viewer import Viewer, anonymous, viewer_of
from dictionary.domain.derived import orthography
from dictionary.interfaces.public.reader import reader
from library.domain import ark as arks
from library.domain import inside, serving
from library.domain import reading as pages
from library.domain.citation import cite
from library.domain.leaves import Leaf
from library.domain.presentation import record_view
from library.interfaces.public import citing
from library.models import Record
from media_pipeline.domain.texts import Page
from search.domain.guard import QueryError

_LONGEST = 200
_TURNS = (90, 180, 270)


@dataclass(frozen=True)
class Hit:
    """A line that was found: where it leads, and its text cut at what was found, with its language."""

    number: int
    address: str
    pieces: tuple[tuple[str, bool], ...]
    language: str


@dataclass(frozen=True)
class Found:
    """What a search inside found: lines, their boxes on the page that is shown, what went wrong. `more`: not all."""

    hits: tuple[Hit, ...] = ()
    boxes: tuple[pages.Box, ...] = ()
    more: bool = False
    degraded: bool = False
    problem: str = ""


@require_safe
def read(request: HttpRequest, naan: str, name: str) -> HttpResponse:
    """`/records/ark:NAAN/NAME/read/?page=…&q=…&xywh=…&rotation=…`: nonsense in the query is as if it was not there."""
    given = f"ark:{naan}/{name}"
    kept = arks.normalised(given)
    if kept is None or not arks.is_sound(kept):
        raise Http404
    if kept != given:
        return redirect(reading_address(kept) + _query(**request.GET.dict()), permanent=True)
    viewer = viewer_of(request)
    record = visible(Record.objects.filter(ark=kept), viewer).select_related("collection").first()
    if record is None:
        raise Http404
    book = pages.reading(record, viewer)
    if not book.total and not book.in_work:
        raise Http404
    asked = pages.number(request.GET.get("page", ""), book.first_open)
    number = book.near(asked) if book.total else 0
    leaf = book.leaves.get(number)
    query = request.GET.get("q", "").strip()[:_LONGEST]
    turned = pages.number(request.GET.get("rotation", ""), 0)
    rotation = turned if turned in _TURNS else 0
    found = _found(record, query, viewer, number, rotation)
    region = pages.region(request.GET.get("xywh", ""), leaf.width, leaf.height) if leaf else None
    text = pages.text_of(leaf) if leaf else None

    def to(page: int) -> str:
        return _query(page=str(page), q=query, rotation=str(rotation or ""))

    strip = book.strip(number) if number else range(0)
    shown = record_view(record, reader=reader())
    url = f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{request.path}?page={number}"
    work = replace(citing.described(record), url=url)
    context = {
        "section": "records",
        "record": shown,
        "indexed": may_see(record, anonymous()) and not query and not region,
        "book": book,
        "number": number,
        "leaf": leaf,
        "query": query,
        "rotation": rotation,
        "region": region,
        "found": found,
        "text": text,
        "writing": orthography(text.language) if text else None,
        "previous": to(number - 1) if number > 1 else "",
        "next": to(number + 1) if number < book.total else "",
        "strip": [(page, book.leaves.get(page), to(page)) for page in strip],
        "strip_ends": (strip[0], strip[-1]) if strip else (0, 0),
        "earlier": to(strip[0] - 1) if strip and strip[0] > 1 else "",
        "later": to(strip[-1] + 1) if strip and strip[-1] < book.total else "",
        "manifest": reverse("iiif-manifest", args=[naan, name]),
        "ask_url": f"{reverse('record-request', args=[naan, name])}{_query(page=str(number if leaf else ''))}",
        "citation": cite(work, timezone.localdate()),
        "data": _data(book, number, leaf, text, found, region),
        "strings": _strings(),
        **_downloads(leaf),
    }
    return render(request, "library/reader.html", context)


def reading_address(ark: str) -> str:
    """The path of the page reader of a record."""
    naan, _slash, name = ark.removeprefix("ark:").partition("/")
    return reverse("record-read", args=[naan, name])


def _query(**values: str) -> str:
    return f"?{urlencode({name: value for name, value in values.items() if value})}"


def _found(record: Record, query: str, viewer: Viewer, number: int, rotation: int) -> Found:
    if not query:
        return Found()
    try:
        answer = inside.search(record, query, viewer)
    except QueryError as error:
        return Found(problem=str(error))
    hits = tuple(
        Hit(
            hit.leaf,
            _query(page=str(hit.leaf), q=query, rotation=str(rotation or "")),
            _pieces(hit.text, hit.marks),
            hit.language,
        )
        for hit in answer.pages
    )
    boxes = tuple(box for hit in answer.pages if hit.leaf == number for box in hit.boxes)
    return Found(hits, boxes, answer.total > len(answer.pages) + len(answer.cues), answer.degraded)


def _pieces(text: str, marks: Sequence[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    """A text cut at its marks: what was found is True."""
    pieces, end = [], 0
    for start, stop in sorted(marks):
        if start < end:
            continue
        pieces += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    return tuple((piece, marked) for piece, marked in (*pieces, (text[end:], False)) if piece)


def _data(
    book: pages.Reading, number: int, leaf: Leaf | None, text: Page | None, found: Found,
    region: pages.Box | None,
) -> dict[str, object]:  # fmt: skip
    """What the scripts of the page need to know of it."""
    there = leaf is not None and leaf.width > 0
    names = [leaf.file.uuid, leaf.page] if leaf else []
    return {
        "number": number,
        "total": book.total,
        "info": reverse("iiif-info", args=names) if there else "",
        "picture": reverse("record-file-page", args=names) if there else "",
        "width": leaf.width if leaf else 0,
        "height": leaf.height if leaf else 0,
        "hits": found.boxes,
        "region": region,
        "rtl": bool(text and orthography(text.language).direction == "rtl"),
        "words": [[[word.x, word.y, word.w, word.h] for word in line.words] for line in text.lines]
        if text
        else [],
    }


def _downloads(leaf: Leaf | None) -> dict[str, object]:
    """What may be carried away of this page."""
    if leaf is None:
        return {"made": frozenset(), "original": False, "licence": ""}
    licence = serving.licence_of(leaf.file)
    return {
        "made": pages.made(leaf),
        "original": serving.may_keep_original(leaf.file, edits=False),
        "licence": licence.name(reader()) if licence else leaf.file.licence,
        "licence_url": licence.uri if licence else "",
    }


def _strings() -> dict[str, str]:
    """What the scripts say; %(…)s are filled in by them."""
    return {
        "page": _("Page %(number)s of %(total)s"),
        "zoomIn": _("Larger"),
        "zoomOut": _("Smaller"),
        "whole": _("Whole page"),
        "rotate": _("Rotate"),
        "full": _("Full screen"),
        "share": _("Share"),
        "keys": _("Keys"),
        "picture": _("Picture"),
        "text": _("Text"),
        "failed": _("This page cannot be fetched just now. Check the connection and try again."),
        "noTiles": _("The large picture cannot be fetched just now; this is a smaller one."),
        "copied": _("Copied"),
        "copyFailed": _("The address is selected: copy it from there."),
        "draw": _(
            "Draw a rectangle on the page, or move it with the arrow keys (larger with Shift) and press Enter."
        ),
        "canvas": _("Picture of the page. Plus and minus change its size, the arrow keys turn pages."),
    }
