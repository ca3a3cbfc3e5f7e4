"""What the blocks of a page refer to, as one visitor may see it: a few queries for each kind, however many blocks.

What is gone, or not for this visitor, is simply not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from wagtail import blocks
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from access.domain.gate import visible
from access.domain.viewer import Viewer, viewer_of
from dictionary.domain import browse
from dictionary.interfaces.public.reader import lexicons, reader
from dictionary.models import Entry
from library.domain import shelves
from library.domain.collections import tree
from library.domain.files import seen
from library.domain.presentation import items
from library.festivals.domain import schedule
from library.festivals.domain.gathering import RecordCard, leading
from library.festivals.domain.presentation import Text, spoken
from library.festivals.models import Festival, Picture
from library.models import Collection, People, Place, Record
from library.pages.domain import lists
from library.pages.domain.pictures import with_renditions
from library.pages.domain.references import references
from media_pipeline.models import Derivative

Placed = Mapping[str, Mapping[Any, Any]]
"""What is placed on a page: by kind, by the key that blocks hold."""

_PLAYED: Final = ("poster", "audio-opus", "audio-aac")
_BETWEEN: Final = "\x1e"
"""Stands between texts while all of them are expanded at once; it is no character of HTML."""


@dataclass(frozen=True)
class FestivalCard:
    """A festival, its next time if that is known, and the picture that leads its page."""

    slug: str
    name: Text
    summary: Text
    peoples: tuple[str, ...]
    next: schedule.Held | None
    picture: UUID | None
    picture_caption: str
    picture_credit: str
    points: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True)
class CollectionCard:
    """A collection with the number of its records."""

    slug: str
    title: str
    description: str
    records: int


@dataclass(frozen=True)
class FileCard:
    """A file of a record: `kind` as the media pipeline says, "" when it has not been looked into.

    `poster`, `opus`, `m4a` say whether these were made of it.
    """

    uuid: UUID
    name: str
    caption: str
    credit: str
    kind: str
    size: int
    ark: str
    record: str
    poster: bool
    opus: bool
    m4a: bool


@dataclass(frozen=True)
class Visit:
    """Who looks at which page, and in which language."""

    viewer: Viewer
    reader: str
    page: Page


def gather(streams: Iterable[tuple[blocks.Block, Any]], page: Page, request: HttpRequest) -> Placed:
    """What these values of blocks refer to, as the visitor of this request may see it."""
    wanted: dict[str, dict[Any, None]] = {}
    for block, value in streams:
        for kind, key in references(block, value):
            wanted.setdefault(kind, {})[key] = None
    visit = Visit(viewer_of(request), reader(), page)
    return {kind: _FETCH[kind](list(keys), visit) for kind, keys in wanted.items()}


def _records(keys: Sequence[int], visit: Visit) -> dict[int, RecordCard]:
    found = list(
        visible(Record.objects.filter(pk__in=keys), visit.viewer).select_related("collection").order_by("pk")
    )
    pictures = shelves.leading_pictures([record.pk for record in found], visit.viewer)
    return {
        record.pk: RecordCard(item, pictures.get(record.pk))
        for record, item in zip(found, items(found, visit.reader), strict=True)
    }


def _festivals(keys: Sequence[int], visit: Visit) -> dict[int, FestivalCard]:
    found = visible(Festival.objects.filter(pk__in=keys), visit.viewer).prefetch_related("peoples", "places")
    festivals = list(found)
    held = {
        each.festival.pk: each
        for each in schedule.coming(festivals, timezone.localdate(), limit=len(festivals))
    }
    pictures = leading(festivals, visit.viewer)
    return {
        festival.pk: _festival(festival, held.get(festival.pk), pictures.get(festival.pk), visit.reader)
        for festival in festivals
    }


def _festival(
    festival: Festival, held: schedule.Held | None, picture: Picture | None, speaks: str
) -> FestivalCard:
    credit = " · ".join(filter(None, (picture.credit, picture.licence_name))) if picture else ""
    return FestivalCard(
        festival.slug,
        spoken(festival, "name", speaks),
        spoken(festival, "summary", speaks),
        tuple(people.name for people in festival.peoples.all()),
        held,
        picture.uuid if picture else None,
        picture.caption if picture else "",
        credit,
        tuple(
            (str(place), place.latitude, place.longitude)
            for place in festival.places.all()
            if place.latitude is not None and place.longitude is not None
        ),
    )


def _entries(keys: Sequence[int], visit: Visit) -> dict[int, browse.Item]:
    numbers = dict(visible(Entry.objects.filter(pk__in=keys), visit.viewer).values_list("uuid", "pk"))
    found = browse.items(keys, viewer=visit.viewer, reader=visit.reader)
    return {numbers[item.id]: item for item in found if item.id in numbers}


def _collections(keys: Sequence[int], visit: Visit) -> dict[int, CollectionCard]:
    numbers = tree(Collection).summed(shelves.counted(visit.viewer))
    return {
        one.pk: CollectionCard(one.slug, one.title, one.description, numbers.get(one.pk, 0))
        for one in visible(Collection.objects.filter(pk__in=keys), visit.viewer)
    }


def _files(keys: Sequence[int], visit: Visit) -> dict[int, FileCard]:
    found = list(seen(visit.viewer).filter(pk__in=keys))
    works = [file.asset_id for file in found if file.asset_id]
    made = set(Derivative.objects.filter(asset__in=works, role__in=_PLAYED).values_list("asset", "role"))
    return {
        file.pk: FileCard(
            file.uuid,
            file.name,
            file.caption,
            " · ".join(filter(None, (str(file.record), file.licence))),
            file.asset.kind if file.asset is not None else "",
            file.blob.size,
            file.record.ark,
            str(file.record),
            *((file.asset_id, role) in made for role in _PLAYED),
        )
        for file in found
    }


def _texts(keys: Sequence[str], visit: Visit) -> dict[str, SafeString]:
    """Texts with their links written out, all at once: what they lead to is asked for together."""
    whole = expand_db_html(_BETWEEN.join(text.replace(_BETWEEN, "") for text in keys))
    # Wagtail's own rendering of rich text does the same: what editors write passed its white list when it was saved.
    return {key: mark_safe(text) for key, text in zip(keys, whole.split(_BETWEEN), strict=True)}  # noqa: S308


def _newest_festivals(numbers: Sequence[int], visit: Visit) -> dict[int, list[FestivalCard]]:
    every = list(visible(Festival.objects.all(), visit.viewer))
    held = schedule.coming(every, timezone.localdate(), limit=max(numbers))
    shown = [each.festival for each in held]
    prefetch_related_objects(shown, "peoples", "places")
    pictures = leading(shown, visit.viewer)
    cards = [_festival(each.festival, each, pictures.get(each.festival.pk), visit.reader) for each in held]
    return {number: cards[:number] for number in numbers}


def _newest(model_name: str) -> Callable[[Sequence[int], Visit], dict[int, list[Page]]]:
    def fetch(numbers: Sequence[int], visit: Visit) -> dict[int, list[Page]]:
        from library.pages import models

        model = getattr(models, model_name)
        found = list(lists.newest(model, model.objects.filter(locale=visit.page.locale_id))[: max(numbers)])
        return {number: found[:number] for number in numbers}

    return fetch


_FETCH: Final[Mapping[str, Callable[[Any, Visit], Mapping[Any, Any]]]] = {
    "record": _records,
    "festival": _festivals,
    "entry": _entries,
    "collection": _collections,
    "people": lambda keys, visit: {one.pk: one for one in People.objects.filter(pk__in=keys)},
    "place": lambda keys, visit: {one.pk: one for one in Place.objects.filter(pk__in=keys)},
    "file": _files,
    "image": lambda keys, visit: with_renditions(get_image_model().objects.all()).in_bulk(keys),
    "text": _texts,
    "lexicons": lambda keys, visit: {True: list(lexicons(visit.viewer))},
    "coming": _newest_festivals,
    "exhibitions": _newest("ExhibitionPage"),
    "news": _newest("NewsPage"),
}
