"""What references are called, and where places went: read for many records at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Model

from library.domain.content import references
from library.vocabularies import Agent, Concept, People, Place

MODELS: Final[dict[str, type[Model]]] = {"agent": Agent, "concept": Concept, "place": Place, "people": People}
_KEY: Final = {"agent": "pk", "concept": "pk", "place": "pk", "people": "number"}

Rows = dict[tuple[str, Any], Any]


def rows(contents: Iterable[Mapping[str, Any]]) -> Rows:
    """The rows of the vocabularies that these contents refer to, by (key, value). A query for each vocabulary."""
    wanted: dict[str, set[Any]] = {key: set() for key in MODELS}
    for content in contents:
        for key, found in references(content).items():
            wanted[key] |= found
    result: Rows = {}
    for key, ids in wanted.items():
        if ids:
            column = _KEY[key]
            for row in MODELS[key]._default_manager.filter(**{f"{column}__in": ids}):
                result[key, getattr(row, column)] = row
    return result


def spoken(found: Rows) -> dict[tuple[str, Any], str]:
    """All names of these rows as one text each: what a record is found by."""
    result = {}
    for (key, value), row in found.items():
        base = "label" if key == "concept" else "name"
        names = [getattr(row, f"{base}_vi"), getattr(row, f"{base}_en")]
        others = row.alt_labels if key == "concept" else row.other_names
        result[key, value] = " ".join(dict.fromkeys(name for name in (*names, *others) if name))
    return result


def onward(contents: Iterable[Mapping[str, Any]]) -> dict[int, tuple[int, ...]]:
    """For each place that these contents refer to: what it became part of. One query."""
    ids = {pk for content in contents for pk in references(content)["place"]}
    found: dict[int, list[int]] = {}
    for old, new in Place.objects.filter(pk__in=ids, successors__isnull=False).values_list(
        "pk", "successors"
    ):
        found.setdefault(old, []).append(new)
    return {old: tuple(new) for old, new in found.items()}
