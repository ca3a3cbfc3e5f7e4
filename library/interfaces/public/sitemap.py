"""What of the library anybody may see, for site maps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import F
from django.urls import reverse

from access.domain.gate import visible
from access.domain.viewer import anonymous
from dictionary.domain.sitemaps import SPAN, SiteMap
from library.models import Collection, People, Record


def _record_spans() -> Iterable[int]:
    spans = visible(Record.objects.all(), anonymous()).order_by().values_list(F("pk") / SPAN, flat=True)
    return sorted(spans.distinct())


def _records(number: int) -> Iterator[tuple[str, str]]:
    span = Record.objects.filter(pk__gte=number * SPAN, pk__lt=(number + 1) * SPAN)
    rows = visible(span, anonymous()).order_by("pk").values_list("ark", "updated_at")
    for ark, updated in rows.iterator(chunk_size=2000):
        naan, _slash, name = ark.removeprefix("ark:").partition("/")
        yield reverse("record", args=[naan, name]), updated.date().isoformat()


def _pages(number: int) -> Iterator[tuple[str, str]]:
    if number:
        return
    for name in ("records", "collections", "peoples"):
        yield reverse(name), ""
    for slug, updated in visible(Collection.objects.all(), anonymous()).values_list("slug", "updated_at"):
        yield reverse("collection", args=[slug]), updated.date().isoformat()
    for slug in People.objects.values_list("slug", flat=True):
        yield reverse("people", args=[slug]), ""


RECORDS = SiteMap("records", _record_spans, _records)
LIBRARY = SiteMap("library", lambda: (0,), _pages)
