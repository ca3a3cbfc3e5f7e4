"""The limits of imports, as the settings set them."""

from __future__ import annotations

from django.conf import settings

from dictionary.domain.problems import limits as entry_limits
from dictionary.formats.limits import Limits


def limits() -> Limits:
    """How large a file may be, and what is in it."""
    return Limits(
        file=settings.NHASAN_IMPORT_MAX_UNPACKED,
        entry=settings.NHASAN_IMPORT_MAX_ENTRY,
        archive_files=settings.NHASAN_IMPORT_MAX_FILES,
        tree=entry_limits(),
    )
