"""The library's job that runs by itself: pages and cues that changed although nobody said so."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from jobs.domain.context import JobContext
from jobs.domain.kinds import JobKind
from library.domain import parts

EVERY = 3600.0


def _follow(context: JobContext) -> None:
    found = parts.update(parts.out_of_step())
    context.progress(found, found, gettext_noop("%(found)s pages and cues were out of step."), found=found)


FOLLOW = JobKind(
    name="library.follow_files",
    title=gettext_noop("Compare pages and cues of records with their files"),
    run=_follow,
    every=EVERY,
)
