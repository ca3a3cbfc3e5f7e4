"""The queue: rows of `Job`, on SQLite and PostgreSQL alike.

A worker takes a job by raising its token and giving itself a lease. Every later write of that worker is made
where state and token still hold, so a worker that was thought dead and comes back can change nothing
(`LostLease`).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from access.models import User
from jobs.domain.kinds import JobKind, UnknownKind, kind_named
from jobs.models import Job

logger = logging.getLogger(__name__)

LONGEST_RETRY_DELAY = 3600.0
TAKES = (Job.State.WAITING, Job.State.RETRYING)
WORKER_DIED = gettext_noop(
    "The worker stopped in the middle of this %(times)s times; perhaps the machine ran out of memory."
)
UNKNOWN_KIND = gettext_noop("No installed app knows this kind of job (%(kind)s).")


class LostLease(Exception):
    """The job is another worker's now (or was given up): stop, and let the transaction be rolled back."""


def enqueue(
    kind: str,
    params: Mapping[str, Any] | None = None,
    *,
    user: User | None = None,
    title: str = "",
    unique_key: str = "",
    delay: float = 0.0,
) -> Job:
    """Add a job, in the transaction that makes it necessary: both are committed, or neither.

    `title` is what the admin shows (plain text, already translated), else the kind's own. With a
    `unique_key`, a job of the same kind and key that is still waiting is returned instead of a second one:
    one that is already running may have passed by the change, so it does not count. Two jobs of the same kind
    and key never run at once. `delay` in seconds. Raises UnknownKind.
    """
    known = kind_named(kind)
    with transaction.atomic():
        if unique_key:
            # The row stays locked until the caller commits: no worker can start it before it can see the
            # change.
            waiting = (
                Job.objects.select_for_update(of=("self",))
                .filter(kind=kind, unique_key=unique_key, state=Job.State.WAITING)
                .first()
            )
            if waiting is not None:
                return waiting
        job = Job(
            kind=kind,
            queue=known.queue,
            title=title,
            params=dict(params or {}),
            unique_key=unique_key,
            user=user,
            run_after=timezone.now() + timedelta(seconds=delay),
        )
        try:
            with transaction.atomic():
                job.save(force_insert=True)
        except IntegrityError:
            return enqueue(kind, params, user=user, title=title, unique_key=unique_key, delay=delay)
    return job


def claim(queues: Sequence[str], worker: str) -> Job | None:
    """Take the next job that is due, or one whose worker gave no sign of life for the length of its lease."""
    while True:
        now = timezone.now()
        due = _due(now).filter(queue__in=queues)
        if not due.exists():  # a plain read: an idle worker takes no lock
            return None
        try:
            with transaction.atomic():
                job = _locked(due).order_by("run_after", "pk").first()
                if job is None:
                    return None
                taken = _take(job, worker, now)
        except IntegrityError:  # another worker took a job of the same key in this very moment
            return None
        if taken is not None:
            return taken


def claim_this(job: Job, worker: str) -> Job | None:
    """Take one particular job, or None when somebody else has it, or it is over."""
    now = timezone.now()
    try:
        with transaction.atomic():
            found = _locked(_due(now, whenever=True).filter(pk=job.pk)).first()
            return _take(found, worker, now) if found is not None else None
    except IntegrityError:
        return None


def _due(now: datetime, *, whenever: bool = False) -> QuerySet[Job]:
    ready = Q(state__in=TAKES) if whenever else Q(state__in=TAKES, run_after__lte=now)
    twin = Job.objects.filter(
        kind=OuterRef("kind"), unique_key=OuterRef("unique_key"), state=Job.State.RUNNING
    ).exclude(pk=OuterRef("pk"))
    abandoned = Q(state=Job.State.RUNNING, lease_until__lt=now)
    return Job.objects.filter(ready | abandoned).filter(Q(unique_key="") | ~Exists(twin))


def _locked(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """On SQLite the transaction is IMMEDIATE and needs no row locks."""
    if connection.features.has_select_for_update_skip_locked:
        return jobs.select_for_update(skip_locked=True, of=("self",))
    return jobs


def _take(job: Job, worker: str, now: datetime) -> Job | None:
    """Give the job to the worker; None when it was over the moment we looked at it (and is now marked so)."""
    abandoned = job.state == Job.State.RUNNING
    try:
        kind = kind_named(job.kind)
    except UnknownKind:
        _end(job, None, Job.State.FAILED, error=UNKNOWN_KIND, params={"kind": job.kind})
        return None
    if job.cancel_requested:
        _end(job, kind, Job.State.CANCELLED)
        return None
    if abandoned:
        job.failures += 1
        logger.warning("job %s (%s): %s gave no sign of life, taken over", job.pk, job.kind, job.worker)
        if job.failures >= kind.max_attempts:
            _end(job, kind, Job.State.FAILED, error=WORKER_DIED, params={"times": job.failures})
            return None
    job.state = Job.State.RUNNING
    job.token += 1
    job.worker = worker
    job.lease_until = now + timedelta(seconds=kind.lease)
    job.started_at = job.started_at or now
    job.save(update_fields=["state", "token", "worker", "lease_until", "started_at", "failures"])
    return job


def write(job: Job, **values: Any) -> None:
    """Change columns of a job that this worker holds. Raises LostLease if it does not hold it any more."""
    changed = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, token=job.token).update(**values)
    if not changed:
        raise LostLease(f"job {job.pk}, token {job.token}")


def finish(job: Job) -> None:
    """The work is done."""
    write(
        job,
        state=Job.State.DONE,
        finished_at=timezone.now(),
        lease_until=None,
        error="",
        error_params={},
        error_detail="",
    )


def release(job: Job) -> None:
    """Put the job back as it stands, for another worker to go on with it now (this one is stopping)."""
    write(job, state=Job.State.RETRYING, lease_until=None, run_after=timezone.now())


def cancelled(job: Job, kind: JobKind) -> None:
    """The worker stopped because a person cancelled the job."""
    with transaction.atomic():
        write(job, cancel_requested=True)
        _end(job, kind, Job.State.CANCELLED)


def fail(
    job: Job, kind: JobKind, error: str, params: Mapping[str, Any], detail: str, *, again: bool = True
) -> None:
    """The attempt failed: try again later, or give up after the last one (at once if not `again`)."""
    failures = job.failures + 1
    if again and failures < kind.max_attempts:
        delay = min(kind.retry_delay * 2 ** (failures - 1), LONGEST_RETRY_DELAY)
        write(
            job,
            state=Job.State.RETRYING,
            failures=failures,
            lease_until=None,
            error=error,
            error_params=dict(params),
            error_detail=detail,
            run_after=timezone.now() + timedelta(seconds=delay),
        )
        return
    with transaction.atomic():
        write(job, failures=failures)
        job.failures = failures
        _end(job, kind, Job.State.FAILED, error=error, params=params, detail=detail)


def cancel(job: Job) -> Job:
    """Cancel a job. One that runs is asked to stop, and does so at its next safe point; one that is over
    stays.
    """
    with transaction.atomic():
        found = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
        if found.state in TAKES:
            try:
                kind = kind_named(found.kind)
            except UnknownKind:
                kind = None
            _end(found, kind, Job.State.CANCELLED)
        elif found.state == Job.State.RUNNING:
            found.cancel_requested = True
            found.save(update_fields=["cancel_requested"])
    return found


def retry(job: Job) -> Job:
    """Start a failed or cancelled job again, from its checkpoint. Returns the job that will run.

    That is another one when a job of the same kind and key is waiting already.
    """
    try:
        with transaction.atomic():
            found = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
            if found.state in {Job.State.FAILED, Job.State.CANCELLED}:
                found.state = Job.State.WAITING
                found.failures = 0
                found.cancel_requested = False
                found.run_after = timezone.now()
                found.finished_at = None
                found.error, found.error_params, found.error_detail = "", {}, ""
                found.save()
            elif found.state == Job.State.RETRYING:
                found.run_after = timezone.now()
                found.save(update_fields=["run_after"])
            return found
    except IntegrityError:
        return Job.objects.get(kind=job.kind, unique_key=job.unique_key, state=Job.State.WAITING)


def _end(
    job: Job,
    kind: JobKind | None,
    state: Job.State,
    *,
    error: str = "",
    params: Mapping[str, Any] | None = None,
    detail: str | None = None,
) -> None:
    """Mark a job that is locked (or held) by this transaction as over, and tell the kind."""
    job.state = state
    job.finished_at = timezone.now()
    job.lease_until = None
    fields = ["state", "finished_at", "lease_until", "failures"]
    if error:
        job.error, job.error_params = error, dict(params or {})
        fields += ["error", "error_params"]
    if detail is not None:
        job.error_detail = detail
        fields.append("error_detail")
    job.save(update_fields=fields)
    if kind is not None and kind.failed is not None:
        kind.failed(job)
