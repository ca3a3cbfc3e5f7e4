"""Correcting pages and transcripts: by forms and by scripts, by those who may, and over nobody else's text."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pytest_django.fixtures import Settings

from access.domain import roles
from access.domain.viewer import anonymous
from access.models import Protocol, User
from library.domain import inside
from library.domain.correcting.cues import add_cue, cue_places, merge_cue, save_cue
from library.domain.correcting.lines import page_lines
from library.domain.correcting.places import ConflictError, CorrectionRefusedError, take_back
from library.interfaces.admin.correcting_transcripts import moment
from library.models import RecordFile
from library.templatetags.correct import moment as written_moment
from media_pipeline.domain import subtitles, texts, vtt
from media_pipeline.domain.corrections import Line, Spoken, lines_corrected
from media_pipeline.domain.subtitles import SubtitlesError, Timed
from media_pipeline.models import Asset, Correction
from search.domain.rebuild import rebuild
from tests.library import books
from tests.library.samples import READER, draft, person, published
from tests.library.test_files_admin import speaking

pytestmark = pytest.mark.django_db

LINES = [["first lnie", "second line"], ["other page"]]
CUES = [(0, 2000, "one"), (2000, 5000, "two"), (5000, 9000, "three")]
SCRIPT = {"x-part": "1"}


@pytest.fixture
def linguist(client: Client) -> User:
    user = speaking(person("linguist", roles.LINGUIST))
    client.force_login(user)
    return user


@pytest.fixture
def book() -> RecordFile:
    return books.book(published(), LINES, READER)


@pytest.fixture
def tape() -> RecordFile:
    return books.recording(published(kind="recording"), CUES, READER)


def page_at(file: RecordFile, number: int = 1) -> str:
    return reverse("library_admin:correct_page", args=[file.pk, number])


def transcript_at(file: RecordFile) -> str:
    return reverse("library_admin:correct_transcript", args=[file.pk])


def text(file: RecordFile, number: int = 1) -> list[str]:
    assert file.asset is not None
    shown = texts.page(file.asset, number)
    return [line.text for line in shown.lines] if shown else []


def said(file: RecordFile) -> list[tuple[int, int, str]]:
    assert file.asset is not None
    return [(cue.start, cue.end, cue.text) for cue in texts.cues(file.asset)]


def saving(file: RecordFile, at: int, new: str, **more: str) -> dict[str, str]:
    """What the form of a line sends."""
    line = page_lines(file, 1).lines[at]
    return {"action": "save", "place": line.place, "seen": line.text, "text": new, **more}


def cue_form(first: int, last: int, seen: str, new: str, **more: str) -> dict[str, str]:
    times = {"start": written_moment(first), "end": written_moment(last)}
    return {"action": "save", "place": f"{first}-{last}", "seen": seen, "text": new, **times, **more}


# --- pages -----------------------------------------------------------------------------------------------------------


def test_a_line_is_corrected_by_a_plain_form_which_then_stands_at_the_next_line(
    client: Client, linguist: User, book: RecordFile
) -> None:
    answer = client.post(page_at(book), saving(book, 0, " first \n line "), follow=True)
    shown = answer.content.decode()
    assert text(book) == ["first line", "second line"]
    assert "Saved: “first line”" in shown
    assert 'name="seen" value="second line"' in shown
    assert "linguist" in shown and "first lnie" in shown, "who corrected, and what the machine read"
    made = Correction.objects.get()
    assert (made.before, made.author) == ("first lnie", linguist)


def test_a_script_saves_a_line_without_a_new_page_and_hears_how_far_the_page_is(
    client: Client, linguist: User, book: RecordFile
) -> None:
    told = client.post(page_at(book), saving(book, 0, "first line"), headers=SCRIPT).json()
    assert told["counted"] == {"lines": 2, "corrected": 1, "unsure": 0}
    assert "is-corrected" in told["row"] and "first line" in told["row"]
    assert client.post(page_at(book), saving(book, 0, "  "), headers=SCRIPT).status_code == 400
    broken = {**saving(book, 0, "x"), "place": "1,2,3"}
    assert client.post(page_at(book), broken, headers=SCRIPT).status_code == 400
    assert text(book)[0] == "first line"


def test_nothing_to_read_takes_a_line_away_and_taking_back_brings_it_again(
    client: Client, linguist: User, book: RecordFile
) -> None:
    client.post(page_at(book), saving(book, 0, "", action="nothing"))
    assert text(book) == ["second line"]
    (gone, _second) = page_lines(book, 1).lines
    assert gone.gone and gone.machine == "first lnie"
    assert "first lnie" in client.get(page_at(book)).content.decode()
    asked = {
        "action": "take_back",
        "place": gone.place,
        "correction": str(gone.correction and gone.correction.pk),
    }
    assert client.post(page_at(book), asked, headers=SCRIPT).json()["place"] == gone.place
    assert text(book) == LINES[0]
    assert client.post(page_at(book), asked, headers=SCRIPT).status_code == 409, "it is taken back already"


def test_a_line_is_added_where_the_machine_saw_none_and_nowhere_else(
    client: Client, linguist: User, book: RecordFile
) -> None:
    def add(x: int, y: int, w: int, h: int, new: str = "third") -> int:
        asked = {"action": "add", "x": str(x), "y": str(y), "w": str(w), "h": str(h), "text": new}
        return client.post(page_at(book), asked, headers=SCRIPT).status_code

    assert add(0, 21, 100, 20) == 400, "there is a line"
    assert add(0, 1390, 100, 20) == 400, "outside of the page"
    assert add(0, 100, 0, 20) == 400
    assert add(0, 100, 90, 20, " ") == 400
    assert add(0, 100, 90, 20) == 200
    assert text(book) == ["first lnie", "second line", "third"]


def test_two_people_at_one_line_lose_nothing(client: Client, linguist: User, book: RecordFile) -> None:
    mine = saving(book, 0, "mine")
    other = Client()
    other.force_login(speaking(person("other", roles.LIBRARIAN)))
    other.post(page_at(book), saving(book, 0, "theirs"))
    answer = client.post(page_at(book), mine)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Meanwhile other wrote: “theirs”" in shown and ">mine</textarea>" in shown
    assert text(book)[0] == "theirs"
    told = client.post(page_at(book), mine, headers=SCRIPT)
    assert told.status_code == 409 and "theirs" in told.json()["row"]
    # Having seen it, the person may still say so; and two who write the same are of one mind.
    assert client.post(page_at(book), saving(book, 0, "mine"), headers=SCRIPT).status_code == 200
    assert client.post(page_at(book), mine, headers=SCRIPT).status_code == 200
    assert text(book)[0] == "mine"


def test_corrections_outlive_a_new_reading_and_search_finds_them_and_the_mistake_no_more(
    client: Client, linguist: User, book: RecordFile, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    rebuild()

    def found(query: str) -> int:
        books.indexed()
        return inside.search(book.record, query, anonymous()).total

    assert (found("lnie"), found("line")) == (1, 1)
    client.post(page_at(book), saving(book, 0, "first line"))
    assert (found("lnie"), found("line")) == (0, 2)
    assert book.asset is not None
    books.read(book.asset, [["frst lnie", "second line"], ["other page"]], READER)
    assert text(book) == ["first line", "second line"]
    assert (found("lnie"), found("frst"), found("line")) == (0, 0, 2)


def test_what_is_handed_out_says_what_people_wrote(client: Client, linguist: User, book: RecordFile) -> None:
    client.post(page_at(book), saving(book, 0, "first line"))
    client.logout()
    plain = client.get(reverse("record-file-text", args=[book.uuid, 1])).content.decode()
    assert plain == "first line\nsecond line\n"
    alto = etree.fromstring(client.get(reverse("record-file-alto", args=[book.uuid, 1])).content)
    words = [each.get("CONTENT") for each in alto.iter("{*}String")]
    assert words == ["first", "line", "second", "line"]
    assert len(list(alto.iter("{*}SP"))) == 2


def test_the_list_of_pages_says_how_far_each_and_the_whole_are(
    client: Client, linguist: User, book: RecordFile
) -> None:
    client.post(page_at(book), saving(book, 0, "first line"))
    shown = client.get(reverse("library_admin:correct", args=[book.pk])).content.decode()
    assert "1 of 2 pages have corrections, 1 lines in all." in shown
    assert "Go on with page 2" in shown
    assert client.get(page_at(book, 3)).status_code == 404


def test_words_of_which_the_machine_is_unsure_are_marked_until_a_person_looked(
    client: Client, linguist: User, book: RecordFile
) -> None:
    assert book.asset is not None
    row = book.asset.page_texts.get(page=1)
    row.lines[0][6][1][5] = 0.3
    row.save()
    assert "first <mark>lnie</mark>" in client.get(page_at(book)).content.decode()
    told = client.post(page_at(book), saving(book, 0, "first lnie"), headers=SCRIPT).json()
    assert "<mark>" not in told["row"] and told["counted"]["unsure"] == 0


def test_an_added_line_leaves_the_columns_of_a_page_as_they_were_read() -> None:
    def line(name: str, x: int, y: int) -> Line:
        return Line(name, name, x, y, 100, 20, ())

    left = [line("l1", 0, 0), line("l2", 0, 40)]
    right = [line("l3", 200, 0), line("l4", 200, 40)]
    added = Correction(pk=1, page=1, x=0, y=80, w=100, h=20, text="new")
    assert [each.text for each in lines_corrected([*left, *right], [added])] == [
        "l1",
        "l2",
        "new",
        "l3",
        "l4",
    ]


# --- rights ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [roles.LINGUIST, roles.REVIEWER, roles.LIBRARIAN, roles.ADMINISTRATOR])
def test_those_who_may_correct_are_led_there(client: Client, role: roles.Role, book: RecordFile) -> None:
    client.force_login(speaking(person("somebody", role)))
    assert client.get(page_at(book)).status_code == 200
    naan, _slash, name = book.record.ark.removeprefix("ark:").partition("/")
    reader = reverse("record-read", args=[naan, name])
    assert page_at(book) in client.get(reader).content.decode()
    client.logout()
    assert page_at(book) not in client.get(reader).content.decode()


def test_others_may_not_and_what_is_closed_to_somebody_cannot_be_corrected(
    client: Client, book: RecordFile, tape: RecordFile
) -> None:
    addresses = [page_at(book), transcript_at(tape), reverse("library_admin:correct", args=[book.pk])]
    addresses += [reverse(f"library_admin:correct_{name}", args=[tape.pk]) for name in ("bring", "vtt")]
    closed = RecordFile.objects.filter(pk__in=[book.pk, tape.pk])
    for role in (roles.CONTRIBUTOR, roles.STEWARD):
        client.force_login(speaking(person(role.key, role)))
        for address in addresses:
            assert client.post(address).status_code in {302, 403, 405}
            assert client.get(address).status_code in {302, 403, 405}
    client.force_login(person("linguist", roles.LINGUIST))
    closed.update(protocol=Protocol.objects.create(name="Nobody", level=Protocol.Level.RESTRICTED))
    for address in addresses:
        assert client.post(address).status_code in {404, 405}
        assert client.get(address).status_code in {404, 405}
    assert not Correction.objects.exists()


def test_a_draft_is_corrected_and_its_picture_is_there_for_who_corrects(
    client: Client, linguist: User
) -> None:
    from tests.library.houses_of_files import scan

    file = scan(draft())
    assert client.get(page_at(file)).status_code == 200
    assert client.get(reverse("record-file-page", args=[file.uuid, 1])).status_code == 200
    assert client.get(reverse("record-file-original", args=[file.uuid, file.name])).status_code in {200, 403}
    client.logout()
    assert client.get(reverse("record-file-page", args=[file.uuid, 1])).status_code == 404


def test_files_in_work_and_the_files_of_a_record_lead_to_the_editor(client: Client, book: RecordFile) -> None:
    client.force_login(speaking(person("librarian", roles.LIBRARIAN)))
    address = reverse("library_admin:correct", args=[book.pk])
    assert address in client.get(reverse("media_pipeline:files")).content.decode()
    assert address in client.get(reverse("library_admin:files", args=[book.record_id])).content.decode()


# --- transcripts -----------------------------------------------------------------------------------------------------


def test_a_cue_is_corrected_with_its_times_and_speaker(
    client: Client, linguist: User, tape: RecordFile
) -> None:
    asked = cue_form(2000, 5000, "two", "two!", speaker="A singer", end="0:04.5")
    client.post(transcript_at(tape), asked)
    assert said(tape) == [(0, 2000, "one"), (2000, 4500, "two!"), (5000, 9000, "three")]
    shown = client.get(reverse("library_admin:correct_vtt", args=[tape.pk])).content.decode()
    assert "00:00:02.000 --> 00:00:04.500\n<v A singer>two!" in shown
    assert shown == client.get(reverse("record-file-subtitles", args=[tape.uuid])).content.decode()


def test_a_cue_that_is_moved_far_leaves_nothing_of_the_machine_behind(
    client: Client, linguist: User, tape: RecordFile
) -> None:
    client.post(transcript_at(tape), cue_form(5000, 9000, "three", "late", start="20", end="25"))
    assert said(tape) == [(0, 2000, "one"), (2000, 5000, "two"), (20000, 25000, "late")]


def test_times_that_swallow_another_cue_are_refused_and_nothing_is_changed(
    client: Client, linguist: User, tape: RecordFile
) -> None:
    before = said(tape)
    for start, end in (("0", "4.9"), ("0:05", "0:04"), ("a", "5"), ("0", "99999:00")):
        asked = cue_form(0, 2000, "one", "ONE", start=start, end=end)
        assert client.post(transcript_at(tape), asked, headers=SCRIPT).status_code == 400
    assert said(tape) == before and not Correction.objects.exists()


def test_cues_are_split_joined_added_taken_away_and_brought_back(
    client: Client, linguist: User, tape: RecordFile
) -> None:
    def do(action: str, place: str, **more: str) -> int:
        return client.post(
            transcript_at(tape), {"action": action, "place": place, **more}, headers=SCRIPT
        ).status_code

    cut = {"seen": "three", "text": "thr", "rest": "ee"}
    assert do("split", "5000-9000", moment="9.5", **cut) == 400
    assert do("split", "5000-9000", moment="6", **cut) == 200
    assert do("split", "6000-9000", moment="8", seen="ee", text="e", rest="e") == 200
    assert [each for *_times, each in said(tape)] == ["one", "two", "thr", "e", "e"]
    assert do("merge", "0-2000", seen="one", text="one,") == 200
    assert said(tape)[0] == (0, 5000, "one, two")
    assert do("merge", "8000-9000", seen="e", text="e") == 400, "there is no next"
    assert do("add", "", start="0:10", end="0:11", text="four", speaker="") == 200
    assert do("delete", "6000-8000", seen="e") == 200
    assert said(tape)[1:] == [(5000, 6000, "thr"), (8000, 9000, "e"), (10000, 11000, "four")]
    for made in Correction.objects.all():
        take_back(tape, made.pk)
    assert said(tape) == list(CUES)


def test_people_who_speak_at_the_same_time_keep_their_own_cues(tape: RecordFile) -> None:
    add_cue(tape, Timed(10000, 12000, "she", "A"), None)
    add_cue(tape, Timed(10000, 12100, "he", "B"), None)
    save_cue(tape, (10000, 12100), "he", Timed(10000, 12100, "he!", "B"), None)
    assert said(tape)[3:] == [(10000, 12000, "she"), (10000, 12100, "he!")]


def test_two_people_at_one_cue_lose_nothing(client: Client, linguist: User, tape: RecordFile) -> None:
    client.post(transcript_at(tape), cue_form(0, 2000, "one", "theirs"))
    answer = client.post(transcript_at(tape), cue_form(0, 2000, "one", "mine"))
    assert answer.status_code == 409
    assert "wrote: “theirs”" in answer.content.decode() and ">mine</textarea>" in answer.content.decode()
    told = client.post(transcript_at(tape), cue_form(0, 2000, "one", "mine"), headers=SCRIPT)
    assert told.status_code == 409 and "theirs" in told.json()["list"]
    with pytest.raises(ConflictError):
        merge_cue(tape, (2000, 4000), "two", "two", None)
    assert said(tape)[0] == (0, 2000, "theirs")


# --- files of subtitles ----------------------------------------------------------------------------------------------

VTT = (
    b"WEBVTT\n\nNOTE nothing\n\n1\n00:01.000 --> 00:02.500 align:start\n<v A>a &amp; b</v>\n\n"
    b"00:03.000 --> 00:04.000\n<i>c</i>\nd\n"
)
SRT = "\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>a</i>\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nc\r\nd\r\n"


def bring(client: Client, file: RecordFile, data: bytes, **more: str) -> str:
    sent = {"file": SimpleUploadedFile("words.vtt", data), **more}
    answer = client.post(reverse("library_admin:correct_bring", args=[file.pk]), sent, follow=True)
    return answer.content.decode()


def test_a_recording_that_no_machine_heard_is_transcribed_from_a_file(client: Client, linguist: User) -> None:
    file = books.attached(
        published(kind="recording"), books.asset_of("silent", Asset.Kind.AUDIO, duration=60)
    )
    assert "There is no transcript yet" in client.get(transcript_at(file)).content.decode()
    assert "The transcript has 2 cues now." in bring(client, file, VTT)
    assert said(file) == [(1000, 2500, "a & b"), (3000, 4000, "c\nd")]
    (first, _second) = cue_places(file)
    assert (first.speaker, first.correction and first.correction.author) == ("A", linguist)


def test_a_file_takes_the_place_of_what_the_machine_heard_also_when_it_hears_anew(
    client: Client, linguist: User, tape: RecordFile
) -> None:
    bring(client, tape, SRT.encode())
    assert said(tape) == [(1000, 2500, "a"), (3000, 4000, "c\nd")]
    assert tape.asset is not None
    tape.asset.cues.filter(number=2).update(start=3000, end=4000)
    assert said(tape) == [(1000, 2500, "a"), (3000, 4000, "c\nd")]


def test_what_people_wrote_goes_only_when_that_is_said(
    client: Client, linguist: User, tape: RecordFile
) -> None:
    client.post(transcript_at(tape), cue_form(0, 2000, "one", "ours"))
    assert "People wrote 1 cues here" in bring(client, tape, VTT)
    assert said(tape)[0] == (0, 2000, "ours")
    bring(client, tape, VTT, over="1")
    assert [each for *_times, each in said(tape)] == ["a & b", "c\nd"]


def test_a_broken_file_changes_nothing_and_its_line_is_said(
    client: Client, linguist: User, tape: RecordFile
) -> None:
    shown = bring(client, tape, b"WEBVTT\n\n00:01.000 --> 00:02.000\nfine\n\n00:05.000 -> 00:06.000\nnot\n")
    assert "Nothing was changed. Line 7: two times with --&gt; between are needed here." in shown
    assert (
        "Choose a file first."
        in client.post(reverse("library_admin:correct_bring", args=[tape.pk])).content.decode()
    )
    long = bring(
        client, books.attached(tape.record, books.asset_of("short", Asset.Kind.AUDIO, duration=1)), VTT
    )
    assert "The recording is not that long." in long
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"WEBVTT\nno empty line\n\n00:01.000 --> 00:02.000\na\n", "Line 2:"),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\na\n", "Line 3:"),
        (b"WEBVTT\n\n00:61.000 --> 01:02.000\na\n", "Line 3:"),
        (b"WEBVTT\n\n00:02.000 --> 00:03.000\na\n\n00:01.000 --> 00:04.000\nb\n", "Line 6:"),
        (b"WEBVTT\n\n00:02.000 --> 00:03.000\na\n00:03.000 --> 00:04.000\nb\n", "Line 5:"),
        (b"WEBVTT\n\n00:02.000 --> 00:03.000\n\n", "Line 3:"),
        (b"WEBVTT\n\n00:02.000 --> 00:03.000\n1 < 2\n", "Line 4:"),
        (b"WEBVTT\n\n00:02.000 --> 00:03.000\n<v A>a\n<v B>b\n", "Line 4:"),
        (b"WEBVTT\n\n00:02.000 --> 00:03.000\n\xe1\xbb\n", "Line 4:"),
        (b"WEBVTT\n\n00:02.000 --> 00:03.000\na\x00b\n", "Line 4:"),
        (b"1\n00:00:02,000 --> 00:00:03\na\n", "Line 2:"),
        (b"x\n00:00:02,000 --> 00:00:03,000\na\n", "Line 1:"),
        (b"1\n00:00:02,000 --> 00:00:03,000 nonsense\na\n", "Line 2:"),
        (b"\xff\xfe1\x00", "UTF-16"),
        (b"WEBVTT\n", "no cues"),
        (b"some text", "neither"),
        (b"", "neither"),
    ],
)
def test_what_is_no_good_subtitle_file_is_refused_with_its_line(data: bytes, line: str) -> None:
    with override("en"), pytest.raises(SubtitlesError, match=line):
        subtitles.read(data, 10_000, 100)


def test_files_have_limits() -> None:
    with override("en"), pytest.raises(SubtitlesError, match="at most 10"):
        subtitles.read(VTT, 10, 100)
    with override("en"), pytest.raises(SubtitlesError, match="more than 1 cues"):
        subtitles.read(VTT, 10_000, 1)


words = st.text(st.sampled_from("ab<>&- ;ợ\n"), min_size=1, max_size=20).filter(str.strip)
spans = st.tuples(st.integers(0, 10**7), st.integers(1, 10**5))


@given(st.lists(st.tuples(spans, words, st.sampled_from(["", "A & <B>"])), min_size=1, max_size=5))
def test_what_we_write_as_webvtt_is_read_as_the_same(made: list[tuple[tuple[int, int], str, str]]) -> None:
    cues = [Timed(start, start + length, text, who) for (start, length), text, who in made]
    cues.sort(key=_tuple)
    found = subtitles.read(vtt.written(Spoken("", *_tuple(cue)) for cue in cues).encode(), 10**6, 100)
    assert [(each.start, each.end, each.text.split(), each.speaker) for each in found] == [
        (cue.start, cue.end, cue.text.split(), cue.speaker) for cue in cues
    ]


def _tuple(cue: Timed) -> tuple[int, int, str, str]:
    return cue.start, cue.end, cue.text, cue.speaker


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for head in (b"", b"WEBVTT\n\n", b"1\n00:00:01,000 --> "):
        try:
            subtitles.read(head + data, 10_000, 100)
        except SubtitlesError:
            continue


@given(st.integers(0, subtitles.LATEST))
def test_moments_are_read_as_they_are_written(milliseconds: int) -> None:
    assert moment(written_moment(milliseconds)) == milliseconds


def test_a_moment_that_is_none_is_refused() -> None:
    for wrong in ("", "1:2:3:4", "1.2345", "-1", "one"):
        with pytest.raises(CorrectionRefusedError):
            moment(wrong)
