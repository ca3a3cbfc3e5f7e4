"""Real files, damaged at random: always either entries that may be stored, or an error that says where. Never more."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dictionary.domain.validation import validate
from dictionary.formats.errors import FileError
from dictionary.formats.limits import Limits
from dictionary.formats.opening import opened
from tests.shared_data import shared

LIFTS = [
    "lift-sil/flex/AllFLExFields/AllFLExFields.lift",
    "lift-sil/spec-examples/0.13/fields any order.lift",
    "lift-sil/spec-examples/0.13/hugal-mdf.lift",
    "lift-sil/misc/sample.lift",
]
TABLES = ["gold-words/hnj.csv", "gold-words/mtq.csv"]
HOSTILE = [b"<", b">", b"&", b'"', b"\0", b"\xff", b"]]>", b"<!--", b"<![CDATA[", b"<?", b"</lift>", b"<entry>", b"\r",
           b",", b"\xef\xbb\xbf", b"<!DOCTYPE x>", b"&x;", b"\n\n"]  # fmt: skip


@st.composite
def damage(draw: st.DrawFn) -> list[tuple[str, float, bytes]]:
    """Some operations, each at a relative place of the file."""
    kinds = st.sampled_from(["cut", "flip", "insert", "remove", "repeat"])
    return draw(st.lists(st.tuples(kinds, st.floats(0, 1), st.sampled_from(HOSTILE)), min_size=1, max_size=4))


def damaged(data: bytes, operations: list[tuple[str, float, bytes]]) -> bytes:
    for kind, place, piece in operations:
        at = int(place * len(data))
        if kind == "cut":
            data = data[:at]
        elif kind == "flip" and at < len(data):
            data = data[:at] + bytes([data[at] ^ (1 << len(piece) % 8)]) + data[at + 1 :]
        elif kind == "insert":
            data = data[:at] + piece + data[at:]
        elif kind == "remove":
            data = data[:at] + data[at + 17 :]
        elif kind == "repeat":
            data = data[:at] + data[max(at - 200, 0) : at] + data[at:]
    return data


def assert_clean(kind: str, data: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        try:
            with opened(kind, path, Limits(), orthography="zxx") as file:
                items = list(file.items())
                assert file.count() >= 0
        except FileError as error:
            assert error.message
            return
    for item in items:
        if item.error:
            assert item.error.message
        else:
            problems = [problem for problem in validate(item.content) if problem.code != "no-headword"]
            assert not problems or item.draft


QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("name", LIFTS)
@QUIET
@given(operations=damage())
def test_a_damaged_lift_file_is_read_or_refused(
    name: str, operations: list[tuple[str, float, bytes]]
) -> None:
    assert_clean("lift", damaged(shared(name).read_bytes(), operations))


@pytest.mark.parametrize("name", TABLES)
@QUIET
@given(operations=damage())
def test_a_damaged_table_is_read_or_refused(name: str, operations: list[tuple[str, float, bytes]]) -> None:
    assert_clean("csv", damaged(shared(name).read_bytes(), operations))


@QUIET
@given(operations=damage())
def test_a_damaged_archive_is_read_or_refused(operations: list[tuple[str, float, bytes]]) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(shared(LIFTS[2]), "words.lift")
        archive.writestr("audio/a.mp3", b"x" * 100)
    assert_clean("lift", damaged(made.getvalue(), operations))


@QUIET
@given(operations=damage())
def test_a_damaged_data_set_is_read_or_refused(operations: list[tuple[str, float, bytes]]) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in ("cldf-metadata.json", "languages.csv", "sources.bib"):
            data = shared(f"lexibank-duonglachi/{name}").read_bytes()
            archive.writestr(name, damaged(data, operations))
        archive.writestr(
            "forms.csv", shared("lexibank-duonglachi/forms.csv").read_bytes()[:2000].rpartition(b"\n")[0]
        )
        archive.write(shared("lexibank-duonglachi/parameters.csv"), "parameters.csv")
    assert_clean("cldf", made.getvalue())


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["form", "orthography", "gloss_en"])
    for number in range(20):
        sheet.append([f"a{number}", "zxx", number])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WORKBOOK = workbook()


@QUIET
@given(operations=damage())
def test_a_damaged_workbook_is_read_or_refused(operations: list[tuple[str, float, bytes]]) -> None:
    assert_clean("xlsx", damaged(WORKBOOK, operations))


@pytest.mark.parametrize(
    "member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "[Content_Types].xml"]
)
@settings(max_examples=25, deadline=None)
@given(operations=damage())
def test_a_workbook_with_a_damaged_part_is_read_or_refused(
    member: str, operations: list[tuple[str, float, bytes]]
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as old, zipfile.ZipFile(made, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, damaged(data, operations) if info.filename == member else data)
    assert_clean("xlsx", made.getvalue())
