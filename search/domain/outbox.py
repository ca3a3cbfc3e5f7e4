"""The outbox: which objects changed, written in the transaction that changed them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from search.models import OutboxRow

BATCH = 2_000


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
    OutboxRow.objects.bulk_create(
        (OutboxRow(type=kind, object_id=pk, operation=operation) for pk in pks), batch_size=BATCH
    )
