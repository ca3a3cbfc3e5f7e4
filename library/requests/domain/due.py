"""When a request is due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.conf import settings

from library.requests.models import Request

_FRIDAY: Final = 4
_URGENT: Final = frozenset({Request.Kind.RIGHTS, Request.Kind.CULTURE, Request.Kind.PRIVACY})


def due(kind: str, sent: date) -> date:
    """The last day on which a request of a kind, sent on a day, is decided in time.

    What may hurt somebody counts in working days; public holidays are taken for working days, so that the day comes
    too early rather than too late. Anything else counts in days of the calendar.
    """
    if kind in _URGENT:
        return after_working_days(sent, settings.NHASAN_TAKEDOWN_DAYS)
    return sent + timedelta(days=settings.NHASAN_CORRECTION_DAYS)


def after_working_days(start: date, days: int) -> date:
    """The day that lies so many working days (Monday to Friday) after a day; the day itself does not count."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() <= _FRIDAY:
            days -= 1
    return day
