"""What a running job sees of the machinery around it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from jobs.domain.kinds import JobKind
from jobs.domain.queue import LostLease, write
from jobs.domain.words import say
from jobs.models import Job

PROGRESS_EVERY = 0.5
"""Seconds between two writes of the progress to the database."""


class JobError(Exception):
    """The job failed for a reason that a person can understand: an English msgid with %(name)s places.

    It is not tried again unless `again`. `detail` is for whoever looks into it (the last lines of a tool,
    say).
    """

    def __init__(
        self,
        message: str,
        *,
        params: Mapping[str, str | int] | None = None,
        detail: str = "",
        again: bool = False,
    ) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = dict(params or {})
        self.detail = detail
        self.again = again


class Stopped(Exception):
    """Raised by `JobContext.stop_if_asked`: leave the work; it goes on from the last checkpoint."""


@dataclass(frozen=True)
class Progress:
    """How far a job is: `total` 0 is unknown; `message` is in the reader's language."""

    done: int
    total: int
    message: str


class JobContext:
    """Handed to `JobKind.run`: what to do, where it was left off, and the ways to report.

    `params` are the job's parameters, `checkpoint` what was saved last ({} at first), `user_id` who asked for
    it.
    """

    def __init__(
        self,
        job: Job,
        kind: JobKind,
        *,
        stop: threading.Event | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self.job = job
        self.kind = kind
        self.params: Mapping[str, Any] = dict(job.params)
        self.checkpoint: dict[str, Any] = dict(job.checkpoint)
        self.user_id = job.user_id
        self.stopped = False
        self.cancelled = threading.Event()
        self.lost = threading.Event()
        self._stop = stop or threading.Event()
        self._on_progress = on_progress
        self._written = 0.0
        self._pending: dict[str, Any] = {}

    def progress(self, done: int, total: int | None = None, message: str = "", **params: str | int) -> None:
        """Say how far the work is; cheap to call often. `message` is an English msgid with %(name)s places.

        `total` stays what it was if not given. Raises LostLease when another worker has taken the job over.
        """
        job = self.job
        job.done = done
        if total is not None:
            job.total = total
        if message:
            job.message, job.message_params = message, dict(params)
        self._pending = {
            "done": job.done,
            "total": job.total,
            "message": job.message,
            "message_params": job.message_params,
        }
        if time.monotonic() - self._written >= PROGRESS_EVERY:
            self._write()

    def save(self, checkpoint: Mapping[str, Any]) -> None:
        """Keep where the work is. Call it in the transaction of the work itself (`transaction.atomic`).

        Work and checkpoint are then committed together, and neither is when another worker has taken the job
        over: this raises LostLease, which must not be caught.
        """
        self.checkpoint = dict(checkpoint)
        self._write(checkpoint=self.checkpoint)

    def should_stop(self) -> bool:
        """Whether to leave off: the worker is being stopped, or a person cancelled the job.

        Ask it between two pieces of work; after a yes, return: the job goes on later from its last
        checkpoint.
        """
        if self.lost.is_set():
            raise LostLease(f"job {self.job.pk}, token {self.job.token}")
        if self._stop.is_set() or self.cancelled.is_set():
            self.stopped = True
        return self.stopped

    def stop_if_asked(self) -> None:
        """Raise `Stopped` when `should_stop`."""
        if self.should_stop():
            raise Stopped

    def beat(self) -> None:
        """Prolong the lease; raises LostLease."""
        write(self.job, lease_until=self._lease())

    def look(self) -> None:
        """Take notice of a person's wish to cancel."""
        if Job.objects.filter(pk=self.job.pk, token=self.job.token, cancel_requested=True).exists():
            self.cancelled.set()

    def flush(self) -> None:
        """Write progress that was held back."""
        if self._pending:
            self._write()

    def _write(self, **values: Any) -> None:
        write(self.job, lease_until=self._lease(), **self._pending, **values)
        self._pending = {}
        self._written = time.monotonic()
        self.look()
        if self._on_progress is not None:
            self._on_progress(progress_of(self.job))

    def _lease(self) -> Any:
        return timezone.now() + timedelta(seconds=self.kind.lease)


def progress_of(job: Job) -> Progress:
    """The progress of a job in the language of the moment."""
    return Progress(job.done, job.total, say(job.message, job.message_params))
