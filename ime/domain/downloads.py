"""Counting downloads: how often a package was fetched on a day, and nothing of who fetched it."""

from __future__ import annotations

import logging
from typing import Final

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone

from ime.models import DownloadCount, Package

logger: Final = logging.getLogger(__name__)


def count(package: Package) -> None:
    """Add one for today; a database that cannot write just now keeps nobody from their file."""
    try:
        today = DownloadCount.objects.filter(package=package, day=timezone.localdate())
        if not today.update(count=F("count") + 1):
            try:
                with transaction.atomic():
                    DownloadCount.objects.create(package=package, day=timezone.localdate(), count=1)
            except IntegrityError:  # another visitor was the first of the day in this very moment
                today.update(count=F("count") + 1)
    except DatabaseError:
        logger.warning("a download of %s could not be counted", package, exc_info=True)


def totals() -> dict[tuple[str, str], int]:
    """All downloads, by keyboard and target."""
    rows = DownloadCount.objects.order_by().values_list("package__keyboard", "package__target")
    return {(keyboard, target): total for keyboard, target, total in rows.annotate(total=Sum("count"))}
