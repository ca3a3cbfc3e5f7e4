"""The queue inside one process: claiming, fencing, retrying, cancelling, coalescing."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from access.models import Community, User
from jobs.domain import queue
from jobs.domain.context import JobContext, Progress
from jobs.domain.kinds import JobKind, UnknownKind, kind_named, register
from jobs.domain.queue import LostLease
from jobs.domain.run import run_claimed, run_now
from jobs.domain.worker import served_queues, start_periodic, work
from jobs.models import Job, Worker

pytestmark = pytest.mark.django_db

State = Job.State


def run_all() -> int:
    return work(["default", "index"], threading.Event(), until_idle=True)


def let_lease_run_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def make_due(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())


def test_a_job_is_run_once_and_says_how_far_it_came() -> None:
    job = queue.enqueue("probe.grow", {"total": 3})
    assert run_all() == 1
    assert run_all() == 0
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.message_params) == (State.DONE, 3, 3, {"count": 3})
    assert Community.objects.count() == 3


def test_a_job_of_a_transaction_that_is_rolled_back_never_existed() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        queue.enqueue("probe.grow", {"total": 1})
        raise RuntimeError
    assert run_all() == 0


def test_a_queue_is_served_without_touching_another() -> None:
    queue.enqueue("probe.grow", {"total": 1})
    index = queue.enqueue("probe.index", {"total": 1})
    assert work(["index"], threading.Event(), until_idle=True) == 1
    assert Job.objects.get(state=State.DONE) == index


def test_jobs_are_taken_in_the_order_they_came() -> None:
    jobs = [queue.enqueue("probe.grow", {"total": 0}) for _ in range(5)]
    assert [queue.claim(["default"], "w").pk for _ in jobs] == [job.pk for job in jobs]


def test_a_waiting_job_of_the_same_key_takes_the_place_of_another_but_a_running_one_does_not() -> None:
    first = queue.enqueue("probe.grow", {"total": 1}, unique_key="k")
    assert queue.enqueue("probe.grow", {"total": 1}, unique_key="k") == first
    assert queue.enqueue("probe.grow", {"total": 1}, unique_key="other") != first
    assert queue.claim(["default"], "w") == first
    second = queue.enqueue("probe.grow", {"total": 1}, unique_key="k")
    assert second != first


def test_two_jobs_of_the_same_key_never_run_at_once() -> None:
    first = queue.enqueue("probe.grow", {"total": 0}, unique_key="k")
    taken = queue.claim(["default"], "one")
    second = queue.enqueue("probe.grow", {"total": 0}, unique_key="k")
    assert queue.claim(["default"], "two") is None
    assert queue.claim_this(second, "two") is None
    let_lease_run_out(first)  # even then it is the old one that goes on first
    assert queue.claim(["default"], "two") == first
    taken.refresh_from_db()
    run_claimed(taken)
    assert queue.claim(["default"], "two") == second


def test_an_abandoned_job_is_taken_over_and_the_old_worker_can_change_nothing_any_more() -> None:
    queue.enqueue("probe.grow", {"total": 5})
    old = queue.claim(["default"], "old")
    assert queue.claim(["default"], "new") is None
    let_lease_run_out(old)
    new = queue.claim(["default"], "new")
    assert (new.pk, new.token, new.failures) == (old.pk, old.token + 1, 1)
    context = JobContext(old, kind_named(old.kind))
    with pytest.raises(LostLease), transaction.atomic():
        Community.objects.create(slug="late", name="Late")
        context.save({"next": 99})
    assert not Community.objects.exists()
    with pytest.raises(LostLease):
        context.progress(1)
    for late in (queue.finish, queue.release):
        with pytest.raises(LostLease):
            late(old)
    run_claimed(old)  # the zombie runs on and is stopped at its first write
    new.refresh_from_db()
    assert (new.state, new.worker, new.checkpoint) == (State.RUNNING, "new", {})
    run_claimed(new)
    assert Community.objects.count() == 5


def test_a_job_whose_workers_die_again_and_again_is_given_up_in_plain_words() -> None:
    job = queue.enqueue("probe.halt")
    let_lease_run_out(queue.claim(["default"], "w"))
    let_lease_run_out(queue.claim(["default"], "w"))
    assert queue.claim(["default"], "w") is None
    job.refresh_from_db()
    assert (job.state, job.failures, job.error) == (State.FAILED, 2, queue.WORKER_DIED)


def test_an_unexpected_error_is_tried_again_later_and_given_up_after_the_last_attempt() -> None:
    job = queue.enqueue("probe.break")
    waits = []
    for attempt in (1, 2, 3):
        assert run_all() == 1
        job.refresh_from_db()
        assert job.failures == attempt
        waits.append(round((job.run_after - timezone.now()).total_seconds() / 60))
        assert job.state == (State.FAILED if attempt == 3 else State.RETRYING)
        make_due(job)
    assert waits[:2] == [1, 2]
    assert "a secret of the machine" not in job.error % job.error_params
    assert "RuntimeError: a secret of the machine" in job.error_detail


def test_an_error_in_plain_words_is_kept_with_its_details_and_not_tried_again() -> None:
    job = queue.enqueue("probe.break", {"plain": True})
    run_all()
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert (job.error % job.error_params, job.error_detail) == ("The pot is broken.", "clay")


def test_a_failed_job_can_be_tried_again_by_a_person_from_its_checkpoint() -> None:
    job = queue.enqueue("probe.grow", {"total": 4})
    Job.objects.filter(pk=job.pk).update(state=State.FAILED, failures=3, error="x", checkpoint={"next": 3})
    assert queue.retry(job).state == State.WAITING
    run_all()
    job.refresh_from_db()
    assert (job.state, job.error) == (State.DONE, "")
    assert [one.slug for one in Community.objects.all()] == ["n3"]


def test_trying_again_yields_to_a_job_of_the_same_key_that_is_waiting() -> None:
    old = queue.enqueue("probe.grow", {"total": 0}, unique_key="k")
    queue.cancel(old)
    waiting = queue.enqueue("probe.grow", {"total": 0}, unique_key="k")
    assert queue.retry(old) == waiting
    old.refresh_from_db()
    assert old.state == State.CANCELLED


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_at_its_next_safe_point() -> None:
    waiting = queue.enqueue("probe.grow", {"total": 1})
    assert queue.cancel(waiting).state == State.CANCELLED
    running = queue.enqueue("probe.grow", {"total": 9})
    taken = queue.claim(["default"], "w")
    queue.cancel(running)
    run_claimed(taken)
    running.refresh_from_db()
    assert running.state == State.CANCELLED
    assert Community.objects.count() < 9


def test_a_worker_that_is_told_to_stop_leaves_the_job_for_another_without_counting_a_failure() -> None:
    job = queue.enqueue("probe.grow", {"total": 5})
    stop = threading.Event()
    stop.set()
    run_claimed(queue.claim(["default"], "w"), stop=stop)
    job.refresh_from_db()
    assert (job.state, job.failures) == (State.RETRYING, 0)
    assert run_all() == 1
    assert Community.objects.count() == 5


def test_a_job_can_be_run_in_the_foreground_with_its_progress() -> None:
    seen: list[Progress] = []
    ended = run_now(queue.enqueue("probe.grow", {"total": 3}), seen.append)
    assert ended.state == State.DONE
    assert (seen[-1].done, seen[-1].total, seen[-1].message) == (3, 3, "3 made")


def test_an_interruption_leaves_the_job_to_the_workers() -> None:
    def interrupted(context: JobContext) -> None:
        raise KeyboardInterrupt

    register(JobKind("probe.interrupted", "Interrupted", interrupted))
    job = queue.enqueue("probe.interrupted")
    with pytest.raises(KeyboardInterrupt):
        run_now(job)
    job.refresh_from_db()
    assert (job.state, job.failures) == (State.RETRYING, 0)


def test_a_kind_that_nobody_knows_is_refused_and_one_that_was_forgotten_fails_in_plain_words() -> None:
    with pytest.raises(UnknownKind):
        queue.enqueue("no.such")
    job = queue.enqueue("probe.grow", {"total": 0})
    Job.objects.update(kind="gone.away")
    assert run_all() == 0
    job.refresh_from_db()
    assert (job.state, job.error) == (State.FAILED, queue.UNKNOWN_KIND)


def test_another_kind_of_the_same_name_is_refused() -> None:
    with pytest.raises(ValueError, match=r"probe\.grow"):
        register(JobKind("probe.grow", "Other", lambda context: None))


def test_periodic_jobs_start_once_in_their_time_and_old_jobs_are_forgotten() -> None:
    user = User.objects.create_user("u")
    old = queue.enqueue("probe.grow", {"total": 0}, user=user)
    failed = queue.enqueue("probe.break", {"plain": True})
    run_all()
    long_ago = timezone.now() - timedelta(days=400)
    Job.objects.filter(pk__in=[old.pk, failed.pk]).update(finished_at=long_ago)
    start_periodic(["default"])
    start_periodic(["default"])
    assert Job.objects.filter(kind="jobs.tidy").count() == 1
    run_all()
    start_periodic(["default"])
    assert Job.objects.filter(kind="jobs.tidy").count() == 1
    Job.objects.filter(kind="jobs.tidy").update(created_at=long_ago)
    start_periodic(["default"])
    assert Job.objects.filter(kind="jobs.tidy").count() == 2
    assert not Job.objects.filter(pk=old.pk).exists()
    assert Job.objects.filter(pk=failed.pk).exists()


def test_a_worker_that_runs_is_known_and_one_that_stopped_is_not() -> None:
    Worker.objects.create(name="w", queues=["index"], seen_at=timezone.now())
    Worker.objects.create(name="dead", queues=["default"], seen_at=timezone.now() - timedelta(minutes=5))
    assert served_queues() == {"index"}
    run_all()
    assert served_queues() == {"index"}
