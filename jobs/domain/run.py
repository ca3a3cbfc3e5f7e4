"""Running one job that was claimed, in a worker or in the foreground."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection
from django.utils.translation import gettext_noop

from jobs.domain import queue
from jobs.domain.context import JobContext, JobError, Progress, Stopped, progress_of
from jobs.domain.kinds import kind_named
from jobs.models import Job

logger = logging.getLogger(__name__)

UNEXPECTED = gettext_noop("Something went wrong that the program did not expect (%(error)s).")
FOLLOW_EVERY = 0.5
LOOK_EVERY = 1.0
OVER = frozenset({Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED})


def this_process(prefix: str) -> str:
    """The name a worker signs its jobs with."""
    return f"{prefix}@{socket.gethostname()}:{os.getpid()}"


def run_claimed(
    job: Job,
    *,
    stop: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> None:
    """Run a job that this process has claimed, to its end, its failure or a stop. Raises nothing of the job's
    own.
    """
    kind = kind_named(job.kind)
    context = JobContext(job, kind, stop=stop, on_progress=on_progress)
    try:
        try:
            with _heartbeat(context):
                kind.run(context)
            context.flush()
        except Stopped:
            context.stopped = True
        except queue.LostLease:
            raise
        except JobError as error:
            logger.warning("job %s (%s) failed: %s", job.pk, job.kind, error)
            detail = error.detail or traceback.format_exc()
            queue.fail(job, kind, error.message, error.params, detail, again=error.again)
            return
        except Exception as error:
            logger.exception("job %s (%s) failed", job.pk, job.kind)
            shown = {"error": type(error).__name__}
            queue.fail(job, kind, UNEXPECTED, shown, traceback.format_exc())
            return
        except BaseException:
            queue.release(job)
            raise
        if not context.stopped:
            queue.finish(job)
        elif context.cancelled.is_set():
            queue.cancelled(job, kind)
        else:
            queue.release(job)
    except queue.LostLease:
        logger.warning("job %s (%s): another worker has taken it over, this one lets go", job.pk, job.kind)


def run_now(job: Job, on_progress: Callable[[Progress], None] | None = None) -> Job:
    """Run a job in the foreground and return it as it ended; if a worker has it, follow it to its end.

    Look at `state` and `error` of what is returned. An interruption (Ctrl-C) leaves the job to the workers.
    """
    while True:
        taken = queue.claim_this(job, this_process("foreground"))
        if taken is not None:
            run_claimed(taken, on_progress=on_progress)
        now = Job.objects.get(pk=job.pk)
        if on_progress is not None and taken is None:
            on_progress(progress_of(now))
        if now.state in OVER:
            return now
        time.sleep(FOLLOW_EVERY)


@contextmanager
def _heartbeat(context: JobContext) -> Iterator[None]:
    """A thread with a database connection of its own that prolongs the lease while the job works.

    Inside a transaction there is none: nobody else can see the job before it is committed.
    """
    if connection.in_atomic_block:
        yield
        return
    over = threading.Event()
    thread = threading.Thread(
        target=_beat, args=(context, over), name=f"heartbeat-{context.job.pk}", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(context: JobContext, over: threading.Event) -> None:
    every = min(LOOK_EVERY, context.kind.lease / 3)
    next_beat = time.monotonic() + context.kind.lease / 3
    try:
        while not over.wait(every):
            try:
                context.look()
                if time.monotonic() >= next_beat:
                    context.beat()
                    next_beat = time.monotonic() + context.kind.lease / 3
            except queue.LostLease:
                context.lost.set()
                return
            except DatabaseError:  # the database is busy or away: the next beat may get through
                logger.warning("job %s: no heartbeat this time", context.job.pk, exc_info=True)
                connection.close()
    finally:
        connection.close()
