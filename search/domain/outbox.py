"""The outbox: which objects changed, written in the transaction that changed them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

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


def _note(kind: str, pks: Iterable[int], operation: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("The outbox must be written in the transaction that changes the object.")
    bulk_insert(OutboxRow, ("type", "object_id", "operation"), [(kind, pk, operation) for pk in pks])
