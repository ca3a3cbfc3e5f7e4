"""The loop of a worker: take the next job of its queues, run it, again. Every worker is also the sweeper.

There is no separate sweeper: `queue.claim` takes jobs whose lease ran out like any other that is due.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from datetime import timedelta

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from jobs.domain import queue
from jobs.domain.kinds import kinds, steps
from jobs.domain.run import run_claimed, this_process
from jobs.models import Job, Worker

logger = logging.getLogger(__name__)

POLL = {"index": 0.2}
"""Seconds between two looks at a queue; what is published must be found within a second."""
POLL_OTHERS = 0.5
SIGN_OF_LIFE_EVERY = 10.0
GONE_AFTER = 60.0
AFTER_TROUBLE = 2.0


def poll_interval(queues: Sequence[str]) -> float:
    """How long to wait when there is nothing to do: the shortest wait of the queues served."""
    return min(POLL.get(name, POLL_OTHERS) for name in queues)


def work(
    queues: Sequence[str], stop: threading.Event, *, once: bool = False, until_idle: bool = False
) -> int:
    """Serve queues until `stop` is set; returns how many jobs were run.

    `once`: at most one job, and only if one is due. `until_idle`: until nothing is due (jobs that wait for their
    next attempt are not due). Neither starts periodic jobs. A database that is away is waited for.
    """
    name = this_process("+".join(queues))
    ran = 0
    seen = 0.0
    while not stop.is_set():
        try:
            if time.monotonic() - seen >= SIGN_OF_LIFE_EVERY or seen == 0.0:
                seen = time.monotonic()
                _sign_of_life(name, queues)
                if not (once or until_idle):
                    start_periodic(queues)
            if not connection.in_atomic_block:
                close_old_connections()
            job = queue.claim(queues, name)
            if job is not None:
                run_claimed(job, stop=stop)
                ran += 1
            busy = job is not None or take_steps(queues)
        except DatabaseError:
            logger.warning("worker %s: the database does not answer, trying again", name, exc_info=True)
            connection.close()
            if once or until_idle:
                raise
            stop.wait(AFTER_TROUBLE)
            continue
        if once or (until_idle and not busy):
            break
        if not busy:
            stop.wait(poll_interval(queues))
    Worker.objects.filter(name=name).delete()
    return ran


def take_steps(queues: Sequence[str]) -> bool:
    """Take each step of these queues once; says whether one of them did anything."""
    busy = False
    for step in steps(queues):
        try:
            busy = step() or busy
        except DatabaseError:
            raise
        except Exception:
            logger.exception("a step of %s failed, it is taken again later", "+".join(queues))
    return busy


def served_queues() -> frozenset[str]:
    """The queues that some worker serves just now."""
    alive = timezone.now() - timedelta(seconds=GONE_AFTER)
    rows = Worker.objects.filter(seen_at__gte=alive).values_list("queues", flat=True)
    return frozenset(name for names in rows for name in names)


def start_periodic(queues: Sequence[str]) -> None:
    """Start the kinds that run by themselves (`JobKind.every`) and whose time has come."""
    now = timezone.now()
    for kind in kinds():
        if kind.every is None or kind.queue not in queues:
            continue
        recently = Job.objects.filter(kind=kind.name).exclude(
            state__in=[Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED],
            created_at__lt=now - timedelta(seconds=kind.every),
        )
        if not recently.exists():
            queue.enqueue(kind.name, unique_key="periodic")


def _sign_of_life(name: str, queues: Sequence[str]) -> None:
    now = timezone.now()
    with transaction.atomic():
        Worker.objects.update_or_create(name=name, defaults={"queues": list(queues), "seen_at": now})
        Worker.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()
