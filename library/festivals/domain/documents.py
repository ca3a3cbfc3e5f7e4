"""How published festivals become search documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from access.domain.gate import protocols_of
from library.festivals.models import Festival
from library.vocabularies import People, Place
from search.documents import Document, order_of
from search.domain.analysis import words

TYPE: Final = "festival"
FIELDS: Final = ("title", "text")
FAMILY: Final = 4
_BATCH: Final = 500
_LANGUAGES: Final = ("vi", "en")


def documents(pks: Sequence[int]) -> Iterator[Document]:
    """The documents of those of these festivals that are published. Some queries for 500."""
    for start in range(0, len(pks), _BATCH):
        found = Festival.objects.filter(pk__in=pks[start : start + _BATCH], live=True).order_by("pk")
        for festival in found.select_related("protocol").prefetch_related("peoples", "places"):
            yield _document(festival)


def all_pks() -> Iterator[int]:
    """The ids of all published festivals, ascending."""
    return (
        Festival.objects.filter(live=True)
        .order_by("pk")
        .values_list("pk", flat=True)
        .iterator(chunk_size=5000)
    )


def versions(pks: Sequence[int]) -> dict[int, int]:
    """The versions of those of these festivals that are published."""
    return {festival.pk: _version(festival) for festival in Festival.objects.filter(pk__in=pks, live=True)}


def _document(festival: Festival) -> Document:
    protocols, embargo = protocols_of(festival)
    peoples, places = list(festival.peoples.all()), list(festival.places.all())
    titles = [(code, getattr(festival, f"name_{code}") or "") for code in _LANGUAGES]
    titles += [("und", name) for name in festival.own_names]
    running = [
        (code, getattr(festival, f"{field}_{code}") or "")
        for field in ("summary", "story")
        for code in _LANGUAGES
    ]
    running += [(code, name) for row in chain(peoples, places) for code, name in _names(row)]
    facets = {
        "kind": (TYPE,),
        "people": tuple(people.number for people in peoples),
        "place": tuple(str(place.pk) for place in places),
    }
    return Document(
        type=TYPE,
        pk=festival.pk,
        version=_version(festival),
        order=order_of(0, festival.pk, family=FAMILY),
        fields={"title": _tokens(titles), "text": _tokens(running)},
        facets={name: values for name, values in facets.items() if values},
        protocols=tuple(sorted(protocols)),
        embargo=embargo.toordinal() if embargo else 0,
    )


def _names(row: People | Place) -> Iterator[tuple[str, str]]:
    for code in _LANGUAGES:
        yield code, getattr(row, f"name_{code}") or ""
    yield from (("und", name) for name in row.other_names)


def _tokens(texts: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(token for tag, text in dict.fromkeys(texts) if text for token in words(tag, text))


def _version(festival: Festival) -> int:
    return int(festival.updated_at.timestamp() * 1_000_000)
