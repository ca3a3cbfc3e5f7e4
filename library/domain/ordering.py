"""Putting rows that have an `order` into another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from django.db.models import QuerySet


class Ordered(Protocol):
    """A row with its place."""

    pk: int
    order: int


R = TypeVar("R", bound=Ordered)


def put_in_order(rows: QuerySet[R], wanted: Sequence[int]) -> bool:  # type: ignore[type-var]
    """Give rows this order, by primary key; says whether any moved. Call it while nobody else changes them.

    Somebody may have added rows, or taken some away, meanwhile: those that are not named come after the others in the
    order they had; what is none of the rows is passed over.
    """
    present = {row.pk: row for row in rows.order_by("order", "pk")}
    named = [pk for pk in dict.fromkeys(wanted) if pk in present]
    rest = [pk for pk in present if pk not in set(named)]
    moved = []
    for order, pk in enumerate([*named, *rest]):
        if present[pk].order != order:
            present[pk].order = order
            moved.append(present[pk])
    rows.bulk_update(moved, ["order"], batch_size=200)
    return bool(moved)


def moved(rows: QuerySet[R], pk: int, by: int) -> list[int]:  # type: ignore[type-var]
    """The primary keys of rows in their order, one of them up (-1) or down (1) by one."""
    pks = list(rows.order_by("order", "pk").values_list("pk", flat=True))
    at = pks.index(pk)
    pks.insert(min(max(at + by, 0), len(pks) - 1), pks.pop(at))
    return pks
