"""The second phase: write what the check promised, unless the target has changed since.

Each chunk is one transaction: the rows are checked once more with their targets locked, written by the importer, and
their before-images, what search must know and the checkpoint are committed with them. A row whose target is not what
the check saw becomes a conflict for a person to decide, and is never written over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from jobs.domain.context import JobContext
from jobs.imports.check import note
from jobs.imports.reading import batches
from jobs.imports.runs import pending, source_of
from jobs.imports.types import Checked, Importer, Message, Source, SourceRow, Work, importer_named
from jobs.models import ImportRow, ImportRun

CHANGED_SINCE = Message(
    "changed-since-check", gettext_noop("This was changed here after the check. Decide which one to keep.")
)
APPLIED_SO_FAR = gettext_noop("%(rows)s rows written.")
FIELDS = [
    "verdict", "code", "message", "message_params", "changes", "target", "version", "decision", "outcome", "before",
    "after",
]  # fmt: skip

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


def _chunk(run: ImportRun, importer: Importer, source: Source, batch: Sequence[SourceRow]) -> int:
    """One chunk, in the caller's transaction; returns how many rows were dealt with."""
    between = (batch[0].number, batch[-1].number)
    stored = {row.number: row for row in pending(run).filter(number__range=between)}
    rows = [row for row in batch if row.number in stored]
    if not rows:
        return 0
    work: list[Work] = []
    for row, fresh in zip(rows, importer.check(source, rows, lock=True), strict=True):
        if _still_to_write(stored[row.number], fresh):
            work.append(Work(row, fresh, overrule=stored[row.number].decision == ImportRow.Decision.THEIRS))
    results = importer.apply(source, work) if work else ()
    for one, result in zip(work, results, strict=True):
        done = stored[one.row.number]
        done.outcome = Outcome.ADDED if one.checked.target is None else Outcome.CHANGED
        done.target, done.before, done.after = result.target, result.before, result.after
    ImportRow.objects.bulk_create(
        stored.values(), update_conflicts=True, unique_fields=["id"], update_fields=FIELDS
    )
    return len(rows)


def _still_to_write(row: ImportRow, fresh: Checked) -> bool:
    """Whether the target is as it was when the check, or the person, looked at it; notes in the row what is not."""
    unchanged = (row.target, row.version) == (fresh.target, fresh.version)
    if fresh.verdict == "refused":
        note(row, fresh)
    elif fresh.verdict == "same":  # somebody made the same change, or it was written before
        row.outcome = Outcome.SKIPPED
    elif not unchanged:
        note(row, replace(fresh, verdict="conflict", message=CHANGED_SINCE))
        row.decision = ImportRow.Decision.NONE
    elif fresh.verdict == "conflict" and row.decision != ImportRow.Decision.THEIRS:
        note(row, fresh)
    else:
        return True
    return False
