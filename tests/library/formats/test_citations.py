"""A record in the formats of others: each is read by a program that is not ours, or held to its rules."""

from __future__ import annotations

import re
from datetime import date

import pytest
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st

from library.domain.kinds import kinds
from library.formats.bibtex import bibtex
from library.formats.csl import csl
from library.formats.ris import ris
from library.formats.schema_org import Media, duration, schema_org
from library.formats.work import Name, Words, Work, date_parts

SEEN = date(2026, 2, 3)
NAMES = "Nguyễn Thị Một"


def work(type_: str = "Book", **values: object) -> Work:
    given = {
        "title": Words("Sách của làng", "vi"),
        "creators": (Name(NAMES, "aut"),),
        "dates": ("1998-07-02",),
        "publishers": ("Một Nhà",),
        **values,
    }
    return Work("ark:99999/n1abc", "https://example.org/records/ark:99999/n1abc/", type_, "Sách", **given)


def bibliography(item: dict[str, object]) -> str:
    """What citeproc-py makes of it in the one style that it brings along."""
    source = CiteProcJSON([item])
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    made = CitationStylesBibliography(style, source, formatter.plain)
    made.register(Citation([CitationItem(str(item["id"]).lower())]))
    (line,) = made.bibliography()
    return str(line)


@pytest.mark.parametrize("type_", sorted({kind.schema_org for kind in kinds().values()}))
def test_citeproc_cites_every_kind_with_the_name_as_it_is_written(type_: str) -> None:
    line = bibliography(csl(work(type_), SEEN))
    assert NAMES in line and "1998" in line and "Sách của làng" in line


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1998", ([[1998]], False)),
        ("1998-07", ([[1998, 7]], False)),
        ("1998~", ([[1998]], True)),
        ("1998/2001-02", ([[1998], [2001, 2]], False)),
        ("1998-02-30", None),
        ("1998/..", None),
        ("199X", None),
        ("1998-21", None),
        ("[1998,2001]", None),
        ("", None),
    ],
)
def test_dates_have_parts_where_they_can_be_said_so(text: str, parts: object) -> None:
    assert date_parts([text]) == parts
    issued = csl(work(dates=(text,) if text else ()), SEEN).get("issued")
    assert issued is None if not text else ("literal" in issued) is (parts is None)


def test_people_stand_under_what_they_did() -> None:
    item = csl(work(contributors=(Name("Dịch Giả", "trl"), Name("Biên Tập", "edt"))), SEEN)
    assert item["translator"] == [{"literal": "Dịch Giả"}] and item["editor"] == [{"literal": "Biên Tập"}]
    assert item["author"] == [{"literal": NAMES}]
    made = bibtex(work(contributors=(Name("Dịch Giả", "trl"),)), SEEN)
    assert "author = {{Nguyễn Thị Một}}" in made and "translator = {{Dịch Giả}}" in made


def test_an_isbn_is_known_among_the_identifiers() -> None:
    found = work(identifiers=("call no. 12", "ISBN 978-604-0-12345-6", "0306406152"))
    assert found.isbns() == ("978-604-0-12345-6", "0306406152")
    assert "SN  - 978-604-0-12345-6\r\n" in ris(found, SEEN)


@given(st.text(), st.text(), st.lists(st.text(), max_size=3).map(tuple))
def test_whatever_a_record_holds_ris_keeps_its_lines_and_bibtex_its_braces(
    title: str, name: str, more: tuple[str, ...]
) -> None:
    found = work(title=Words(title), creators=(Name(name),), publishers=more, subjects=more, identifiers=more)
    text = ris(found, SEEN)
    assert text.startswith("TY  - BOOK\r\n") and text.endswith("ER  - \r\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in text.split("\r\n")[:-1])
    made = re.sub(r"\\[\\{}$&#%_]|\\text\w+\{\}|\\~\{\}|\\\^\{\}", "", bibtex(found, SEEN))
    assert made.count("{") == made.count("}")


def test_a_film_says_how_long_it_is_and_what_is_said_in_it() -> None:
    media = Media(
        "VideoObject", "film.mp4", "https://e.org/m.m3u8", "application/vnd.apple.mpegurl", "2026-01-02",
        duration=3725.4, subtitles="https://e.org/s.vtt", transcript="Một hai",
    )  # fmt: skip
    data = schema_org(work("Movie", creators=(Name("Đạo Diễn", "drt"),)), [media])
    assert data["director"] == {"@type": "Person", "name": "Đạo Diễn"}
    found = data["associatedMedia"]
    assert found["duration"] == "PT1H2M5S" and found["transcript"] == "Một hai"
    assert found["caption"]["contentUrl"].endswith(".vtt")
    assert duration(59.6) == "PT1M0S"


def test_a_record_that_is_a_recording_says_of_itself_what_its_file_says() -> None:
    media = Media("AudioObject", "a.wav", "https://e.org/a.m4a", "audio/mp4", "2026-01-02", duration=2)
    data = schema_org(work("AudioObject"), [media])
    assert data["contentUrl"] == "https://e.org/a.m4a" and data["duration"] == "PT2S"


def test_each_time_of_a_festival_is_an_event() -> None:
    data = schema_org(work("Event", dates=("2024-02-17/2024-02-18", "2025-02-05"), places=("Bản",)))
    assert [(each["startDate"], each["endDate"]) for each in data["subEvent"]] == [
        ("2024-02-17", "2024-02-18"),
        ("2025-02-05", "2025-02-05"),
    ]
    assert "creator" not in data and data["location"]["name"] == "Bản"
    assert schema_org(work("Event"))["startDate"] == "1998-07-02"
