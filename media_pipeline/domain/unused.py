"""The job that removes files which nothing refers to: uploads that were never saved, files of what was deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from jobs.domain.context import JobContext
from jobs.domain.kinds import JobKind
from media_pipeline.domain import blobs
from media_pipeline.domain.commit import remove_unreferenced
from media_pipeline.models import Asset, Blob, Step

_DAY: Final = 86_400.0


def unused() -> QuerySet[Blob]:
    """The blobs older than NHASAN_FILES_KEEP_DAYS that no row refers to, other than of what was made of them."""
    before = timezone.now() - timedelta(days=settings.NHASAN_FILES_KEEP_DAYS)
    found = Blob.objects.filter(created_at__lt=before)
    # What is made of a file does not keep it; while a worker is at it, it stays all the same.
    at_work = Asset.objects.filter(blob=OuterRef("pk"), state__in=[Asset.State.WAITING, Asset.State.RUNNING])
    found = found.exclude(Exists(at_work))
    for relation in Blob._meta.get_fields(include_hidden=True):
        if relation.auto_created and (relation.one_to_many or relation.one_to_one):
            # Hidden relations (`related_name="+"`) cannot be asked by name.
            field = relation.field  # type: ignore[union-attr]
            if field.model is Asset:
                continue
            references = field.model._base_manager.filter(**{field.name: OuterRef("pk")})
            found = found.exclude(Exists(references))
    return found.order_by("pk")


def remove_unused() -> Iterator[int]:
    """Remove them one by one; gives the size of each. One that was referred to, or stored again, meanwhile stays.

    The bytes go while the row is locked: whoever stores the same ones at that moment waits, and writes both anew.
    """
    for pk in list(unused().values_list("pk", flat=True)):
        with transaction.atomic():
            blob = unused().select_for_update(of=("self",)).filter(pk=pk).first()
            if blob is None:
                continue
            keys = set(Step.objects.filter(asset__blob=blob).values_list("key", flat=True))
            try:
                with transaction.atomic():
                    blob.assets.all().delete()
                    blob.delete()
            except ProtectedError:
                continue
            remove_unreferenced(keys)
            blobs.path(blob).unlink(missing_ok=True)
        yield blob.size


def run(context: JobContext) -> None:
    """The job itself."""
    count = size = 0
    for each in remove_unused():
        count, size = count + 1, size + each
        context.stop_if_asked()
    said = gettext_noop("%(count)s files that nothing refers to removed (%(kilobytes)s kB).")
    context.progress(count, count, said, count=count, kilobytes=size // 1024)


KIND: Final = JobKind(
    name="media_pipeline.unused",
    title=gettext_noop("Remove files that nothing refers to"),
    run=run,
    every=_DAY,
)
