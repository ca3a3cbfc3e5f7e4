"""When requests are due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.requests.domain.due import after_working_days, due
from library.requests.models import Request

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),  # a Monday
        (date(2026, 11, 27), date(2026, 12, 4)),  # a Friday
        (date(2026, 11, 28), date(2026, 12, 4)),  # a Saturday
        (date(2026, 12, 30), date(2027, 1, 6)),  # over the end of a year
        (date(2027, 12, 31), date(2028, 1, 7)),
        (date(2028, 2, 25), date(2028, 3, 3)),  # over a 29 February
    ],
)
def test_what_may_hurt_somebody_is_due_within_working_days(sent: date, expected: date, settings: Any) -> None:
    settings.NHASAN_TAKEDOWN_DAYS = 5
    for kind in (Request.Kind.RIGHTS, Request.Kind.CULTURE, Request.Kind.PRIVACY):
        assert due(kind, sent) == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [(date(2026, 12, 15), date(2027, 1, 14)), (date(2028, 1, 31), date(2028, 3, 1))],
)
def test_anything_else_is_due_within_days_of_the_calendar(sent: date, expected: date, settings: Any) -> None:
    settings.NHASAN_CORRECTION_DAYS = 30
    assert due(Request.Kind.CORRECTION, sent) == due(Request.Kind.OTHER, sent) == expected


@given(DAYS, st.integers(1, 60))
def test_so_many_working_days_lie_between(start: date, days: int) -> None:
    end = after_working_days(start, days)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(day.weekday() < 5 for day in between) == days
    assert end.weekday() < 5
    assert after_working_days(start, days + 1) > end
