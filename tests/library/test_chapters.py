"""Chapters are read as they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.domain.chapters import MOST, ChapterError, parse, written
from library.record_files import validate_chapters

titles = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@given(st.dictionaries(st.integers(0, 360_000_000), titles, max_size=20))
def test_what_is_written_is_read_as_it_was(found: dict[int, str]) -> None:
    chapters = [
        {"start": start // 1000 if start % 1000 == 0 else start / 1000, "title": title}
        for start, title in sorted(found.items())
    ]
    assert parse(written(chapters)) == chapters
    validate_chapters(parse(written(chapters)))


@given(st.text(max_size=60))
def test_whatever_is_typed_gives_chapters_or_says_which_line_is_none(text: str) -> None:
    try:
        validate_chapters(parse(text))
    except ChapterError as error:
        assert 1 <= error.line <= len(text.splitlines())


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("the drums", 1, "form"),
        ("00:00 a\n\n12 b", 3, "form"),
        ("00:60 a", 1, "form"),
        ("1:60:00 a", 1, "form"),
        ("00:10 a\n00:10 b", 2, "order"),
        ("\n".join(f"{n // 60:02}:{n % 60:02} x" for n in range(MOST + 1)), MOST + 1, "many"),
    ],
)
def test_a_line_that_is_no_chapter_is_named(text: str, line: int, code: str) -> None:
    with pytest.raises(ChapterError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.code) == (line, code)


def test_minutes_may_go_beyond_the_hour() -> None:
    assert parse("90:05 late")[0]["start"] == 5405
