"""The job that takes an asset through its steps.

A step writes into a folder beside, which is synced and renamed when it is whole; then its rows, its state and the
checkpoint of the job are written in one transaction. A worker that is killed at any moment leaves either nothing, or a
finished folder that the next one finds by its key.
"""

from __future__ import annotations

import errno
import traceback
from typing import Final

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from jobs.domain.context import JobContext, JobError, Stopped
from jobs.domain.kinds import JobKind
from jobs.domain.queue import LostLease
from jobs.models import Job
from media_pipeline.domain import blobs, changes, graph, storage, tools
from media_pipeline.domain.commit import commit, forget, remove_unreferenced
from media_pipeline.domain.errors import StepFailed, StepSkipped
from media_pipeline.domain.work import Result, Work
from media_pipeline.models import Asset, Step

QUEUE: Final = "media"
TAKES: Final = 4
"""How often a step is begun again whose worker was killed in it."""

KILLED: Final = gettext_noop(
    "The worker was stopped %(times)s times in this step; perhaps the machine ran out of memory."
)
AFTER: Final = gettext_noop("Left out, because it needs the step “%(step)s”.")
UNEXPECTED: Final = gettext_noop("Something went wrong that the program did not expect (%(error)s).")
GIVEN_UP: Final = gettext_noop("The work was given up or cancelled before this step was over.")
SOME_FAILED: Final = gettext_noop("Steps that failed: %(count)s. The page “Files in work” says why.")
AT: Final = gettext_noop("%(step)s: %(number)s of %(of)s")
ALL_DONE: Final = gettext_noop("%(number)s of %(of)s steps done.")


def run(context: JobContext) -> None:
    """Take the asset that the parameters name through every step of its kind."""
    asset = Asset.objects.select_related("blob").filter(pk=context.params["asset"]).first()
    if asset is None:
        return
    Asset.objects.filter(pk=asset.pk).update(state=Asset.State.RUNNING)
    over: list[str] = list(context.checkpoint.get("over", ()))
    while (spec := _next(asset, over)) is not None:
        context.stop_if_asked()
        _take(spec, asset, context, over)
    storage.sweep(asset.pk)
    rows = {row.name: row for row in asset.steps.all()}
    failed = [row for row in rows.values() if row.state == Step.State.FAILED]
    with transaction.atomic():
        _drop_old_steps(asset)
        state = Asset.State.FAILED if failed else Asset.State.DONE
        Asset.objects.filter(pk=asset.pk).update(state=state)
        asset.state = state
        changes.tell(asset)
        context.save({"over": over})
    if failed:
        detail = "\n\n".join(
            f"{row.name}: {row.message % row.message_params}\n{row.detail}" for row in failed
        )
        raise JobError(SOME_FAILED, params={"count": len(failed)}, detail=detail)
    context.progress(len(over), len(over), ALL_DONE, number=len(over), of=len(over))


def _next(asset: Asset, over: list[str]) -> graph.StepSpec | None:
    """The first step that is still to be done; the kind may have become known only by the first one."""
    return next((spec for spec in graph.plan(asset.kind) if spec.name not in over), None)


def _take(spec: graph.StepSpec, asset: Asset, context: JobContext, over: list[str]) -> None:
    """Do one step, whatever becomes of it, and write that down with the checkpoint."""
    row, _made = Step.objects.get_or_create(asset=asset, name=spec.name)
    row.asset = asset
    before = row.key
    result: Result | None = None
    state, message, params, detail = Step.State.FAILED, "", {}, ""
    try:
        result = _result(spec, row, asset, context, len(over))
    except StepSkipped as error:
        state, message, params, detail = Step.State.SKIPPED, error.message, error.params, error.detail
    except StepFailed as error:
        message, params, detail = error.message, error.params, error.detail
    except (LostLease, Stopped, DatabaseError):
        raise
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        message = tools.FULL if full else UNEXPECTED
        params = {} if full else {"error": str(error)}
        detail = traceback.format_exc()
    except Exception as error:
        message, params, detail = UNEXPECTED, {"error": type(error).__name__}, traceback.format_exc()
    over.append(spec.name)
    with transaction.atomic():
        # First the fence: nothing is written by a worker whose job is another's now.
        context.save({"over": over})
        if result is not None:
            commit(row, result)
        else:
            row.state, row.message, row.message_params, row.detail = state, message, params, detail[-20_000:]
            row.finished_at = timezone.now()
            forget(row)
            row.save()
        if before and before != row.key:
            remove_unreferenced({before})
    total = len(graph.plan(asset.kind))
    context.progress(len(over), total, ALL_DONE, number=len(over), of=total)


def _result(spec: graph.StepSpec, row: Step, asset: Asset, context: JobContext, place: int) -> Result:
    """What the step gives: from its finished folder where that is whole, else by doing it."""
    needed = {each.name: each for each in asset.steps.filter(name__in=spec.needs)}
    for name in spec.needs:
        other = graph.named(name)
        if other is None or asset.kind not in other.kinds:
            continue
        state = needed[name].state if name in needed else ""
        passed = other.passable and state == Step.State.SKIPPED and needed[name].message != AFTER
        if state != Step.State.DONE and not passed:
            raise StepSkipped(AFTER, {"step": name})
    died = row.state == Step.State.RUNNING
    row.attempt = row.attempt + 1 if died else 1
    if row.attempt > TAKES:
        raise StepFailed(KILLED, {"times": row.attempt - 1})
    row.state, row.started_at, row.finished_at = Step.State.RUNNING, timezone.now(), None
    row.message, row.message_params, row.detail, row.done, row.total = "", {}, "", 0, 0
    row.save()
    row.versions = dict(spec.versions())
    keys = [each.key for each in needed.values() if each.key]
    row.key = graph.key_of(spec, asset, asset.blob.sha256, row.versions, keys) if spec.keep else ""
    if spec.keep and (there := storage.found(row.key)) is not None:
        return there
    work = Work(
        asset=asset,
        source=blobs.path(asset.blob),
        folder=storage.work_folder(row.key or spec.name, asset.pk),
        derived=storage.root(),
        should_stop=context.stop_if_asked,
        report=lambda done, total: _report(context, row, spec, place, done, total),
    )
    spec.run(work)
    if not spec.keep:
        return work.result
    return storage.finish(work.folder, row.key, work.result)


def _report(context: JobContext, row: Step, spec: graph.StepSpec, place: int, done: int, total: int) -> None:
    Step.objects.filter(pk=row.pk).update(done=done, total=total)
    row.done, row.total = done, total
    steps = len(graph.plan(row.asset.kind))
    context.progress(place, steps, AT, step=spec.name, number=done, of=total)


def _drop_old_steps(asset: Asset) -> None:
    """Forget steps that the kind of the file does not have (the kind became another one, or the graph did)."""
    names = [spec.name for spec in graph.plan(asset.kind)]
    old = asset.steps.exclude(name__in=names)
    keys = set(old.values_list("key", flat=True))
    if keys:
        old.delete()
        remove_unreferenced(keys)


def given_up(job: Job) -> None:
    """The job was cancelled or given up: what was running or waiting says so."""
    asset = Asset.objects.filter(pk=job.params.get("asset")).first()
    if asset is None or asset.state not in {Asset.State.RUNNING, Asset.State.WAITING}:
        return
    asset.steps.filter(state__in=[Step.State.RUNNING, Step.State.WAITING]).update(
        state=Step.State.FAILED, message=GIVEN_UP, message_params={}, finished_at=timezone.now()
    )
    Asset.objects.filter(pk=asset.pk).update(state=Asset.State.FAILED)


KIND: Final = JobKind(
    name="media.asset",
    title=gettext_noop("Work on a file"),
    run=run,
    queue=QUEUE,
    max_attempts=50,
    failed=given_up,
)
