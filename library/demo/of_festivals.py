"""Demonstration records of demonstration festivals: whichever of the two is there first waits for the other.

Each pair is tied once, when the second of them comes: what somebody takes apart afterwards stays apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from library.festivals.domain import publish
from library.festivals.models import Festival, FestivalRecord
from library.models import Record


def tie(record: Record, slugs: Sequence[str]) -> None:
    """Put a record that was made just now under those of these festivals that are there and that nobody has in hand."""
    for festival in Festival.objects.filter(slug__in=slugs):
        _add(festival, [record])


def tie_festival(slug: str, recipes: Sequence[Mapping[str, Any]], made: Mapping[str, int]) -> None:
    """Put the records that are there already under a festival that came just now. `made` are the records by recipe."""
    wanted = [
        made[each["slug"]]
        for each in recipes
        if slug in each.get("of_festivals", ()) and each["slug"] in made
    ]
    found = Record.objects.in_bulk(wanted)
    for festival in Festival.objects.filter(slug=slug):
        _add(festival, [found[pk] for pk in wanted if pk in found])


def _add(festival: Festival, records: Sequence[Record]) -> None:
    if not festival.demonstration or not festival.live or festival.has_unpublished_changes:
        return
    present = [link.record_id for link in festival.record_links.all()]
    missing = [record for record in records if record.pk not in present]
    if not missing:
        return
    with transaction.atomic():
        for order, record in enumerate(missing, len(present)):
            festival.record_links.add(FestivalRecord(record=record, sort_order=order))
        publish.publish(festival)
