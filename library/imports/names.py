"""Finding what a table names: agents, concepts, places and peoples, by their names."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from django.db.models import Q

from library.formats.table import Lookup, is_number
from library.vocabularies import Agent, Concept, People, Place

_MEMORY: Final = 10_000


def lookup() -> Lookup:
    """A function that finds those of a vocabulary that are called so; it remembers what it was asked."""

    @lru_cache(maxsize=_MEMORY)
    def found(kind: str, name: str) -> tuple[int | str, ...]:
        if kind == "agent":
            return tuple(Agent.objects.filter(_called("name", name)).values_list("pk", flat=True)[:2])
        if kind == "concept":
            return tuple(Concept.objects.filter(_called("label", name)).values_list("pk", flat=True)[:2])
        if kind == "place":
            # Of places that were called so one after the other, the present one is meant.
            places = Place.objects.filter(_called("name", name)).values_list("pk", "valid_to")
            present = [pk for pk, until in places if until is None]
            return tuple(present or [pk for pk, _until in places])
        if is_number(name):
            return tuple(People.objects.filter(number=name.zfill(2)).values_list("number", flat=True))
        return tuple(People.objects.filter(_called("name", name)).values_list("number", flat=True)[:2])

    return lambda kind, name: list(found(kind, name))


def _called(column: str, name: str) -> Q:
    return Q(**{f"{column}_vi__iexact": name}) | Q(**{f"{column}_en__iexact": name})
