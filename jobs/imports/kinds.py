"""The three phases of an import as kinds of job."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext_noop

from jobs.domain.context import JobContext, JobError
from jobs.domain.kinds import JobKind
from jobs.imports.apply import apply
from jobs.imports.check import check
from jobs.imports.reading import plain, plain_params
from jobs.imports.types import ImportRefused
from jobs.imports.undo import undo
from jobs.models import ImportRun, Job

CANCELLED = gettext_noop("Cancelled. What was written so far stays: go on, or undo it.")


def _failed(job: Job) -> None:
    """The phase was given up or cancelled: the run says so, in the same words."""
    cancelled = job.state == Job.State.CANCELLED
    ImportRun.objects.filter(job=job).update(
        state=ImportRun.State.FAILED,
        error=CANCELLED if cancelled else job.error,
        error_params={} if cancelled else job.error_params,
    )


def _refusable(phase: Callable[[JobContext], None]) -> Callable[[JobContext], None]:
    """Turn a file that cannot be read into a failure in plain words, with the place noted in the run."""

    def run(context: JobContext) -> None:
        try:
            phase(context)
        except ImportRefused as refused:
            message = refused.message
            with transaction.atomic():
                context.beat()
                ImportRun.objects.filter(pk=context.params["run"]).update(
                    error_code=message.code, error_where=plain(refused.where)
                )
            params = plain_params(message.params)
            raise JobError(message.text, params=params, detail=plain(refused.where)) from None

    return run


KINDS = (
    JobKind("jobs.import_check", gettext_noop("Check an import"), _refusable(check), failed=_failed),
    JobKind("jobs.import_apply", gettext_noop("Apply an import"), _refusable(apply), failed=_failed),
    JobKind("jobs.import_undo", gettext_noop("Undo an import"), _refusable(undo), failed=_failed),
)
