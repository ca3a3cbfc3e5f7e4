"""Calendar files are what RFC 5545 asks for, whatever the texts hold: an independent reader finds the same in them."""

from datetime import UTC, date, datetime, timedelta

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from library.festivals import ics

CHANGED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
# Texts without the controls that the format cannot carry; those are tried below.
texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200)


@given(texts, texts, texts, st.dates(date(1900, 1, 1), date(2099, 1, 1)), st.integers(0, 100))
def test_another_program_reads_what_was_written(summary, description, place, start, more):
    end = start + timedelta(days=more)
    event = ics.Event(
        "a-2026@house.example", start, end, summary, CHANGED, description, place, "https://house.example/a/"
    )
    (read,) = icalendar.Calendar.from_ical(ics.calendar("Name", "vi", [event])).walk("VEVENT")
    assert str(read["SUMMARY"]) == summary
    assert str(read.get("DESCRIPTION", "")) == description
    assert str(read.get("LOCATION", "")) == place
    assert read["UID"] == event.uid
    assert (read["DTSTART"].dt, read["DTEND"].dt) == (start, end + timedelta(days=1))
    assert type(read["DTSTART"].dt) is date
    assert read["DTSTAMP"].dt == CHANGED


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_no_line_is_longer_than_75_octets_and_none_splits_a_character(value):
    event = ics.Event("u@h", date(2026, 1, 1), date(2026, 1, 1), value, CHANGED)
    written = ics.calendar(value, "en", [event])
    assert written.endswith(b"END:VCALENDAR\r\n")
    for line in written.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line and b"\r" not in line
        line.decode("utf-8")


def test_line_ends_and_marks_are_escaped_and_nothing_breaks_out_of_its_line():
    assert ics.text("a\r\nEND:VEVENT;,\\\x00") == "a\\nEND:VEVENT\\;\\,\\\\"
    calendar = icalendar.Calendar.from_ical(
        ics.calendar(
            "x\nBEGIN:VEVENT",
            "en",
            [ics.Event("u", date(2026, 1, 1), date(2026, 1, 1), "a\nEND:VEVENT", CHANGED)],
        )
    )
    assert [str(each["SUMMARY"]) for each in calendar.walk("VEVENT")] == ["a\nEND:VEVENT"]
