"""The job that forgets old jobs."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from jobs.domain.context import JobContext
from jobs.domain.kinds import JobKind
from jobs.models import Job

DAY = 86_400.0


def tidy(context: JobContext) -> None:
    """Delete jobs that were done or cancelled more than NHASAN_JOBS_KEEP_DAYS ago; failed ones stay for a person."""
    before = timezone.now() - timedelta(days=settings.NHASAN_JOBS_KEEP_DAYS)
    old = Job.objects.filter(state__in=[Job.State.DONE, Job.State.CANCELLED], finished_at__lt=before)
    count, _ = old.delete()
    context.progress(count, count, gettext_noop("%(count)s old jobs forgotten."), count=count)


TIDY = JobKind(name="jobs.tidy", title=gettext_noop("Forget old jobs"), run=tidy, every=DAY)
