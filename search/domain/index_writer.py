"""Keeping the index in step: a step of the worker of the queue "index" applies what stands in the outbox.

Rows of the outbox are coalesced by object, the objects are read again from the database, the index is
committed, and only then are the rows marked as applied. A writer that dies in between does the same work
again, to the same end: what is written is what the database holds, whatever happened before.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta

from django.db import DatabaseError
from django.utils import timezone

from search.documents import Document
from search.domain import engines
from search.domain.sources import source_of
from search.engines.life import Busy, Writer
from search.interface import EngineUnavailable
from search.models import OutboxRow

BATCH = 2_000
IDLE = 1.0  # seconds after which an idle writer lets go of the index
LONGEST = 20.0  # seconds after which a busy one does so, for a rebuild to get its turn
WARN_EVERY = 60.0  # seconds
KEEP = timedelta(days=1)  # how long applied rows stay; longer than any rebuild takes

Names = Iterable[tuple[str, int]]

_log = logging.getLogger(__name__)


class _Kept:
    """The open writer of this process: opening one for each change would cost more than the change."""

    writer: Writer | None = None
    owner: object = None
    opened_at = 0.0
    used_at = 0.0
    purged_at = 0.0
    warned_at = float("-inf")


def step() -> bool:
    """Apply one batch of changes; says whether there was anything to do. Called in turn by the index
    worker."""
    pending = list(
        OutboxRow.objects.filter(applied_at=None)
        .order_by("id")
        .values_list("id", "type", "object_id")[:BATCH]
    )
    now = time.monotonic()
    if not pending:
        if _Kept.writer is not None and now - _Kept.used_at > IDLE:
            close()
        _purge(now)
        return False
    try:
        writer = _writer(now)
    except Busy:
        return False
    except EngineUnavailable as error:
        _waits(now, error)
        return False
    try:
        apply(writer, ((kind, pk) for _id, kind, pk in pending))
    except EngineUnavailable as error:
        close()
        _waits(now, error)
        return False
    except BaseException:
        close()
        raise
    OutboxRow.objects.filter(id__in=[row[0] for row in pending]).update(applied_at=timezone.now())
    _Kept.used_at = time.monotonic()
    engines.index().look_again()
    return True


def drain() -> int:
    """Apply all that is pending and let go of the index; gives the number of batches."""
    batches = 0
    try:
        while step():
            batches += 1
    finally:
        close()
    return batches


def close() -> None:
    """Let go of the index."""
    writer, _Kept.writer = _Kept.writer, None
    if writer is not None:
        with suppress(EngineUnavailable, ValueError):
            writer.__exit__(None, None, None)


def apply(writer: Writer, names: Names) -> None:
    """Bring these objects up to date in an index, as the database has them now, and commit.

    An object that cannot be read or written is logged and left as it was, so that it does not hold up the
    others.
    """
    for kind, pks in _by_type(names).items():
        try:
            writer.add(*_now(kind, pks))
        except (DatabaseError, EngineUnavailable):
            raise
        except Exception:
            _log.exception("Some of %d %s objects cannot be indexed; trying them one by one.", len(pks), kind)
            for pk in pks:
                try:
                    writer.add(*_now(kind, [pk]))
                except (DatabaseError, EngineUnavailable):
                    raise
                except Exception:
                    _log.exception("%s %d cannot be indexed.", kind, pk)
    writer.commit()


def _now(kind: str, pks: Sequence[int]) -> tuple[list[Document], list[tuple[str, int]]]:
    """The documents of these objects as they are now, and the names of those that are no more."""
    source = source_of(kind)
    documents = list(source.documents(pks)) if source is not None else []
    there = {document.pk for document in documents}
    return documents, [(kind, pk) for pk in pks if pk not in there]


def _by_type(names: Names) -> dict[str, list[int]]:
    found: dict[str, dict[int, None]] = {}
    for kind, pk in names:
        found.setdefault(kind, {})[pk] = None
    return {kind: list(pks) for kind, pks in found.items()}


def _writer(now: float) -> Writer:
    owner = (engines.root(), engines.server())
    if _Kept.writer is not None and (_Kept.owner != owner or now - _Kept.opened_at > LONGEST):
        close()
        time.sleep(0.05)
    if _Kept.writer is None:
        writer = engines.life().writer(wait=False)
        writer.__enter__()
        _Kept.writer, _Kept.owner, _Kept.opened_at = writer, owner, now
    return _Kept.writer


def _waits(now: float, error: EngineUnavailable) -> None:
    """Say that changes wait, now and then: the worker comes by several times a second."""
    if now - _Kept.warned_at > WARN_EVERY:
        _Kept.warned_at = now
        _log.warning("Changes wait for an index: %s", error)


def _purge(now: float) -> None:
    if now - _Kept.purged_at > 600:
        _Kept.purged_at = now
        OutboxRow.objects.filter(applied_at__lt=timezone.now() - KEEP).delete()
