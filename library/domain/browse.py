"""Lists of records narrowed by facets; with words, in the order in which search finds them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from access.domain.gate import visible
from access.domain.viewer import Viewer
from dictionary.domain import naming
from library.domain import collections
from library.domain.documents import FIELDS, TYPE
from library.domain.folding import folded
from library.domain.kinds import kinds
from library.models import Agent, Collection, Concept, People, Place, Record, RecordTerm
from search.domain import words

TERMS: Final = ("people", "language", "place", "decade", "concept", "agent")
FACETS: Final = ("kind", "people", "language", "place", "decade", "collection")
PAGE: Final = 24
_SHOWN: Final = 12
_COUNT_SECONDS: Final = 60


@dataclass(frozen=True)
class Choice:
    """One value of a facet, with the number of records it would leave."""

    value: str
    label: str
    number: int


@dataclass(frozen=True)
class Page:
    """One page of a list. `after` asks for the next one, "" at the end; `degraded`: the index is not at hand."""

    records: tuple[Record, ...]
    total: int
    facets: Mapping[str, tuple[Choice, ...]]
    after: str = ""
    degraded: bool = False
    chosen: Mapping[str, str] = field(default_factory=dict)


def narrowed(records: QuerySet[Record], chosen: Mapping[str, str]) -> QuerySet[Record]:
    """The records that every chosen value holds of."""
    for name, value in chosen.items():
        if name == "kind":
            records = records.filter(kind=value)
        elif name == "collection":
            records = records.filter(collection__in=collections.tree(Collection).within(value))
        else:
            records = records.filter(
                Exists(RecordTerm.objects.filter(record=OuterRef("pk"), name=name, value=value))
            )
    return records


def page(viewer: Viewer, chosen: Mapping[str, str], *, reader: str, after: str = "") -> Page:
    """Records by title. `after` is the number of the page."""
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 7 else 1
    found = narrowed(visible(Record.objects.all(), viewer), chosen)
    total, counts = _counts(found, viewer, chosen)
    start = max(number - 1, 0) * PAGE
    # Their keys alone first: the database would carry the content of all that comes before a far page.
    pks = list(found.order_by("title_sort", "pk").values_list("pk", flat=True)[start : start + PAGE])
    by_pk = Record.objects.select_related("collection").in_bulk(pks)
    records = tuple(by_pk[pk] for pk in pks if pk in by_pk)
    further = str(max(number, 1) + 1) if start + PAGE < total else ""
    return Page(records, total, choices(counts, chosen, viewer, reader), further, chosen=chosen)


def search(text: str, viewer: Viewer, chosen: Mapping[str, str], *, reader: str, after: str = "") -> Page:
    """Records in which the words of a text stand, best first. Raises QueryError, see `search.domain.words`.

    While there is no index, records whose title has the text.
    """
    language = [chosen["language"]] if "language" in chosen else []
    filters = [(name, value) for name, value in chosen.items() if name != "language"]
    results = words.search(
        text, viewer=viewer, fields=FIELDS, types=(TYPE,), languages=language, filters=filters, facets=FACETS,
        limit=PAGE, cursor=after,
    )  # fmt: skip
    seen = visible(Record.objects.all(), viewer)
    if results.degraded:
        found = (
            narrowed(seen, chosen).filter(title_folded__contains=folded(text)).select_related("collection")
        )
        first = tuple(found.order_by("title_sort", "pk")[:PAGE])
        return Page(first, found.count(), {}, degraded=True, chosen=chosen)
    pks = [hit.pk for hit in results.hits]
    by_pk = {record.pk: record for record in seen.filter(pk__in=pks).select_related("collection")}
    counts = {name: dict(results.facets.get(name, {})) for name in FACETS}
    records = tuple(by_pk[pk] for pk in pks if pk in by_pk)
    return Page(
        records, results.total, choices(counts, chosen, viewer, reader), results.cursor, chosen=chosen
    )


def _counts(
    found: QuerySet[Record], viewer: Viewer, chosen: Mapping[str, str]
) -> tuple[int, dict[str, dict[str, int]]]:
    """How many records there are, and of each value. Kept for a minute: counting is what a list costs."""
    asked = (
        f"{timezone.localdate()} {sorted(viewer.allowed)} {viewer.sees_embargoed} {sorted(viewer.stewarded)}"
    )
    key = "records:" + hashlib.sha256(f"{asked} {sorted(chosen.items())}".encode()).hexdigest()[:40]
    total = found.count()
    kept: tuple[int, dict[str, dict[str, int]]] | None = cache.get(key)
    if kept is not None and kept[0] == total:
        return kept
    counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    terms = RecordTerm.objects.filter(record__in=found.order_by().values("pk"), name__in=FACETS)
    for name, value, number in terms.order_by().values_list("name", "value").annotate(n=Count("pk")):
        counts[name][value] = number
    for value, number in found.order_by().values_list("kind").annotate(n=Count("pk")):
        counts["kind"][value] = number
    tree = collections.tree(Collection)
    in_each = dict(found.order_by().values_list("collection").annotate(n=Count("pk")))
    for pk, number in tree.summed(in_each).items():
        if number:
            counts["collection"][tree.slugs[pk]] = number
    cache.set(key, (total, counts), _COUNT_SECONDS)
    return total, counts


def choices(
    counts: Mapping[str, Mapping[str, int]], chosen: Mapping[str, str], viewer: Viewer, reader: str
) -> dict[str, tuple[Choice, ...]]:
    """The commonest values of each facet of records that is not chosen yet, by name; decades in their order."""
    found = {}
    for name in FACETS:
        if name in chosen:
            continue
        most = sorted(counts.get(name, {}).items(), key=lambda pair: (-pair[1], pair[0]))[:_SHOWN]
        called = labels(name, [value for value, _number in most], viewer, reader)
        some = [Choice(value, called[value], number) for value, number in most if value in called]
        if name == "decade":
            some.sort(key=lambda choice: int(choice.value))
        if some:
            found[name] = tuple(some)
    return found


def labels(name: str, values: Sequence[str], viewer: Viewer, reader: str) -> dict[str, str]:
    """What values of a facet are called; those that are not there (any more), or not for this viewer, are left out."""
    if name == "kind":
        return {value: kinds()[value].name(reader) for value in values if value in kinds()}
    if name == "language":
        return {value: naming.language_name(value, reader) for value in values}
    if name == "decade":
        return {value: f"{value}–{int(value) + 9}" for value in values if value.lstrip("-").isdigit()}
    if name == "collection":
        return {one.slug: one.title for one in visible(Collection.objects.filter(slug__in=values), viewer)}
    if name == "people":
        return {one.number: one.name for one in People.objects.filter(number__in=values)}
    model = {"place": Place, "concept": Concept, "agent": Agent}[name]
    pks = [value for value in values if value.isascii() and value.isdigit() and len(value) < 18]
    return {str(one.pk): str(one) for one in model._default_manager.filter(pk__in=pks)}
