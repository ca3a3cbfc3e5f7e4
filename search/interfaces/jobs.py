"""Search's kinds of job: the sweep that runs by itself, and the rebuild that a person starts in the admin."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from jobs.domain.context import JobContext, JobError
from jobs.domain.kinds import JobKind
from search.domain.rebuild import RebuildFailed, rebuild
from search.domain.sweep import sweep

EVERY = 3600.0


def _sweep(context: JobContext) -> None:
    found = sweep()
    context.progress(found, found, gettext_noop("%(found)s objects were out of step."), found=found)


def _rebuild(context: JobContext) -> None:
    try:
        report = rebuild(lambda done, total: context.progress(done, total))
    except RebuildFailed as error:
        if error.code == "no_server":
            raise JobError(
                gettext_noop("The search server does not answer; the present index stays.")
            ) from error
        raise JobError(gettext_noop("The new index is not complete; the present one stays.")) from error
    context.progress(report.documents, report.documents)


SWEEP = JobKind(
    name="search.sweep",
    title=gettext_noop("Compare the search index with the database"),
    run=_sweep,
    every=EVERY,
)
REBUILD = JobKind(
    name="search.rebuild", title=gettext_noop("Rebuild the search index"), run=_rebuild, max_attempts=2
)
