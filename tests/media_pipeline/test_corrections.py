"""What people correct holds its place, whatever the machine reads there next time."""

from __future__ import annotations

import io

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from access.models import User
from media_pipeline.domain import assets, blobs, changes, corrections, texts, vtt
from media_pipeline.domain.commit import commit
from media_pipeline.domain.corrections import Line, Spoken, Word, cues_corrected, lines_corrected
from media_pipeline.domain.work import HeardCue, Result
from media_pipeline.models import Asset, Correction, Cue, PageText
from tests.media_pipeline.files import picture


def line(number: int, text: str, y: int, x: int = 0, w: int = 400, h: int = 40) -> Line:
    words = tuple(Word(word, x + 50 * at, y, 45, h, 0.8) for at, word in enumerate(text.split()))
    return Line(f"l{number}", text, x, y, w, h, words)


def correction(text: str, y: int, x: int = 0, w: int = 400, h: int = 40) -> Correction:
    return Correction(pk=7, page=1, x=x, y=y, w=w, h=h, text=text)


def test_a_corrected_line_keeps_its_id_its_place_and_the_boxes_of_its_words() -> None:
    one, two = lines_corrected(
        [line(1, "helo world", 0), line(2, "below", 60)], [correction("hello world", 0)]
    )
    assert (one.id, one.text, one.corrected) == ("l1", "hello world", True)
    assert [(word.text, word.x) for word in one.words] == [("hello", 0), ("world", 50)]
    assert two == line(2, "below", 60)


def test_where_a_person_wrote_more_words_than_the_machine_each_has_its_share_of_the_line() -> None:
    (one,) = lines_corrected([line(1, "ab", 0)], [correction("a b c", 0)])
    assert [word.text for word in one.words] == ["a", "b", "c"]
    assert one.words[-1].x + one.words[-1].w <= 400
    assert [word.x for word in one.words] == sorted(word.x for word in one.words)


def test_a_line_that_the_machine_now_cuts_in_two_is_still_the_one_that_was_corrected() -> None:
    halves = [line(1, "one", 2, w=190), line(2, "two", 1, x=200, w=190), line(3, "next", 60)]
    found = lines_corrected(halves, [correction("one two", 0)])
    assert [each.text for each in found] == ["one two", "next"]


def test_a_correction_where_the_machine_now_reads_nothing_stands_in_its_place_on_the_page() -> None:
    found = lines_corrected([line(1, "top", 0), line(2, "bottom", 200)], [correction("middle", 100)])
    assert [each.text for each in found] == ["top", "middle", "bottom"]


def test_an_empty_correction_takes_a_line_away() -> None:
    assert lines_corrected([line(1, "dirt", 0), line(2, "text", 60)], [correction("", 0)]) == [
        line(2, "text", 60)
    ]


def test_a_cue_is_corrected_by_its_time() -> None:
    cues = [Spoken("u1", 0, 2000, "helo"), Spoken("u2", 2000, 4000, "there")]
    fixed = Correction(pk=1, start=100, end=2050, text="hello", speaker="A")
    one, two = cues_corrected(cues, [fixed])
    assert (one.text, one.speaker, one.corrected) == ("hello", "A", True)
    assert two == cues[1]


boxes = st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(1, 300), st.integers(1, 80))


@given(machine=st.lists(boxes, max_size=8), fixed=st.lists(boxes, max_size=4))
def test_no_correction_is_ever_lost_and_no_other_line_is_changed(
    machine: list[tuple[int, int, int, int]], fixed: list[tuple[int, int, int, int]]
) -> None:
    lines = [Line(f"l{at}", f"read {at}", *box, ()) for at, box in enumerate(machine)]
    made = [
        Correction(pk=at, page=1, x=x, y=y, w=w, h=h, text=f"written {at}")
        for at, (x, y, w, h) in enumerate(fixed)
    ]
    found = lines_corrected(lines, made)
    assert sorted(each.text for each in found if each.corrected) == sorted(each.text for each in made)
    assert {each for each in found if not each.corrected} <= set(lines)
    assert lines_corrected(lines, []) == lines


@given(
    st.lists(st.tuples(st.integers(0, 10_000_000), st.integers(0, 10_000), st.text(max_size=40)), max_size=5)
)
def test_subtitles_never_hold_a_line_that_would_end_a_cue_or_begin_another(
    pieces: list[tuple[int, int, str]],
) -> None:
    cues = [Spoken(f"u{at}", start, start + length, text) for at, (start, length, text) in enumerate(pieces)]
    written = vtt.written(cues)
    assert written.startswith("WEBVTT\n")
    assert written.count(" --> ") == len(cues)
    assert "<" not in written


@pytest.fixture
def asset() -> Asset:
    return assets.ensure(blobs.store_original(io.BytesIO(picture())), ["en"])


def read(asset: Asset, *lines: tuple[str, int]) -> None:
    """As the machine does: all that was read before goes."""
    PageText.objects.filter(asset=asset).delete()
    rows = [
        [f"l{n}", text, 0, y, 400, 40, [[text, 0, y, 400, 40, 0.9]]] for n, (text, y) in enumerate(lines, 1)
    ]
    PageText.objects.create(
        asset=asset, page=1, language="en", width=500, height=500, lines=rows, machine="m 1"
    )


@pytest.mark.django_db
def test_corrections_outlive_a_new_reading_and_the_last_one_of_a_place_counts(asset: Asset) -> None:
    author = User.objects.create_user("reader")
    read(asset, ("helo", 0), ("world", 60))
    corrections.correct_line(asset, 1, (0, 0, 400, 40), "hullo", author, before="helo")
    corrections.correct_line(asset, 1, (0, 1, 398, 40), " hello \n there ", author)
    assert [row.text for row in Correction.objects.all()] == ["hello there"]
    assert Correction.objects.get().before == "helo"
    read(asset, ("new above", -60), ("hxlo", 3), ("world", 61))
    (page,) = texts.pages(asset)
    assert page.text == "new above\nhello there\nworld"
    corrections.take_back(Correction.objects.get())
    (page,) = texts.pages(asset)
    assert page.text == "new above\nhxlo\nworld"


@pytest.mark.django_db
def test_a_page_that_no_machine_could_read_can_be_written_by_hand(asset: Asset) -> None:
    corrections.correct_line(asset, 3, (0, 0, 100, 20), "by hand", None)
    (page,) = texts.pages(asset)
    assert (page.number, page.text, page.language) == (3, "by hand", "en")


@pytest.mark.django_db
def test_subtitles_are_those_that_people_corrected_and_who_listens_hears_of_it(asset: Asset) -> None:
    Cue.objects.create(asset=asset, number=1, start=0, end=1500, text="a <b> & c", language="en")
    Cue.objects.create(asset=asset, number=2, start=1500, end=61_000, text="wrong", language="en")
    heard: list[Asset] = []
    changes.register(heard.append)
    try:
        corrections.correct_cue(asset, 1500, 61_000, "right", None, speaker="An")
    finally:
        changes.unregister(heard.append)
    assert heard == [asset]
    assert texts.subtitles(asset) == (
        "WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.500\na &lt;b&gt; &amp; c\n\n"
        "2\n00:00:01.500 --> 00:01:01.000\n<v An>right\n"
    )
    assert len(list(texts.cues(asset))) == 2


@pytest.mark.django_db
def test_a_transcript_made_before_a_kill_becomes_cues_when_its_rows_are_written(asset: Asset) -> None:
    step = asset.steps.create(name="speech", key="0" * 64)
    result = Result(cues=[HeardCue(0, 900, "one", "en", "m 1"), HeardCue(900, 1200, "two", "en", "m 1")])
    with transaction.atomic():
        commit(step, Result.from_json(result.to_json()))
    assert [(cue.id, cue.text) for cue in texts.cues(asset)] == [("u1", "one"), ("u2", "two")]
    assert step.state == "done"
