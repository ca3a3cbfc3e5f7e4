"""Dates as people know them: EDTF (ISO 8601-2:2019, annex A), levels 0 and 1, and of level 2 what catalogues use.

Understood are `1998`, `1998-07`, `1998-07-02`, times, years of more than four digits (`Y-17000`), seasons (`1998-21`),
unspecified digits (`199X`, `1998-XX`), qualifiers (`1998~`, `1998?`, `1998%`), intervals with open and unknown ends
(`1998/..`, `/2000`), and sets (`[1998,2001]`, `{1998..2001}`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final, NamedTuple

_SEASONS: Final = {
    **dict.fromkeys((21, 25), (3, 5)), **dict.fromkeys((22, 26), (6, 8)), **dict.fromkeys((23, 27), (9, 11)),
    **dict.fromkeys((24, 28), (12, 12)), 29: (9, 11), 30: (12, 12), 31: (3, 5), 32: (6, 8), 33: (1, 3), 34: (4, 6),
    35: (7, 9), 36: (10, 12), 37: (1, 4), 38: (5, 8), 39: (9, 12), 40: (1, 6), 41: (7, 12),
}  # fmt: skip
_QUALIFIER: Final = r"[?~%]?"
_DATE: Final = re.compile(rf"(-?[0-9X]{{4}})(?:-([0-9X]{{2}})(?:-([0-9X]{{2}}))?)?{_QUALIFIER}\Z")
_LONG_YEAR: Final = re.compile(rf"Y(-?[1-9][0-9]{{4,8}}){_QUALIFIER}\Z")
_TIME: Final = re.compile(r"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:Z|[+-](?:0\d|1[0-4])(?::[0-5]\d)?)?\Z")
LONGEST: Final = 200


class Day(NamedTuple):
    """A day of the proleptic Gregorian calendar; years may be negative (0 is 1 BC)."""

    year: int
    month: int
    day: int


class Span(NamedTuple):
    """The first and the last day that a date may mean; None where it is open or unknown."""

    earliest: Day | None
    latest: Day | None


class EdtfError(ValueError):
    """The text is no date of EDTF."""


def span(text: str) -> Span:
    """The days a date may mean. Raises EdtfError."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise EdtfError(text)
    if text[0] in "[{":
        return _set(text)
    if "/" in text:
        return _interval(text)
    return _single(text)


def _interval(text: str) -> Span:
    first, _slash, last = text.partition("/")
    if "/" in last or (first in ("", "..") and last in ("", "..")):
        raise EdtfError(text)
    earliest = None if first in ("", "..") else _single(first).earliest
    latest = None if last in ("", "..") else _single(last).latest
    if earliest and latest and earliest > latest:
        raise EdtfError(text)
    return Span(earliest, latest)


def _set(text: str) -> Span:
    if text[-1] != {"[": "]", "{": "}"}[text[0]]:
        raise EdtfError(text)
    parts = [part.strip() for part in text[1:-1].split(",")]
    first: list[Day | None] = []
    last: list[Day | None] = []
    for part in parts:
        begin, dots, end = part.partition("..")
        if dots and not begin and not end:
            raise EdtfError(text)
        first.append(_single(begin).earliest if begin else None)
        last.append(_single(end if dots else begin).latest if end or not dots else None)
    known_first = [day for day in first if day is not None]
    known_last = [day for day in last if day is not None]
    return Span(
        min(known_first) if len(known_first) == len(first) else None,
        max(known_last) if len(known_last) == len(last) else None,
    )


def _single(text: str) -> Span:
    long_year = _LONG_YEAR.match(text)
    if long_year:
        year = int(long_year[1])
        return Span(Day(year, 1, 1), Day(year, 12, 31))
    text, t, time = text.partition("T")
    if t and not _TIME.match(t + time):
        raise EdtfError(text)
    found = _DATE.match(text)
    if not found or (t and (found[3] is None or "X" in text or text[-1] in "?~%")):
        raise EdtfError(text)
    digits, month, day = found.groups()
    if "X" in digits and not re.fullmatch(r"-?[0-9]*X+", digits):
        raise EdtfError(text)
    low, high = int(digits.replace("X", "0")), int(digits.replace("X", "9"))
    if low > high:
        low, high = high, low
    if month is None:
        return Span(Day(low, 1, 1), Day(high, 12, 31))
    return _of_months(text, low, high, month, day)


def _of_months(text: str, low: int, high: int, month: str, day: str | None) -> Span:
    if "X" in month:
        if month != "XX" or day not in (None, "XX"):
            raise EdtfError(text)
        return Span(Day(low, 1, 1), Day(high, 12, 31))
    number = int(month)
    if number in _SEASONS and day is None:
        begin, end = _SEASONS[number]
        return Span(Day(low, begin, 1), Day(high, end, _length(high, end)))
    if not 1 <= number <= 12:
        raise EdtfError(text)
    if day is None or day == "XX":
        return Span(Day(low, number, 1), Day(high, number, _length(high, number)))
    if "X" in day or not 1 <= int(day) <= _length(high, number):
        raise EdtfError(text)
    return Span(Day(low, number, int(day)), Day(high, number, int(day)))


def _length(year: int, month: int) -> int:
    # The Gregorian calendar repeats after 400 years; `calendar` knows years from 1 on.
    return monthrange(year % 400 + 2000, month)[1]


def as_date(day: Day | None) -> date | None:
    """The day as the database can hold it; what lies before year 1 or after 9999 becomes that year's end."""
    if day is None:
        return None
    if day.year < 1:
        return date.min
    return date.max if day.year > 9999 else date(*day)
