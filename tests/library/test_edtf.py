"""EDTF: examples of the specification and of catalogues, and what holds of all dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.domain.edtf import Day, EdtfError, as_date, span

# The examples of https://www.loc.gov/standards/datetime/ with the days they may mean.
MEANINGS = [
    ("1985-04-12", (1985, 4, 12), (1985, 4, 12)),
    ("1985-04", (1985, 4, 1), (1985, 4, 30)),
    ("1985", (1985, 1, 1), (1985, 12, 31)),
    ("1985-04-12T23:20:30Z", (1985, 4, 12), (1985, 4, 12)),
    ("1985-04-12T23:20:30+04:30", (1985, 4, 12), (1985, 4, 12)),
    ("1964/2008", (1964, 1, 1), (2008, 12, 31)),
    ("2004-02-01/2005", (2004, 2, 1), (2005, 12, 31)),
    ("Y170000002", (170000002, 1, 1), (170000002, 12, 31)),
    ("Y-170000002", (-170000002, 1, 1), (-170000002, 12, 31)),
    ("2001-21", (2001, 3, 1), (2001, 5, 31)),
    ("1984?", (1984, 1, 1), (1984, 12, 31)),
    ("2004-06~", (2004, 6, 1), (2004, 6, 30)),
    ("2004-06-11%", (2004, 6, 11), (2004, 6, 11)),
    ("201X", (2010, 1, 1), (2019, 12, 31)),
    ("20XX", (2000, 1, 1), (2099, 12, 31)),
    ("2004-XX", (2004, 1, 1), (2004, 12, 31)),
    ("1985-04-XX", (1985, 4, 1), (1985, 4, 30)),
    ("1985-XX-XX", (1985, 1, 1), (1985, 12, 31)),
    ("1985-04-12/..", (1985, 4, 12), None),
    ("../1985", None, (1985, 12, 31)),
    ("1985/", (1985, 1, 1), None),
    ("/1985-04-12", None, (1985, 4, 12)),
    ("1984~/2004-06", (1984, 1, 1), (2004, 6, 30)),
    ("-1985", (-1985, 1, 1), (-1985, 12, 31)),
    ("[1667,1668,1670..1672]", (1667, 1, 1), (1672, 12, 31)),
    ("[..1984]", None, (1984, 12, 31)),
    ("{1960,1961-12}", (1960, 1, 1), (1961, 12, 31)),
    ("2004-02-29", (2004, 2, 29), (2004, 2, 29)),
]


@pytest.mark.parametrize(("text", "earliest", "latest"), MEANINGS)
def test_dates_of_the_specification_mean_the_days_it_says(text, earliest, latest):
    found = span(text)
    assert (found.earliest and tuple(found.earliest), found.latest and tuple(found.latest)) == (
        earliest,
        latest,
    )


@pytest.mark.parametrize(
    "text",
    ["", "98", "1998-13", "1998-02-30", "1998-7", "khoảng 1998", "1998/1997", "../..", "1998//1999", "[1998", "{}",
     "1X98", "1998-X7", "1998-04-XXT10:00:00Z", "1998-00", "Y1998", "1998-21-03", "1998~~", "x" * 500, "[..]",
     "1998-04-12T25:00:00Z", "１９９８"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text):
    with pytest.raises(EdtfError):
        span(text)


@given(st.text(alphabet="0123456789-/X~?%T:Z[]{},. Y", max_size=20))
def test_any_text_gives_a_span_in_order_or_an_error_and_nothing_else(text):
    try:
        found = span(text)
    except EdtfError:
        return
    if found.earliest and found.latest:
        assert found.earliest <= found.latest


@given(st.dates())
def test_every_day_of_the_calendar_means_itself(day):
    found = span(day.isoformat())
    assert as_date(found.earliest) == as_date(found.latest) == day


def test_days_that_no_database_holds_become_the_ends_of_its_calendar():
    assert (
        as_date(Day(-500, 1, 1)) == date.min
        and as_date(Day(20000, 1, 1)) == date.max
        and as_date(None) is None
    )
