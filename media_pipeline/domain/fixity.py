"""The job that compares files with their checksums from time to time: what rots is noticed while there are backups."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from jobs.domain.context import JobContext
from jobs.domain.kinds import JobKind
from media_pipeline.domain import blobs
from media_pipeline.models import Blob

_DAY: Final = 86_400.0
_log: Final = logging.getLogger(__name__)


def due() -> QuerySet[Blob]:
    """The files that were not compared for NHASAN_FIXITY_DAYS, those that waited longest first."""
    before = timezone.now() - timedelta(days=settings.NHASAN_FIXITY_DAYS)
    never = Q(verified_at__isnull=True, created_at__lt=before)
    found = Blob.objects.filter(never | Q(verified_at__lt=before) | Q(damaged_since__isnull=False))
    return found.order_by(F("verified_at").asc(nulls_first=True), "pk")


def damaged() -> QuerySet[Blob]:
    """The files whose bytes were not those that were stored when they were last compared."""
    return Blob.objects.filter(damaged_since__isnull=False).order_by("damaged_since", "pk")


def compare(blob: Blob) -> bool:
    """Compare a file with its checksum, and write down what came of it. Gives whether it is as it was."""
    sound, now = blobs.verify(blob), timezone.now()
    since = None if sound else blob.damaged_since or now
    Blob.objects.filter(pk=blob.pk).update(verified_at=now, damaged_since=since)
    if not sound:
        _log.error("The bytes of %s are not those that were stored, or are gone.", blobs.path(blob))
    return sound


def run(context: JobContext) -> None:
    """The job itself. What is compared is written down at once, so a job that is broken off loses one file's work."""
    pks = list(due().values_list("pk", flat=True))
    bad = 0
    said = gettext_noop("%(count)s files compared with their checksums; %(bad)s are damaged or gone.")
    for number, pk in enumerate(pks, 1):
        blob = Blob.objects.filter(pk=pk).first()
        if blob is not None and not compare(blob):
            bad += 1
        context.progress(number, len(pks), said, count=number, bad=bad)
        context.stop_if_asked()
    context.progress(len(pks), len(pks), said, count=len(pks), bad=bad)


KIND: Final = JobKind(
    name="media_pipeline.fixity",
    title=gettext_noop("Compare files with their checksums"),
    run=run,
    every=_DAY,
)
