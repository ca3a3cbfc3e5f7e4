"""The job that forgets who asked."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from jobs.domain.context import JobContext
from jobs.domain.kinds import JobKind
from library.requests.domain import forgetting

EVERY = 86400.0


def _forget(context: JobContext) -> None:
    found = forgetting.forget_contacts()
    context.progress(found, found, gettext_noop("%(found)s names and addresses were deleted."), found=found)


FORGET = JobKind(
    name="requests.forget_contacts",
    title=gettext_noop("Delete names and addresses of those whose requests were decided long ago"),
    run=_forget,
    every=EVERY,
)
