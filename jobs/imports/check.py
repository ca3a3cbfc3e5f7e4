"""The first phase: what would become of each row. Writes nothing but the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from jobs.domain.context import JobContext
from jobs.domain.quick_rows import insert
from jobs.imports.reading import batches, plain, plain_params, stored_key
from jobs.imports.runs import source_of
from jobs.imports.types import Advice, Advising, Checked, Importer, Message, Source, SourceRow, importer_named
from jobs.models import ImportRow, ImportRun

DUPLICATE = "duplicate-key"
DUPLICATE_TEXT = gettext_noop("The same key as at %(where)s: only the first row is taken.")
CHECKED_SO_FAR = gettext_noop("%(rows)s rows checked.")
MOST_CHANGES = 50
REPORTED = (
    "number", "where", "key", "label", "verdict", "code", "message", "message_params", "changes", "target", "version",
)  # fmt: skip


def check(context: JobContext) -> None:
    """Read and check every row in batches; each batch of the report and the checkpoint are committed together."""
    run = ImportRun.objects.get(pk=context.params["run"])
    importer, source = importer_named(run.importer), source_of(run)
    position, rows = context.checkpoint.get("position", 0), context.checkpoint.get("rows", 0)
    if not position:
        _start_afresh(context, run)
    total = importer.count(source)
    for batch in batches(importer, source, after=position):
        context.stop_if_asked()
        with transaction.atomic():
            insert(_report(run, importer, source, batch), REPORTED)
            position, rows = batch[-1].number, rows + len(batch)
            context.save({"position": position, "rows": rows})
        context.progress(rows, max(total, rows), CHECKED_SO_FAR, rows=rows)
    advice = importer.advise(source) if isinstance(importer, Advising) else ()
    with transaction.atomic():
        run.state, run.rows_total, run.checked_at = ImportRun.State.CHECKED, rows, timezone.now()
        run.advice = [_stored(one) for one in advice]
        run.save(update_fields=["state", "rows_total", "checked_at", "advice"])
        importer.finished(source, "check")
        context.save({"position": position, "rows": rows})
    context.progress(rows, rows, CHECKED_SO_FAR, rows=rows)


def _start_afresh(context: JobContext, run: ImportRun) -> None:
    with transaction.atomic():
        ImportRow.objects.filter(run=run).delete()
        run.checked_at = None
        run.save(update_fields=["checked_at"])
        context.save({})


def _stored(advice: Advice) -> dict[str, Any]:
    message = advice.message
    return {
        "key": plain(advice.key), "before": plain(advice.before), "after": plain(advice.after),
        "value": advice.value, "chosen": advice.chosen, "message": message.text,
        "message_params": plain_params(message.params),
    }  # fmt: skip


def _report(
    run: ImportRun, importer: Importer, source: Source, batch: Sequence[SourceRow]
) -> list[ImportRow]:
    """The rows of the report for one batch, in order."""
    seen = dict(
        ImportRow.objects.filter(run=run, key__in=[stored_key(row.key) for row in batch if row.key])
        .exclude(verdict=ImportRow.Verdict.REFUSED)
        .values_list("key", "where")
    )
    refused: dict[int, Message] = {}
    to_check: list[SourceRow] = []
    for row in batch:
        key = stored_key(row.key)
        if row.refusal is not None:
            refused[row.number] = row.refusal
        elif key and key in seen:
            refused[row.number] = Message(DUPLICATE, DUPLICATE_TEXT, {"where": seen[key]})
        else:
            seen[key] = row.where
            to_check.append(row)
    verdicts = importer.check(source, to_check, lock=False) if to_check else ()
    checked = {row.number: verdict for row, verdict in zip(to_check, verdicts, strict=True)}
    return [
        report_row(run, row, checked.get(row.number) or Checked("refused", message=refused[row.number]))
        for row in batch
    ]


def report_row(run: ImportRun, row: SourceRow, checked: Checked) -> ImportRow:
    """A row of the report, not saved."""
    stored = ImportRow(
        run=run,
        number=row.number,
        where=plain(row.where),
        key=stored_key(row.key),
        label=plain(row.label),
    )
    note(stored, checked)
    return stored


def note(stored: ImportRow, checked: Checked) -> None:
    """Write a verdict into a row of the report, not saved."""
    message = checked.message
    stored.verdict = checked.verdict
    stored.code = message.code if message else ""
    stored.message = message.text if message else ""
    stored.message_params = plain_params(message.params) if message else {}
    stored.changes = [plain(change) for change in checked.changes[:MOST_CHANGES]]
    stored.target = checked.target
    stored.version = checked.version
