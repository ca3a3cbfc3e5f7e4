"""The festivals of the demo house, from `library/festivals/demo/festivals.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from library.festivals.domain import publish
from library.festivals.models import Festival, Occurrence
from library.vocabularies import People, Place

FILE: Final = Path(__file__).resolve().parent.parent / "demo" / "festivals.toml"


def load(say: Callable[[str], None]) -> list[str]:
    """Bring the festivals in, marked as a demonstration; those that are there already are left as they are.

    Gives the names of those that came.
    """
    new = []
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    with transaction.atomic():
        for place in data["place"]:
            _place(place)
    for festival in data["festival"]:
        say(f"{festival['slug']}: {festival['en']}")
        if not Festival.objects.filter(slug=festival["slug"]).exists():
            with transaction.atomic():
                _festival(festival)
            new.append(festival["slug"])
    return new


def _place(place: Mapping[str, Any]) -> None:
    Place.objects.get_or_create(
        slug=place["slug"],
        defaults={
            "name_vi": place["vi"], "name_en": place["en"], "kind": Place.Kind.OTHER, "latitude": place["latitude"],
            "longitude": place["longitude"], "parent": Place.objects.filter(slug=place["parent"]).first(),
            "source": "approximate coordinates, from general knowledge",
        },
    )  # fmt: skip


def _festival(given: Mapping[str, Any]) -> None:
    texts = {
        name: given[name].strip() for name in ("summary_vi", "summary_en", "story_vi", "story_en", "sources")
    }
    festival = Festival(
        slug=given["slug"], name_vi=given["vi"], name_en=given["en"], rule=given["rule"], demonstration=True,
        live=False, **texts,
    )  # fmt: skip
    festival.save()
    festival.peoples = list(People.objects.filter(number__in=given["peoples"]))
    festival.places = list(Place.objects.filter(slug__in=given["places"]))
    festival.occurrences = [  # type: ignore[misc]
        Occurrence(
            year=each["year"], start=each["start"], end=each["end"], declared_by=each.get("by", ""),
            source=each["source"],
        )
        for each in given.get("declared", ())
    ]  # fmt: skip
    publish.publish(festival)
