"""Days and lunar dates of Vietnam agree with known ones, lead to each other, and rules give the days they say."""

import csv
from datetime import date, timedelta
from pathlib import Path

import lunar_vn
import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.festivals.calendar import (
    LEAPS,
    CalendarError,
    Days,
    LunarDay,
    Rule,
    between,
    leap_month,
    lunar,
    month_length,
    occurrences,
    rule_of,
    solar,
)

HERE = Path(__file__).parent
days = st.dates(date(1901, 1, 1), date(2099, 12, 31))
years = st.integers(1902, 2098)
rules = st.builds(
    Rule,
    st.just("vietnamese-lunar"),
    st.integers(1, 12),
    st.integers(1, 30),
    st.integers(1, 90),
    st.sampled_from(LEAPS),
)


def gold(name):
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("row", gold("tet.csv"), ids=lambda row: row["year"])
def test_the_new_year_is_on_the_day_that_is_known(row):
    day = date.fromisoformat(row["tet"])
    assert solar(LunarDay(int(row["year"]), 1, False, 1)) == day
    assert lunar(day) == LunarDay(int(row["year"]), 1, False, 1)


@pytest.mark.parametrize("row", gold("tet.csv"), ids=lambda row: row["year"])
def test_the_new_year_differs_from_the_chinese_one_where_it_is_known_to(row):
    day, chinese = date.fromisoformat(row["tet"]), date.fromisoformat(row["chinese"])
    assert lunar_vn.lunar_to_solar(lunar_vn.LunarDate(1, 1, day.year), 8.0) == chinese
    assert (solar(LunarDay(day.year, 1, False, 1)) != chinese) is (row["differs"] == "yes")


@pytest.mark.parametrize("row", gold("days.csv"), ids=lambda row: row["date"])
def test_a_lunar_date_is_the_day_that_is_known(row):
    known = LunarDay(int(row["year"]), int(row["month"]), row["leap"] == "yes", int(row["day"]))
    assert solar(known) == date.fromisoformat(row["date"])
    assert lunar(date.fromisoformat(row["date"])) == known


@given(days)
def test_a_day_leads_to_its_lunar_date_and_back(day):
    assert solar(lunar(day)) == day


@given(days)
def test_the_next_day_is_the_next_lunar_day_or_the_first_of_a_month(day):
    before, after = lunar(day), lunar(day + timedelta(days=1))
    assert after > before
    assert after.day == before.day + 1 or (
        after.day == 1 and before.day == month_length(before.year, before.month, before.leap)
    )


@given(years)
def test_a_year_has_the_length_of_its_months(year):
    months = [month_length(year, month) for month in range(1, 13)]
    if leap_month(year):
        months.append(month_length(year, leap_month(year), True))
    first, next_first = (solar(LunarDay(each, 1, False, 1)) for each in (year, year + 1))
    assert sum(months) == (next_first - first).days
    assert set(months) <= {29, 30}


def test_what_no_year_has_is_an_error():
    year = next(year for year in range(2020, 2030) if not leap_month(year))
    for wrong in (LunarDay(year, 1, True, 1), LunarDay(year, 1, False, 31), LunarDay(year, 13, False, 1)):
        with pytest.raises(CalendarError) as caught:
            solar(wrong)
        assert caught.value.code == "no-day"
    with pytest.raises(CalendarError):
        lunar(date(1800, 1, 1))


@given(rules, years)
def test_an_occurrence_begins_on_the_lunar_day_of_its_rule_and_lasts_as_long(rule, year):
    found = occurrences(rule, year)
    assert len(found) == (2 if rule.leap == "both" and leap_month(year) == rule.month else 1)
    for each in found:
        start = lunar(each.start)
        assert (start.year, start.month, start.leap) == (year, rule.month, each.in_leap_month)
        assert start.day == min(rule.day, month_length(year, rule.month, each.in_leap_month))
        assert (each.end - each.start).days == rule.length - 1
        assert not each.in_leap_month or rule.leap != "regular"


@given(rules, days, st.integers(0, 800))
def test_what_lies_between_two_days_touches_them_and_nothing_is_left_out(rule, first, width):
    last = first + timedelta(days=width)
    found = between(rule, first, last)
    assert list(found) == sorted(found)
    everything = [each for year in range(first.year - 2, last.year + 2) for each in occurrences(rule, year)]
    assert set(found) == {each for each in everything if not (each.end < first or each.start > last)}


@given(rules)
def test_a_rule_is_kept_and_read_back(rule):
    assert rule_of(rule.as_json()) == rule


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (None, "calendar"),
        ({"calendar": "chinese"}, "calendar"),
        ({"calendar": "vietnamese-lunar", "month": 13, "day": 1}, "month"),
        ({"calendar": "vietnamese-lunar", "month": 1, "day": 31}, "day"),
        ({"calendar": "vietnamese-lunar", "month": 1, "day": True}, "day"),
        ({"calendar": "gregorian", "month": 2, "day": 30}, "day"),
        ({"calendar": "gregorian", "month": 2, "day": 3, "length": 0}, "length"),
        ({"calendar": "vietnamese-lunar", "month": 2, "day": 3, "leap": "never"}, "leap"),
    ],
)
def test_a_rule_that_cannot_be_says_which_field(raw, field):
    with pytest.raises(CalendarError) as caught:
        rule_of(raw)
    assert (caught.value.code, caught.value.params["field"]) == ("rule", field)


def test_29_february_is_the_28th_in_other_years_and_declared_ones_have_no_days():
    rule = Rule("gregorian", 2, 29)
    assert occurrences(rule, 2024) == (Days(date(2024, 2, 29), date(2024, 2, 29), 2024),)
    assert occurrences(rule, 2025) == (Days(date(2025, 2, 28), date(2025, 2, 28), 2025),)
    assert occurrences(Rule("declared"), 2025) == ()
