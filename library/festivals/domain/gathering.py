"""What festivals, records, peoples and places have to do with each other, for one viewer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from access.domain.gate import visible
from access.domain.viewer import Viewer
from library.domain import shelves
from library.domain.files import seen
from library.domain.presentation import RecordItem, items
from library.domain.serving import licence_of
from library.domain.shelves import Cover
from library.festivals.domain.schedule import Held, coming
from library.festivals.models import Festival, Picture
from library.models import Record, RecordFile, RecordTerm
from library.vocabularies import People, Place
from media_pipeline.models import Asset

SHOWN: Final = 6
"""So many festivals stand on the page of a people or place."""
PHOTOGRAPHS: Final = 24
"""So many photographs of its records stand in the gallery of a festival."""
_PICTURED: Final = ("photograph", "festival")
_DEEP: Final = 6


@dataclass(frozen=True)
class Photograph:
    """A picture of a record, with where it comes from."""

    file: RecordFile
    cover: Cover
    ark: str
    title: str

    @property
    def small(self) -> str:
        """The address of the small picture."""
        return self.cover.url

    @property
    def full(self) -> str:
        """The address of the whole picture."""
        return reverse("record-file-page", args=[self.file.uuid, 1])

    @property
    def caption(self) -> str:
        """What is said of it: its own caption, or the title of its record."""
        return self.file.caption or self.title

    @property
    def licence(self) -> str:
        """The short name of its licence."""
        known = licence_of(self.file)
        return known.code if known else self.file.licence


@dataclass(frozen=True)
class RecordCard:
    """A record in the list of a festival, with a small picture where there is one."""

    item: RecordItem
    picture: Cover | None


@dataclass(frozen=True)
class Gathered:
    """What the records of a festival show: photographs, the record whose film or sound leads, and all of them."""

    photographs: tuple[Photograph, ...] = ()
    played: str = ""
    records: tuple[RecordCard, ...] = ()


def gathered(festival: Festival, viewer: Viewer, reader: str) -> Gathered:
    """The records of a festival that the viewer may see, in the order the librarian gave them.

    A fixed number of queries, however many records and files there are.
    """
    order = {link.record_id: n for n, link in enumerate(festival.record_links.all())}
    if not order:
        return Gathered()
    found = visible(Record.objects.filter(pk__in=order), viewer).select_related("collection")
    records = sorted(found, key=lambda record: order[record.pk])
    if not records:
        return Gathered()
    pictured = [record.pk for record in records if record.kind in _PICTURED]
    files = shelves.with_pictures(seen(viewer)).filter(record__in=pictured, asset__kind=Asset.Kind.IMAGE)
    images = sorted(
        files.order_by("record_id", "order", "pk")[: PHOTOGRAPHS * 4],
        key=lambda file: (order[file.record_id], file.order, file.pk),
    )[:PHOTOGRAPHS]
    covers = shelves.pictures_of(images)
    sounding = seen(viewer).filter(
        record__in=[record.pk for record in records], asset__kind__in=(Asset.Kind.VIDEO, Asset.Kind.AUDIO)
    )
    # A film leads before a recording, whatever stands first.
    played = min(
        sounding.order_by().values_list("asset__kind", "record").distinct(),
        key=lambda row: (row[0] != Asset.Kind.VIDEO, order[row[1]]),
        default=None,
    )
    arks = {record.pk: record.ark for record in records}
    leading = shelves.leading_pictures(arks, viewer)
    return Gathered(
        tuple(
            Photograph(file, covers[file.pk], file.record.ark, str(file.record))
            for file in images
            if file.pk in covers
        ),
        arks[played[1]] if played else "",
        tuple(
            RecordCard(item, leading.get(record.pk))
            for record, item in zip(records, items(records, reader), strict=True)
        ),
    )


def of_record(record: Record, viewer: Viewer) -> list[Festival]:
    """The festivals that a record belongs to. One query."""
    return list(visible(Festival.objects.filter(record_links__record=record), viewer))


@dataclass(frozen=True)
class Upcoming:
    """Festivals of a people or place: those that come next, and those whose days are not declared yet."""

    held: Sequence[Held]
    undated: Sequence[Festival]
    more: int
    pictures: Mapping[int, Picture]


def of_people(people: People, viewer: Viewer) -> Upcoming:
    """The festivals of a people. Three queries."""
    return _upcoming(visible(Festival.objects.filter(peoples=people), viewer), viewer)


def of_place(place: Place, viewer: Viewer) -> Upcoming:
    """The festivals held in a place, in its parts, and in what became part of it."""
    return _upcoming(visible(Festival.objects.filter(places__in=inside(place)).distinct(), viewer), viewer)


def inside(place: Place) -> set[int]:
    """A place with what is part of it, what became part of it, and the parts of that: a query for each level."""
    found, edge = {place.pk}, {place.pk}
    for _level in range(_DEEP):
        near = Place.objects.filter(Q(parent__in=edge) | Q(successors__in=edge))
        edge = set(near.values_list("pk", flat=True)) - found
        if not edge:
            break
        found |= edge
    return found


def places(viewer: Viewer) -> list[tuple[Place, int, int]]:
    """The places of which there are records or festivals, with how many of each. Three queries."""
    shown = visible(Record.objects.all(), viewer).order_by().values("pk")
    terms = RecordTerm.objects.filter(name="place", record__in=shown).order_by().values_list("value")
    records = {int(value): number for value, number in terms.annotate(n=Count("pk"))}
    through = Festival.places.through.objects.filter(  # type: ignore[attr-defined]
        festival__in=visible(Festival.objects.all(), viewer).order_by().values("pk")
    )
    held = dict(through.order_by().values_list("place").annotate(n=Count("pk")))
    listed = Place.objects.filter(pk__in={*records, *held}).select_related("parent")
    return [(place, records.get(place.pk, 0), held.get(place.pk, 0)) for place in listed]


def leading(festivals: Iterable[Festival], viewer: Viewer) -> dict[int, Picture]:
    """The picture that leads each festival, by its primary key. One query."""
    shown = visible(Picture.objects.filter(festival__in=list(festivals)), viewer).order_by("-order", "-pk")
    return {picture.festival_id: picture for picture in shown}


def _upcoming(found: QuerySet[Festival], viewer: Viewer) -> Upcoming:
    festivals = list(found)
    if not festivals:
        return Upcoming((), (), 0, {})
    held = coming(festivals, timezone.localdate(), limit=len(festivals))
    dated = {each.festival.pk for each in held}
    undated = [festival for festival in festivals if festival.pk not in dated]
    first = held[:SHOWN]
    rest = undated[: SHOWN - len(first)]
    return Upcoming(
        first,
        rest,
        len(festivals) - len(first) - len(rest),
        leading([*(each.festival for each in first), *rest], viewer),
    )
