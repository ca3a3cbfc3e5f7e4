"""The life of an import, seen from outside: create, start a phase, decide conflicts, count, discard.

uploaded → checking → checked → applying → applied → undoing → undone; from each of the three phases → failed, and from
there the same phase again (it goes on where it was) or, when something was applied, undo.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_noop

from access.models import User
from jobs.domain import queue
from jobs.domain.context import Progress
from jobs.domain.run import run_now
from jobs.imports import files
from jobs.imports.types import Advising, Phase, Source, importer_named
from jobs.models import ImportRow, ImportRun, Job

State = ImportRun.State
Verdict = ImportRow.Verdict
Outcome = ImportRow.Outcome
Decision = ImportRow.Decision

KIND_NAMES: dict[Phase, str] = {
    "check": "jobs.import_check",
    "apply": "jobs.import_apply",
    "undo": "jobs.import_undo",
}
ENTERED: dict[Phase, str] = {"check": State.CHECKING, "apply": State.APPLYING, "undo": State.UNDOING}
WRITTEN = (Outcome.ADDED, Outcome.CHANGED)
BUSY = frozenset(ENTERED.values())


class NotNow(Exception):
    """The run is not in a state in which this can be done; the message is an English msgid."""


def create(
    importer: str,
    content: BinaryIO,
    *,
    file_name: str,
    params: Mapping[str, Any] | None = None,
    user: User | None = None,
    title: str = "",
) -> ImportRun:
    """Store a file for an importer. Nothing is read yet: start the check next.

    Raises UnknownImporter, and ImportRefused for an empty or too large file.
    """
    importer_named(importer)
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1][-255:] or "file"
    run = ImportRun(
        importer=importer, file_name=name, title=(title or name)[:300], params=dict(params or {}), user=user
    )
    files.store(run, content)
    try:
        run.save(force_insert=True)
    except BaseException:
        files.remove(run)
        raise
    return run


def source_of(run: ImportRun) -> Source:
    """What an importer is given of a run."""
    return Source(
        run_id=run.pk, path=files.path_of(run), name=run.file_name, params=run.params, user_id=run.user_id
    )


def pending(run: ImportRun) -> QuerySet[ImportRow]:
    """The rows that an apply would write now."""
    rows = ImportRow.objects.filter(run=run, outcome=Outcome.NONE)
    return rows.filter(verdict__in=[Verdict.ADD, Verdict.CHANGE]) | rows.filter(
        verdict=Verdict.CONFLICT, decision=Decision.THEIRS
    )


def undecided(run: ImportRun) -> QuerySet[ImportRow]:
    """The conflicts that still wait for a person."""
    return ImportRow.objects.filter(
        run=run, verdict=Verdict.CONFLICT, decision=Decision.NONE, outcome=Outcome.NONE
    )


def written(run: ImportRun) -> QuerySet[ImportRow]:
    """The rows that were applied and can be undone."""
    return ImportRow.objects.filter(run=run, outcome__in=WRITTEN)


def phases_open(run: ImportRun) -> frozenset[Phase]:
    """Which phases may be started now."""
    checked = run.checked_at is not None
    opened: set[Phase] = set()
    if run.state in BUSY or run.state == State.UNDONE:
        return frozenset()
    if run.state in {State.UPLOADED, State.CHECKED, State.FAILED} and not written(run).exists():
        opened.add("check")
    if run.state in {State.CHECKED, State.APPLIED, State.FAILED} and checked and pending(run).exists():
        opened.add("apply")
    if run.state in {State.APPLIED, State.FAILED} and written(run).exists():
        opened.add("undo")
    return frozenset(opened)


def start(run: ImportRun, phase: Phase, *, user: User | None = None) -> Job:
    """Enqueue a phase, for `user` or whoever uploaded the file. Raises NotNow when the run is busy, or there
    is nothing to do.
    """
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.state in BUSY:
            raise NotNow(gettext_noop("This import is busy; wait until it has finished."))
        if phase not in phases_open(locked):
            raise NotNow(gettext_noop("There is nothing to do in this import now."))
        job = queue.enqueue(
            KIND_NAMES[phase],
            {"run": run.pk},
            user=user or locked.user,
            title=run.title,
            unique_key=f"import-{run.pk}",
        )
        locked.state, locked.job = ENTERED[phase], job
        locked.error, locked.error_params, locked.error_code, locked.error_where = "", {}, "", ""
        locked.save()
    run.refresh_from_db()
    return job


def run_phase_now(
    run: ImportRun,
    phase: Phase,
    *,
    user: User | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Job:
    """Start a phase and run it in the foreground; refreshes `run`. A phase that is under way already is followed."""
    run.refresh_from_db()
    job = run.job if run.state == ENTERED[phase] and run.job is not None else start(run, phase, user=user)
    ended = run_now(job, on_progress)
    run.refresh_from_db()
    return ended


def decide(run: ImportRun, decision: str, numbers: Iterable[int] | None = None) -> int:
    """Settle conflicts that are not settled yet: "ours" or "theirs" ("" takes it back); returns how many.

    `numbers` are those of the rows (None: all conflicts). What was decided for the file is written by the next apply.
    """
    if decision not in Decision.values:
        raise ValueError(f"No such decision: {decision!r}")
    rows = ImportRow.objects.filter(
        run=run, verdict=Verdict.CONFLICT, outcome__in=[Outcome.NONE, Outcome.SKIPPED]
    )
    if numbers is not None:
        rows = rows.filter(number__in=list(numbers))
    with transaction.atomic():
        state = (
            ImportRun.objects.select_for_update(of=("self",)).values_list("state", flat=True).get(pk=run.pk)
        )
        if state in BUSY:
            raise NotNow(gettext_noop("This import is busy; wait until it has finished."))
        outcome = Outcome.SKIPPED if decision == Decision.OURS else Outcome.NONE
        return rows.update(decision=decision, outcome=outcome)


def choose(run: ImportRun, key: str, value: str) -> None:
    """Follow a piece of advice, or take that back; then the file must be checked again.

    Raises NotNow when it cannot be checked any more, ValueError for what is no choice.
    """
    importer = importer_named(run.importer)
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if "check" not in phases_open(locked) or not isinstance(importer, Advising):
            raise NotNow(gettext_noop("There is nothing to do in this import now."))
        locked.params = importer.follow(locked.params, key, value)
        locked.save(update_fields=["params"])


def counts(run: ImportRun) -> tuple[dict[str, int], dict[str, int]]:
    """How many rows have each verdict, and each outcome; those that none has are 0."""
    rows = ImportRow.objects.filter(run=run).order_by()
    verdicts = dict(rows.values_list("verdict").annotate(n=Count("pk")))
    outcomes = dict(rows.values_list("outcome").annotate(n=Count("pk")))
    return (
        {verdict: verdicts.get(verdict, 0) for verdict in Verdict.values},
        {outcome: outcomes.get(outcome, 0) for outcome in Outcome.values},
    )


def discard(run: ImportRun) -> None:
    """Forget a run with its file and its before-images: it cannot be undone any more. Raises NotNow while busy."""
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.state in BUSY:
            raise NotNow(gettext_noop("This import is busy; wait until it has finished."))
        locked.delete()
        transaction.on_commit(lambda: files.remove(run))
