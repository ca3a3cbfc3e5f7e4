"""Jobs and imports as a person sees them: whose they may see and stop, and what to do when something is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_noop

from jobs.domain import queue
from jobs.domain.kinds import UnknownKind, kind_named
from jobs.domain.run import UNEXPECTED
from jobs.domain.words import say
from jobs.models import ImportRun, Job

if TYPE_CHECKING:
    from access.domain.stewardship import AnyUser

TRY_LATER = gettext_noop(
    "Try it again; if that fails too, give the technical details to who looks after the site."
)
MORE_MEMORY = gettext_noop("Try it again when the machine has less to do, or with a smaller file.")
CORRECT = gettext_noop("Put right what the message names, then try it again.")
ASK = gettext_noop("Ask who looks after the site: a part of the program is not installed any more.")
ADVICE = {UNEXPECTED: TRY_LATER, queue.WORKER_DIED: MORE_MEMORY, queue.UNKNOWN_KIND: ASK}


def jobs_seen_by(user: AnyUser) -> QuerySet[Job]:
    """All jobs for who holds `jobs.view_job`; for everybody else those they started."""
    every = Job.objects.select_related("user")
    return every if user.has_perm("jobs.view_job") else every.filter(user=user.pk)


def imports_seen_by(user: AnyUser) -> QuerySet[ImportRun]:
    """All imports for who holds `jobs.view_importrun` (a report shows words, whatever their protocol), else own."""
    every = ImportRun.objects.select_related("user", "job")
    return every if user.has_perm("jobs.view_importrun") else every.filter(user=user.pk)


def may_act_on(user: AnyUser, thing: Job | ImportRun) -> bool:
    """Whether the person may cancel or retry a job, or apply, settle and undo an import: own ones, or all."""
    permission = "jobs.change_job" if isinstance(thing, Job) else "jobs.change_importrun"
    return user.is_active and (
        (thing.user_id is not None and thing.user_id == user.pk) or user.has_perm(permission)
    )


def in_state(jobs: QuerySet[Job], state: str) -> QuerySet[Job]:
    """Those in a state; "open" are all that are not over, "" all."""
    if state == "open":
        return jobs.filter(Q(state__in=queue.TAKES) | Q(state=Job.State.RUNNING))
    return jobs.filter(state=state) if state in Job.State.values else jobs


def what(job: Job) -> str:
    """What the job does, in plain words."""
    try:
        kind = gettext(kind_named(job.kind).title)
    except UnknownKind:
        kind = job.kind
    return f"{kind}: {job.title}" if job.title else kind


def error_of(job: Job) -> str:
    """What went wrong, in plain words; empty when nothing did."""
    return say(job.error, job.error_params) if job.state in {Job.State.FAILED, Job.State.RETRYING} else ""


def advice_for(job: Job) -> str:
    """What a person can do about a failed job."""
    return gettext(ADVICE.get(job.error, CORRECT)) if job.state == Job.State.FAILED else ""
