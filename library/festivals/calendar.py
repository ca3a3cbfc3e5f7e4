"""When a festival is held: Vietnamese lunar dates, rules, and the days they give in a year. Pure functions.

Lunar dates are those of the calendar of Vietnam (UTC+7), which differs from the Chinese one in some years. They come
from lunar-vn; what that library lets pass (a thirtieth day in a month of 29, a leap month that the year has not) is an
error here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final, Literal, cast

import lunar_vn

Calendar = Literal["vietnamese-lunar", "gregorian", "declared"]
Leap = Literal["regular", "leap", "both"]

CALENDARS: Final[tuple[Calendar, ...]] = ("vietnamese-lunar", "gregorian", "declared")
LEAPS: Final[tuple[Leap, ...]] = ("regular", "leap", "both")
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2099
LONGEST: Final = 120
"""Days that a festival may last: some go on for a whole season."""
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class CalendarError(ValueError):
    """There is no such day, or no such rule. `code` and `params` are for whoever says it in another language."""

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message)
        self.code = code
        self.params = params


@dataclass(frozen=True, order=True)
class LunarDay:
    """A day of the Vietnamese lunar calendar. `year` is the one in which the lunar year began; a leap month follows the
    month of its number."""

    year: int
    month: int
    leap: bool
    day: int


@dataclass(frozen=True)
class Rule:
    """When a festival is held. Days and months are those of its calendar; a declared one has none."""

    calendar: Calendar
    month: int = 1
    day: int = 1
    length: int = 1
    leap: Leap = "regular"

    def as_json(self) -> dict[str, Any]:
        """The rule as it is kept."""
        if self.calendar == "declared":
            return {"calendar": self.calendar}
        kept = {"calendar": self.calendar, "month": self.month, "day": self.day, "length": self.length}
        return kept | ({"leap": self.leap} if self.calendar == "vietnamese-lunar" else {})


@dataclass(frozen=True, order=True)
class Days:
    """The days of a festival, both ends included.

    `year` is that of its calendar; together with `in_leap_month`, no two share it.
    """

    start: date
    end: date
    year: int
    in_leap_month: bool = False


def lunar(day: date) -> LunarDay:
    """The lunar date of a day. Raises CalendarError outside the years 1900 to 2100."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR + 1:
        raise CalendarError(
            "year", f"Lunar dates are known from 1900 to 2100, not in {day.year}.", year=day.year
        )
    found = lunar_vn.solar_to_lunar(day)
    return LunarDay(found.year, found.month, found.leap, found.day)


def solar(day: LunarDay) -> date:
    """The day of a lunar date. Raises CalendarError when the calendar has no such day."""
    found = _solar(day)
    if found is None:
        raise CalendarError(
            "no-day", f"The lunar year {day.year} has no day {day.day}/{day.month}.", year=day.year
        )
    return found


@lru_cache(maxsize=4096)
def _solar(day: LunarDay) -> date | None:
    try:
        found = lunar_vn.lunar_to_solar(lunar_vn.LunarDate(day.day, day.month, day.year, day.leap))
    except ValueError:
        return None
    return found if lunar(found) == day else None


@lru_cache(maxsize=512)
def leap_month(year: int) -> int:
    """The number of the month that is repeated in a lunar year; 0 when none is."""
    return next((month for month in range(1, 13) if _solar(LunarDay(year, month, True, 1))), 0)


def month_length(year: int, month: int, leap: bool = False) -> int:
    """29 or 30. Raises CalendarError for a month that the year has not."""
    solar(LunarDay(year, month, leap, 1))
    return 30 if _solar(LunarDay(year, month, leap, 30)) else 29


def rule_of(raw: object) -> Rule:
    """A rule from what is kept of it. Raises CalendarError with the code "rule" and the name of the field."""
    if not isinstance(raw, Mapping):
        raise _bad("calendar")
    calendar = raw.get("calendar")
    if calendar not in CALENDARS:
        raise _bad("calendar")
    if calendar == "declared":
        return Rule("declared")
    month = _number(raw, "month", 12)
    day = _number(raw, "day", 30 if calendar == "vietnamese-lunar" else _DAYS[month - 1])
    leap = raw.get("leap", "regular")
    if leap not in LEAPS:
        raise _bad("leap")
    length = _number({"length": 1, **raw}, "length", LONGEST)
    return Rule(
        cast(Calendar, calendar),
        month,
        day,
        length,
        cast(Leap, leap) if calendar != "gregorian" else "regular",
    )


def occurrences(rule: Rule, year: int) -> tuple[Days, ...]:
    """The days of a festival in one year of its calendar: none for a declared one, two at most.

    A thirtieth day in a month of 29 is its last one; so is 29 February in a year that has none. Years outside 1900 to
    2099 give none.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR or rule.calendar == "declared":
        return ()
    if rule.calendar == "gregorian":
        last = 28 if rule.month == 2 and not _is_leap(year) else _DAYS[rule.month - 1]
        return (_days(date(year, rule.month, min(rule.day, last)), rule, year),)
    has_leap = leap_month(year) == rule.month
    months = {"regular": (False,), "leap": (has_leap,), "both": (False, True) if has_leap else (False,)}[
        rule.leap
    ]
    return tuple(
        _days(
            solar(LunarDay(year, rule.month, leap, min(rule.day, month_length(year, rule.month, leap)))),
            rule, year, leap,
        )
        for leap in months
    )  # fmt: skip


def between(rule: Rule, first: date, last: date) -> tuple[Days, ...]:
    """All days of the festival that touch the time from `first` to `last`, in order."""
    # The twelfth lunar month lies in the next year, and a long festival began in the one before.
    years = range(first.year - 2, last.year + 1)
    found = (days for year in years for days in occurrences(rule, year))
    return tuple(sorted(days for days in found if days.start <= last and days.end >= first))


def _days(start: date, rule: Rule, year: int, in_leap_month: bool = False) -> Days:
    return Days(start, start + timedelta(days=rule.length - 1), year, in_leap_month)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _number(raw: Mapping[str, Any], name: str, largest: int) -> int:
    value = raw.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= largest:
        raise _bad(name, largest)
    return value


def _bad(name: str, largest: int = 0) -> CalendarError:
    wanted = f": a number from 1 to {largest}" if largest else ""
    return CalendarError(
        "rule", f"The rule's {name} is missing or not possible{wanted}.", field=name, largest=largest
    )
