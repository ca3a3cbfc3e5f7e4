"""The days on which festivals are held: what their rules give, and what was declared in its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from library.festivals.calendar import CalendarError, Days, between, lunar, rule_of
from library.festivals.models import Festival, Occurrence

AHEAD: Final = 400
"""Days to look ahead for the next time: a lunar year with a leap month has 385."""


@dataclass(frozen=True)
class Held:
    """A festival on its days. `declared` if somebody said so; else the rule gives them."""

    festival: Festival
    days: Days
    declared: bool = False
    note: str = ""
    declared_by: str = ""
    source: str = ""

    @property
    def uid(self) -> str:
        """What names this time of this festival for ever: the same year keeps it when its dates change."""
        return f"{self.festival.uuid}-{self.days.year}{'-leap' if self.days.in_leap_month else ''}"


def held(
    festival: Festival, first: date, last: date, declarations: Iterable[Occurrence] | None = None
) -> list[Held]:
    """When a festival is held between two days, in order. Its declared dates are asked for unless they are given."""
    declared = {
        each.year: each for each in (festival.occurrences.all() if declarations is None else declarations)
    }
    found = [
        Held(festival, Days(each.start, each.end, each.year), True, each.note, each.declared_by, each.source)
        for each in declared.values()
        if each.start <= last and each.end >= first
    ]
    try:
        given = between(rule_of(festival.rule), first, last)
    except CalendarError:  # a rule that an older draft had and that is no longer known
        given = ()
    found += [Held(festival, days) for days in given if days.year not in declared]
    return sorted(found, key=lambda each: each.days)


def all_held(festivals: Sequence[Festival], first: date, last: date) -> list[Held]:
    """When these festivals are held between two days, the earliest first. One query."""
    declared: dict[int, list[Occurrence]] = {festival.pk: [] for festival in festivals}
    for occurrence in Occurrence.objects.filter(festival__in=list(declared)):
        declared[occurrence.festival_id].append(occurrence)
    found = [each for festival in festivals for each in held(festival, first, last, declared[festival.pk])]
    return sorted(found, key=lambda each: (each.days, each.festival.name, each.festival.pk))


def coming(festivals: Sequence[Festival], today: date, limit: int = 6) -> list[Held]:
    """The next time of each festival, the earliest first; what goes on today stands first."""
    nearest: dict[int, Held] = {}
    for each in all_held(festivals, today, today + timedelta(days=AHEAD)):
        nearest.setdefault(each.festival.pk, each)
    return list(nearest.values())[:limit]


def years_ahead(festival: Festival, today: date, years: int = 5) -> list[Held]:
    """When a festival is held from today on, for so many years."""
    return held(festival, today, date(min(today.year + years, 9999), 12, 31))[: years * 2]


def lunar_text(day: date) -> str:
    """The lunar date of a day as "15/1", with "+" after a leap month; empty where none is known."""
    try:
        found = lunar(day)
    except CalendarError:
        return ""
    return f"{found.day}/{found.month}{'+' if found.leap else ''}"
