"""The outbox: which objects changed, written in the transaction that changed them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from search.domain.bulk import bulk_insert
from search.models import OutboxRow


def changed(type: str, pks: Iterable[int]) -> None:  # noqa: A002
    """Note that objects were made or changed. Call it inside the transaction that did so."""
    _note(type, pks, OutboxRow.Operation.CHANGED)


def deleted(type: str, pks: Iterable[int]) -> None:  # noqa: A002
    """Note that objects are gone (deleted or unpublished). Call it inside the transaction that did so."""
    _note(type, pks, OutboxRow.Operation.DELETED)


def pending() -> int:
    """How many changes the index does not know yet."""
    return OutboxRow.objects.filter(applied_at=None).count()


def oldest() -> float:
    """For how many seconds the oldest change that the index does not know has been waiting; 0 for none."""
    first = (
        OutboxRow.objects.filter(applied_at=None).order_by("id").values_list("noted_at", flat=True).first()
    )
    return 0.0 if first is None else max((timezone.now() - first).total_seconds(), 0.0)


def _note(kind: str, pks: Iterable[int], operation: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("The outbox must be written in the transaction that changes the object.")
    bulk_insert(OutboxRow, ("type", "object_id", "operation"), [(kind, pk, operation) for pk in pks])
