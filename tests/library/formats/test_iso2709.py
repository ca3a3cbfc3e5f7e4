"""ISO 2709: records come out byte for byte as they came; wrong lengths and encodings are found, and said where."""

from __future__ import annotations

import io
import json
import subprocess
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.formats import iso2709, marc8
from library.formats.errors import FileError
from library.formats.limits import Limits
from library.formats.marc import Field, link, partner
from tests.library.formats.marc_files import FOLDER, NAMES, iso, made, read_iso, records, texts
from tests.shared_data import shared

REFUSED = {"bad_utf_byte.utf8.marc"}


@pytest.mark.parametrize("name", NAMES)
def test_every_record_is_written_as_the_bytes_it_came_as(name: str) -> None:
    path = shared(f"{FOLDER}/{name}")
    found = read_iso(path)
    assert b"".join(one.raw for one in found) == path.read_bytes()
    assert [one.error is not None for one in found] == [name in REFUSED] * len(found)
    for one in found:
        assert one.record is None or iso2709.write(one.record) == one.raw


@pytest.mark.parametrize("name", [name for name in NAMES if name not in REFUSED])
def test_an_independent_reader_sees_the_same_fields(name: str) -> None:
    """yaz-marcdump (Index Data) reads each file, and what we write of it anew in UTF-8."""
    for one in read_iso(shared(f"{FOLDER}/{name}")):
        assert one.record is not None
        if one.notes:
            continue
        source = "utf-8" if iso2709.is_utf8(one.record) else "marc-8"
        theirs = dumped(one.raw, source)
        assert theirs == [(f.tag, f.data or [v for _c, v in f.subfields]) for f in normal(one.record.fields)]
        anew = iso2709.write(iso2709.bare(one.record), utf8=True)
        assert dumped(anew, "utf-8") == theirs


def normal(fields: tuple[Field, ...]) -> list[Field]:
    return [
        Field(f.tag, f.indicators, tuple((c, nfc(v)) for c, v in f.subfields), nfc(f.data)) for f in fields
    ]


def nfc(text: str) -> str:
    # yaz leaves character references as they are; we read them, as the specification of MARC-8 says.
    return unicodedata.normalize("NFC", text.replace("&#xFFFD;", "\ufffd"))


def dumped(raw: bytes, encoding: str) -> list[tuple[str, str | list[str]]]:
    command = ["yaz-marcdump", "-f", encoding, "-t", "utf-8", "-o", "json", "/dev/stdin"]
    try:
        out = subprocess.run(command, input=raw, capture_output=True, check=True, timeout=30).stdout
    except FileNotFoundError:
        pytest.skip("yaz-marcdump is not here; install yaz.")
    found: list[tuple[str, str | list[str]]] = []
    for field in json.loads(out)["fields"]:
        ((tag, content),) = field.items()
        if isinstance(content, str):
            found.append((tag, nfc(content)))
        else:
            found.append((tag, [nfc(value) for sub in content["subfields"] for value in sub.values()]))
    return found


@settings(max_examples=150, deadline=None)
@given(records, st.booleans())
def test_what_is_written_is_read_again(record, utf8: bool) -> None:  # type: ignore[no-untyped-def]
    (one,) = iso(iso2709.write(record, utf8=utf8))
    assert one.record is not None
    assert not one.notes
    assert list(one.record.fields) == (list(record.fields) if utf8 else normal(record.fields))
    assert iso2709.write(one.record) == one.raw


@settings(max_examples=200, deadline=None)
@given(texts)
def test_marc8_loses_no_character(text: str) -> None:
    assert marc8.decode(marc8.encode(text)) == nfc(text)


def test_marc8_writes_vietnamese_with_its_own_letters_and_marks() -> None:
    assert marc8.encode("Tiếng Việt ước mơ, Đường") == (
        b"Ti\xe3\xe2eng Vi\xf2\xe3et \xbd\xe2\xbcc m\xbc, \xa3\xbd\xe1\xbcng"
    )
    assert marc8.decode(marc8.encode("stays: &#x41;")) == "stays: &#x41;"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x1b(3\x47\x1b(B end", "\u0627" + " end"),  # Arabic by an escape of three bytes, and back
        (b"\x1b(2\x60\x61\x1b(B", "\u05d0\u05d1"),  # Hebrew
        (b"\x1b(N\x41\x1b(B", "\u0430"),  # Cyrillic
        (b"H\x1bb2\x1bsO", "H\u2082O"),  # a subscript, by an escape of two bytes
        (b"\x1b$1\x21\x30\x21\x1b(B", "\u4e00"),  # East Asian, three bytes to a character
    ],
)
def test_marc8_reads_the_sets_of_other_scripts(data: bytes, text: str) -> None:
    assert marc8.decode(data) == text


@pytest.mark.parametrize("data", [b"a\xe2", b"\xff", b"\x1b(?x", b"\x1b"])
def test_marc8_refuses_bytes_that_mean_nothing(data: bytes) -> None:
    with pytest.raises(marc8.Marc8Error):
        marc8.decode(data)


GOOD = iso2709.write(made(Field("001", data="one"), Field("245", "00", (("a", "Tiếng Việt"), ("c", "x")))))
NEXT = iso2709.write(made(Field("001", data="two"), Field("245", "00", (("a", "Next"),))))


@pytest.mark.parametrize("said", [b"00000", b"00030", b"09999", b"ABCDE"])
def test_a_wrong_length_of_the_record_is_put_right_by_its_end(said: bytes) -> None:
    first, second = iso(said + GOOD[5:] + NEXT)
    assert first.record is not None
    assert first.record.fields == iso(GOOD)[0].record.fields  # type: ignore[union-attr]
    assert [note.code for note in first.notes] == ["length-wrong"]
    assert second.raw == NEXT
    assert not second.notes


@pytest.mark.parametrize(
    ("at", "by"), [(27, b"0009"), (39, b"0001"), (43, b"00001"), (12, b"00001"), (27, b"xxxx")]
)
def test_a_wrong_directory_is_put_right_by_the_ends_of_the_fields(at: int, by: bytes) -> None:
    broken = GOOD[:at] + by + GOOD[at + len(by) :]
    first, second = iso(broken + NEXT)
    assert first.record is not None
    assert first.record.fields == iso(GOOD)[0].record.fields  # type: ignore[union-attr]
    assert [note.code for note in first.notes] == ["directory-wrong"]
    assert first.raw == broken
    assert second.record is not None


def test_a_byte_that_is_not_utf8_is_said_with_its_record_field_and_place_and_the_next_is_read() -> None:
    broken = GOOD.replace("ế".encode(), b"\xe1\xba?")
    first, second = iso(broken + NEXT)
    assert first.error is not None
    assert first.error.code == "marc-encoding"
    assert first.error.params["byte"] == broken.index(b"\xe1\xba?")
    assert first.error.place == "made.mrc, #1, 245 $a"
    assert "UTF-8" in first.error.message
    assert first.raw == broken
    assert second.record is not None


def test_a_leader_that_names_the_wrong_encoding_is_contradicted_by_the_text() -> None:
    (utf8,) = iso(GOOD[:9] + b" " + GOOD[10:])
    assert utf8.record is not None
    assert utf8.record.fields[1].first("a") == "Tiếng Việt"
    old = iso2709.write(made(Field("245", "00", (("a", "Tiếng Việt"),))), utf8=False)
    (marc_8,) = iso(old[:9] + b"a" + old[10:])
    assert marc_8.record is not None
    assert marc_8.record.fields[0].first("a") == "Tiếng Việt"
    for one in (utf8, marc_8):
        assert [note.code for note in one.notes] == ["leader-encoding"]
        assert one.record is not None
        kept = iso2709.write(one.record)
        assert (kept[:9], kept[10:]) == (one.raw[:9], one.raw[10:])


def test_two_encodings_in_one_record_refuse_it_and_name_the_field() -> None:
    mixed = made(
        Field("245", "00", raw=b"00\x1fa" + marc8.encode("Tiếng Việt")),
        Field("500", "  ", raw="  \x1faTruyện cổ của người Tày ở Cao Bằng".encode()),
    )
    (one,) = iso(iso2709.write(mixed, utf8=False))
    assert one.error is not None
    assert (one.error.code, one.error.field) == ("marc-mixed", "500")


def test_a_file_that_ends_within_a_record_loses_only_that_record() -> None:
    first, second = iso(NEXT + GOOD[:-12])
    assert first.record is not None
    assert second.error is not None
    assert second.error.code == "marc-truncated"


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty"), (b"\r\n ", "empty"), (b"<xml/>", "not-marc"), (b"PK\3\4" * 99, "not-marc")],
)
def test_what_is_no_marc_is_refused_as_a_whole(data: bytes, code: str) -> None:
    with pytest.raises(FileError) as caught:
        iso(data)
    assert caught.value.code == code
    assert caught.value.message


def test_an_endless_record_is_refused_in_bounded_memory_and_the_next_is_read() -> None:
    class Endless(io.RawIOBase):
        """Many times the limit, made while it is read."""

        def __init__(self) -> None:
            self.left = [GOOD[:-1], *[b"x" * 65536] * 500, b"\x1d" + NEXT]

        def read(self, size: int = -1) -> bytes:
            return self.left.pop(0) if self.left else b""

    found = list(iso2709.read(Endless(), Limits(record=10_000)))  # type: ignore[arg-type]
    assert [one.error.code if one.error else "" for one in found] == ["marc-too-long", ""]
    assert max(len(one.raw) for one in found) <= 10_001


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damage_anywhere_ends_in_a_message_and_loses_no_byte(data: st.DataObject) -> None:
    whole = bytearray(GOOD + NEXT)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(24, len(whole) - 1))
        whole[at] = data.draw(st.sampled_from([0, 0x1B, 0x1D, 0x1E, 0x1F, 0x20, 0x41, 0x80, 0xE2, 0xFF]))
    found = iso(bytes(whole))
    kept = b"".join(one.raw for one in found)
    assert kept.strip(b" \t\r\n\0\x1a") in bytes(whole) or len(kept) >= len(whole) - 20
    assert all(one.record or (one.error and str(one.error)) for one in found)


def test_fields_in_original_script_find_their_partners() -> None:
    (one,) = read_iso(shared(f"{FOLDER}/hebrew880s.marc"))
    assert one.record is not None
    (title,) = one.record.tagged("245")
    original = partner(one.record, title)
    assert original is not None
    assert link(original) == ("245", "02", "(2")
    assert original.first("a").startswith("אנרכיזם")
    assert partner(one.record, original) == title


def test_what_does_not_fit_iso2709_is_said_and_not_cut() -> None:
    for record, code in (
        (made(Field("520", subfields=(("a", "x" * 10_000),))), "marc-field-long"),
        (made(*[Field("520", subfields=(("a", "x" * 9000),))] * 12), "marc-record-long"),
        (made(Field("520", subfields=(("a", "a\x1eb"),))), "marc-character"),
    ):
        with pytest.raises(iso2709.RecordError) as caught:
            iso2709.write(record)
        assert caught.value.code == code
