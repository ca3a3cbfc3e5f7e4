"""Worker processes that are killed and stopped in the middle of their work: nothing is lost, nothing is done twice."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest
from django.db import connection, transaction

from access.models import Community
from jobs.domain.kinds import queues
from jobs.domain.queue import claim, enqueue
from jobs.models import Job, Worker
from tests.jobs.probe import LEASE
from tests.jobs.workers import wait_until, worker

pytestmark = pytest.mark.django_db(transaction=True)


def made() -> int:
    return Community.objects.count()


def test_a_job_whose_worker_is_killed_is_taken_over_within_the_lease_and_done_exactly_once() -> None:
    job = enqueue("probe.grow", {"total": 12, "slow": 0.15})
    with worker("--queue", "default") as victim, worker("--queue", "default") as heir:
        wait_until(lambda: made() >= 2, "the job is under way")
        job.refresh_from_db()
        runs = victim if job.worker.endswith(f":{victim.pid}") else heir
        runs.kill()
        killed, at = time.monotonic(), made()
        wait_until(lambda: Job.objects.get(pk=job.pk).token == 2, "another worker takes the job")
        assert time.monotonic() - killed < LEASE + 3
        wait_until(lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE, "the job is done")
    assert at < 12
    assert sorted(one.slug for one in Community.objects.all()) == sorted(f"n{n}" for n in range(12))
    assert {one.name for one in Community.objects.all()} == {"1", "2"}


def test_a_worker_told_to_stop_leaves_its_job_at_a_checkpoint_and_the_next_goes_on() -> None:
    job = enqueue("probe.grow", {"total": 8, "slow": 0.2})
    with worker("--queue", "default") as first:
        wait_until(lambda: made() >= 2, "the job is under way")
        first.send_signal(signal.SIGTERM)
        assert first.wait(20) == 0
    job.refresh_from_db()
    assert (job.state, job.failures, job.checkpoint) == (Job.State.RETRYING, 0, {"next": made()})
    assert not Worker.objects.exists()
    with worker("--exit-when-idle") as second:
        assert second.wait(60) == 0
    job.refresh_from_db()
    assert (job.state, made()) == (Job.State.DONE, 8)


def test_with_a_process_for_each_queue_a_long_job_does_not_hold_up_the_index() -> None:
    slow = enqueue("probe.grow", {"total": 1, "slow": 60})
    with worker("--all") as parent:
        wait_until(lambda: Job.objects.get(pk=slow.pk).state == Job.State.RUNNING, "the slow job runs")
        wait_until(lambda: Worker.objects.count() == len(queues()), "all workers run")
        quick = enqueue("probe.index", {"total": 0})
        since = time.monotonic()
        wait_until(lambda: Job.objects.get(pk=quick.pk).state == Job.State.DONE, "the quick job is done")
        assert time.monotonic() - since < 5
        assert Job.objects.get(pk=slow.pk).state == Job.State.RUNNING
        for one in Worker.objects.all():
            if one.queues == ["default"]:
                os.kill(int(one.name.rpartition(":")[2]), signal.SIGKILL)  # it sleeps: end it at once
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(30) == 0


def test_no_worker_outlives_the_process_that_started_it() -> None:
    with worker("--all") as parent:
        wait_until(lambda: Worker.objects.count() == len(queues()), "all workers run")
        parent.kill()
        wait_until(lambda: not Worker.objects.exists(), "all workers have ended")


def test_workers_that_grab_at_once_never_get_the_same_job() -> None:
    with transaction.atomic():
        jobs = [enqueue("probe.grow", {"total": 0}) for _ in range(24)]
    taken: list[int] = []

    def grab(name: str) -> None:
        try:
            while (job := claim(["default"], name)) is not None:
                taken.append(job.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=grab, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while (job := claim(["default"], "last")) is not None:  # one may have looked away when a row was locked
        taken.append(job.pk)
    assert sorted(taken) == [job.pk for job in jobs]


def test_the_heartbeat_keeps_a_job_that_says_nothing_for_longer_than_its_lease() -> None:
    job = enqueue("probe.grow", {"total": 1, "slow": 3 * LEASE})
    with worker("--queue", "default", "--once") as first:
        wait_until(lambda: made() == 1, "the job is under way")
        end = time.monotonic() + 2 * LEASE
        while time.monotonic() < end:
            assert claim(["default"], "thief") is None
            time.sleep(0.1)
        assert first.wait(30) == 0
    job.refresh_from_db()
    assert (job.state, job.token) == (Job.State.DONE, 1)
