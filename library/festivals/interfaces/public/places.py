"""Where festivals are held, as points of the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from library.festivals.models import Festival


@dataclass(frozen=True)
class Point:
    """A place with coordinates and the festivals held there: (name, address)."""

    place: str
    latitude: float
    longitude: float
    festivals: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, object]:
        """What the script of the map reads."""
        held = [{"name": name, "url": url} for name, url in self.festivals]
        return {"place": self.place, "at": [self.latitude, self.longitude], "festivals": held}


@dataclass(frozen=True)
class Places:
    """Points of the map by the names of their places, and the festivals that have none."""

    points: tuple[Point, ...]
    elsewhere: tuple[tuple[str, str], ...]

    @property
    def data(self) -> list[dict[str, object]]:
        """The points as the script reads them."""
        return [point.as_json() for point in self.points]


def points(festivals: Sequence[Festival]) -> Places:
    """The points of these festivals, whose places should be at hand (`prefetch_related`)."""
    found: dict[tuple[str, float, float], list[tuple[str, str]]] = {}
    elsewhere = []
    for festival in festivals:
        link = (festival.name, reverse("festival", args=[festival.slug]))
        placed = False
        for place in festival.places.all():
            if place.latitude is not None and place.longitude is not None:
                placed = True
                found.setdefault((str(place), place.latitude, place.longitude), []).append(link)
        if not placed:
            elsewhere.append(link)
    return Places(
        tuple(Point(*place, tuple(sorted(links))) for place, links in sorted(found.items())), tuple(elsewhere)
    )
