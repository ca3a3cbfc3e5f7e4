"""The page that searches everything: words, records, pages, recordings, festivals."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from access.domain.viewer import Viewer, viewer_of
from dictionary.domain.mentions import Mention
from dictionary.interfaces.addresses import entry_address
from dictionary.interfaces.public.reader import reader
from library.domain import everything, moments
from library.domain.everything import Everything, Shown
from library.interfaces.public.asked import asked as asked_for
from library.interfaces.public.records import heading, label_of, record_address, without
from search.domain.guard import QueryError


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """`/search/?q=…&type=…&kind=…&people=…&language=…&place=…&decade=…&collection=…&cursor=…`."""
    viewer, speaks = viewer_of(request), reader()
    query = request.GET.get("q", "").strip()
    wanted = request.GET.get("type", "")
    kind = wanted if wanted in everything.TYPES else ""
    asked = {name: value for name in everything.FACETS if (value := asked_for(request, name))}
    labels = {name: label_of(name, value, viewer, speaks) for name, value in asked.items()}
    kept = {"q": query} | ({"type": kind} if kind else {})
    context: dict[str, object] = {
        "section": "search",
        "query": query,
        "hidden": asked | ({"type": kind} if kind else {}),
        "chosen": [
            (heading(name), label or asked[name], without(asked, name, kept))
            for name, label in labels.items()
        ],
    }
    status = 200
    if query:
        answer: Everything | None = None
        try:
            # What is not there, or not for this viewer, narrows to nothing and is not named.
            if None not in labels.values():
                answer = everything.search(
                    query, viewer, asked, reader=speaks, type=kind, cursor=request.GET.get("cursor", "")
                )
            else:
                answer = Everything((), 0, {}, {}, "", False)
        except QueryError as error:
            status, context["problem"] = 400, str(error)
        if answer is not None:
            context |= _answered(answer, query, kind, asked)
    return render(request, "library/search.html", context, status=status)


def _answered(answer: Everything, query: str, kind: str, asked: Mapping[str, str]) -> dict[str, object]:
    kept = {"q": query} | ({"type": kind} if kind else {})
    numbers = [(name, answer.types.get(name, 0)) for name in everything.TYPES]
    return {
        "answer": answer,
        "hits": [(hit, address(hit, query), where(hit), names()[hit.type]) for hit in answer.hits],
        "types": [
            (names()[name], number, f"?{urlencode({'q': query, **asked, 'type': name})}", name == kind)
            for name, number in numbers
            if number or name == kind
        ],
        "all_types": (
            f"?{urlencode({'q': query, **asked})}",
            sum(number for _name, number in numbers),
            not kind,
        ),
        "facets": [
            (
                heading(name),
                [(each, f"?{urlencode({**kept, **asked, name: each.value})}") for each in choices],
            )
            for name, choices in answer.facets.items()
        ],
        "further": f"?{urlencode({**kept, **asked, 'cursor': answer.cursor})}" if answer.cursor else "",
        "anywhere": f"?{urlencode({'q': query})}" if asked or kind else "",
    }


def mentioned(text: str, viewer: Viewer) -> tuple[Mention, ...]:
    """Where else a word stands, for the dictionary's pages: how many records, pages, recordings, festivals."""
    counts = everything.mentions(text, viewer)
    base = reverse("search")
    return tuple(
        Mention(names()[name], counts[name], f"{base}?{urlencode({'q': text, 'type': name})}")
        for name in everything.TYPES[1:]
        if counts.get(name)
    )


def address(hit: Shown, query: str) -> str:
    """Where a hit leads: to the entry, record or festival, to the page in the reader, to the moment in the player."""
    if hit.entry is not None:
        return entry_address(hit.entry, hit.slug)
    if hit.slug:
        return reverse("festival", args=[hit.slug])
    naan, _slash, name = hit.ark.removeprefix("ark:").partition("/")
    if hit.page:
        place = {"page": str(hit.page), "q": query}
        return f"{reverse('record-read', args=[naan, name])}?{urlencode(place)}"
    if hit.file is not None:
        place = {"t": f"{hit.start / 1000:g}", "q": query}
        return f"{reverse('record-play', args=[naan, name, hit.file])}?{urlencode(place)}"
    return record_address(hit.ark)


def where(hit: Shown) -> str:
    """Where in its record a hit stands: "page 12", "03:15"; "" for what stands by itself."""
    if hit.page:
        return _("page %(number)s") % {"number": hit.page}
    if hit.file is not None:
        return moments.said(hit.start // 1000, minutes=2)
    return ""


def names() -> dict[str, str]:
    """What the types are called."""
    called = (_("Words"), _("Records"), _("Pages"), _("Recordings and films"), _("Festivals"))
    return dict(zip(everything.TYPES, called, strict=True))
