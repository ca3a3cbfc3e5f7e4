"""The net under the outbox: compares database, look-up rows and index, and notes what differs as changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.db import transaction

from search.batches import batches
from search.domain import engines, outbox, rows
from search.domain.sources import DocumentSource, sources
from search.interface import EngineUnavailable
from search.models import LookupRow, OutboxRow

CHUNK = 5_000
LAST = 2**63 - 1

Mend = Callable[[DocumentSource, list[int]], None]


def sweep() -> int:
    """Compare everything once; gives how many objects were out of step and are now noted in the outbox.

    Objects whose change is waiting in the outbox already are passed over.
    """
    return sum(_each(source, _mend, 1) for source in sources())


def differences(every: int = 1) -> int:
    """How many objects are out of step, without mending them; `every` looks at each so manieth part alone."""
    return sum(_each(source, lambda _source, _pks: None, every) for source in sources())


def _each(source: DocumentSource, mend: Mend, every: int) -> int:
    wrong = 0
    low = 0
    for at, pks in enumerate(batches(source.all_pks(), CHUNK)):
        high = pks[-1]
        if at % every == 0:
            wrong += _compare(source, low, high, _versions(source, pks), mend)
        low = high + 1
    return wrong + _compare(source, low, LAST, {}, mend)


def _versions(source: DocumentSource, pks: list[int]) -> Mapping[int, int]:
    if source.versions is not None:
        return source.versions(pks)
    return {document.pk: document.version for document in source.documents(pks)}


def _compare(source: DocumentSource, low: int, high: int, wanted: Mapping[int, int], mend: Mend) -> int:
    """Compare the objects with primary keys from low to high; gives how many differ, after mending them."""
    mine = LookupRow.objects.filter(type=source.type, object_id__range=(low, high))
    rowed: dict[int, int] = dict(mine.order_by().values_list("object_id", "version").distinct())
    # An object without forms has no rows, and need not have any.
    stale = {pk for pk, version in rowed.items() if wanted.get(pk) != version}
    try:
        indexed = engines.index().versions(source.type, low, high)
    except EngineUnavailable:  # a rebuild will come, and needs no list
        indexed = wanted
    stale |= {pk for pk, version in wanted.items() if indexed.get(pk) != version}
    stale |= indexed.keys() - wanted.keys()
    stale -= set(_waiting(source.type, low, high))
    if stale:
        mend(source, sorted(stale))
    return len(stale)


def _mend(source: DocumentSource, pks: list[int]) -> None:
    for some in batches(pks, rows.BATCH):
        with transaction.atomic():
            documents = list(source.documents(some))
            there = {document.pk for document in documents}
            rows.replace(documents)
            rows.remove(source.type, [pk for pk in some if pk not in there])
            outbox.changed(source.type, some)


def _waiting(kind: str, low: int, high: int) -> Iterable[int]:
    waiting = OutboxRow.objects.filter(applied_at=None, type=kind, object_id__range=(low, high))
    return waiting.values_list("object_id", flat=True)
