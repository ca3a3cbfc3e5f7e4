"""The second phase: write what the check promised, unless the target has changed since.

Each chunk is one transaction: the rows are checked once more with their targets locked, written by the importer, and
their before-images, what search must know and the checkpoint are committed with them. A row whose target is not what
the check saw becomes a conflict for a person to decide, and is never written over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from jobs.domain.context import JobContext
from jobs.domain.quick_rows import update
from jobs.imports.check import note
from jobs.imports.reading import batches
from jobs.imports.runs import pending, source_of
from jobs.imports.types import (
    Checked,
    Importer,
    Message,
    Preparing,
    Source,
    SourceRow,
    Work,
    importer_named,
)
from jobs.models import ImportRow, ImportRun

CHANGED_SINCE = Message(
    "changed-since-check", gettext_noop("This was changed here after the check. Decide which one to keep.")
)
APPLIED_SO_FAR = gettext_noop("%(rows)s rows written.")
DONE = ("outcome", "target", "before", "after")
NOTED = (
    "verdict", "code", "message", "message_params", "changes", "target", "version", "decision", "outcome",
)  # fmt: skip

Outcome = ImportRow.Outcome
Verdict = ImportRow.Verdict


def apply(context: JobContext) -> None:
    """Write all rows that are pending; a row that was written once is not written again."""
    run = ImportRun.objects.get(pk=context.params["run"])
    importer, source = importer_named(run.importer), source_of(run)
    position, rows = context.checkpoint.get("position", 0), context.checkpoint.get("rows", 0)
    last = pending(run).aggregate(last=Max("number"))["last"] or 0
    total = rows + pending(run).count()
    for batch in batches(importer, source, after=position):
        if batch[0].number > last:
            break
        context.stop_if_asked()
        if isinstance(importer, Preparing):
            numbers = set(_pending_of(run, batch).values_list("number", flat=True))
            importer.prepare(source, [row for row in batch if row.number in numbers])
        with transaction.atomic():
            rows += _chunk(run, importer, source, batch)
            position = batch[-1].number
            context.save({"position": position, "rows": rows})
        context.progress(rows, total, APPLIED_SO_FAR, rows=rows)
    with transaction.atomic():
        run.state, run.applied_at = ImportRun.State.APPLIED, timezone.now()
        run.save(update_fields=["state", "applied_at"])
        importer.finished(source, "apply")
        context.save({"position": position, "rows": rows})
    context.progress(rows, total, APPLIED_SO_FAR, rows=rows)


def _pending_of(run: ImportRun, batch: Sequence[SourceRow]) -> QuerySet[ImportRow]:
    return pending(run).filter(number__range=(batch[0].number, batch[-1].number))


def _chunk(run: ImportRun, importer: Importer, source: Source, batch: Sequence[SourceRow]) -> int:
    """One chunk, in the caller's transaction; returns how many rows were dealt with."""
    found = _pending_of(run, batch).values_list(*_Stored._fields)
    stored = {row.number: row for row in map(_Stored._make, found)}
    rows = [row for row in batch if row.number in stored]
    if not rows:
        return 0
    work: list[Work] = []
    noted: dict[int, Checked] = {}
    for row, fresh in zip(rows, importer.check(source, rows, lock=True), strict=True):
        known = stored[row.number]
        if _still_to_write(known, fresh):
            work.append(Work(row, fresh, overrule=known.decision == ImportRow.Decision.THEIRS))
        else:
            noted[known.pk] = fresh
    results = importer.apply(source, work) if work else ()
    done = [
        (
            Outcome.ADDED.value if one.checked.target is None else Outcome.CHANGED.value,
            result.target, result.before, result.after,
        )
        for one, result in zip(work, results, strict=True)
    ]  # fmt: skip
    update(ImportRow, DONE, done, [stored[one.row.number].pk for one in work])
    others = list(ImportRow.objects.filter(pk__in=noted))
    for other in others:
        _note(other, noted[other.pk])
    ImportRow.objects.bulk_update(others, NOTED, batch_size=100)
    return len(rows)


class _Stored(NamedTuple):
    """What the apply must know of a row of the report."""

    pk: int
    number: int
    target: int | None
    version: str
    decision: str


def _still_to_write(row: _Stored, fresh: Checked) -> bool:
    """Whether the target is as it was when the check, or the person, looked at it."""
    if fresh.verdict in ("refused", "same") or not _is_unchanged(row, fresh):
        return False
    return fresh.verdict != "conflict" or row.decision == ImportRow.Decision.THEIRS


def _is_unchanged(row: _Stored | ImportRow, fresh: Checked) -> bool:
    return (row.target, row.version) == (fresh.target, fresh.version)


def _note(row: ImportRow, fresh: Checked) -> None:
    """Note in a row why it is not written; not saved."""
    if fresh.verdict == "same":  # somebody made the same change, or it was written before
        row.outcome = Outcome.SKIPPED
    elif fresh.verdict == "refused" or _is_unchanged(row, fresh):
        note(row, fresh)
    else:
        note(row, replace(fresh, verdict="conflict", message=CHANGED_SINCE))
        row.decision = ImportRow.Decision.NONE
