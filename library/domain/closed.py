"""Which files of records are closed to readers although their protocol is open."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from media_pipeline.domain import assets


def without_consent(today: date, file: str = "") -> Q:
    """Files whose consent is over or withdrawn; `file` leads to the file from what is asked for (`file__`)."""
    over = Q(**{f"{file}consent__until__lt": today}) | Q(**{f"{file}consent__withdrawn_on__lte": today})
    return Q(**{f"{file}consent__isnull": False}) & over


def closed(today: date, file: str = "") -> Q:
    """Files without a consent that holds, and those in which malware was found."""
    return without_consent(today, file) | Q(assets.is_harmful(f"{file}blob"))
