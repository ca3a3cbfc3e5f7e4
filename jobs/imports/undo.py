"""The third phase: put everything back to its before-image, last row first, except what was edited since."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from jobs.domain.context import JobContext
from jobs.imports.runs import source_of, written
from jobs.imports.types import Importer, Restore, Source, importer_named
from jobs.models import ImportRow, ImportRun

UNDONE_SO_FAR = gettext_noop("%(rows)s rows put back.")
EDITED = ("edited-since", gettext_noop("Edited here after the import: left as it is."))
GONE = ("gone", gettext_noop("Deleted here after the import: nothing to put back."))
FIELDS = ["outcome", "code", "message", "message_params"]


def undo(context: JobContext) -> None:
    """Restore in chunks; the outcome of each row is the checkpoint."""
    run = ImportRun.objects.get(pk=context.params["run"])
    importer, source = importer_named(run.importer), source_of(run)
    rows = context.checkpoint.get("rows", 0)
    total = rows + written(run).count()
    while True:
        context.stop_if_asked()
        with transaction.atomic():
            chunk = list(written(run).order_by("-number")[: importer.chunk])
            if not chunk:
                run.state, run.undone_at = ImportRun.State.UNDONE, timezone.now()
                run.save(update_fields=["state", "undone_at"])
                importer.finished(source, "undo")
                context.save({"rows": rows})
                break
            _restore(importer, source, chunk)
            rows += len(chunk)
            context.save({"rows": rows})
        context.progress(rows, total, UNDONE_SO_FAR, rows=rows)
    context.progress(rows, total, UNDONE_SO_FAR, rows=rows)


def _restore(importer: Importer, source: Source, chunk: list[ImportRow]) -> None:
    targets = [row.target for row in chunk if row.target is not None]
    versions = importer.versions(source, targets, lock=True)
    restore: list[Restore] = []
    for row in chunk:
        if row.target is None or row.target not in versions:
            row.outcome, (row.code, row.message) = ImportRow.Outcome.KEPT, GONE
        elif versions[row.target] != row.after:
            row.outcome, (row.code, row.message) = ImportRow.Outcome.KEPT, EDITED
        else:
            row.outcome = ImportRow.Outcome.UNDONE
            restore.append(Restore(row.number, row.key, row.target, row.before))
            continue
        row.message_params = {}
    if restore:
        importer.restore(source, restore)
    ImportRow.objects.bulk_create(chunk, update_conflicts=True, unique_fields=["id"], update_fields=FIELDS)
