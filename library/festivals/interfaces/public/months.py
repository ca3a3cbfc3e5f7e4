"""A month as its page shows it: weeks of days, each with its lunar date and what is held on it."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from library.festivals.calendar import FIRST_YEAR, LAST_YEAR
from library.festivals.domain.schedule import Held, all_held, lunar_text
from library.festivals.models import Festival


@dataclass(frozen=True)
class DayView:
    """A day: in the month or beside it; `lunar` as "15/1"; `held` are the festivals on it."""

    day: date
    lunar: str
    in_month: bool
    is_today: bool
    held: tuple[Held, ...]


@dataclass(frozen=True)
class MonthView:
    """A month, the neighbours it leads to (None at the ends of what is known), and all that is held in it."""

    first: date
    weeks: tuple[tuple[DayView, ...], ...]
    before: date | None
    after: date | None
    held: tuple[Held, ...]

    @property
    def week_days(self) -> tuple[date, ...]:
        """A day for each head of a column: Monday to Sunday."""
        return tuple(each.day for each in self.weeks[0])


def month_view(festivals: Sequence[Festival], year: int, month: int, today: date) -> MonthView:
    """The month of these festivals. Weeks begin on Monday, as in Vietnam."""
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    held = all_held(festivals, weeks[0][0], weeks[-1][-1])
    first = date(year, month, 1)
    rows = tuple(
        tuple(
            DayView(
                day, lunar_text(day), day.month == month, day == today,
                tuple(each for each in held if each.days.start <= day <= each.days.end),
            )
            for day in week
        )
        for week in weeks
    )  # fmt: skip
    before = date(year - (month == 1), (month - 2) % 12 + 1, 1)
    after = date(year + (month == 12), month % 12 + 1, 1)
    within = tuple(each for each in held if _touches(each, year, month))
    return MonthView(
        first,
        rows,
        before if before.year > FIRST_YEAR else None,
        after if after.year <= LAST_YEAR else None,
        within,
    )


def _touches(held: Held, year: int, month: int) -> bool:
    """Whether something is held in this very month, not only in the weeks around it."""
    first = date(year, month, 1)
    last = date(year, month, calendar.monthrange(year, month)[1])
    return held.days.start <= last and held.days.end >= first
