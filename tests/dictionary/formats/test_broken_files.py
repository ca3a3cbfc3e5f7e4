"""Files that are broken, hostile or not what they say get a clear error with its place, and nothing else."""

from __future__ import annotations

import re
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from dictionary.formats.errors import MESSAGES, FileError, FormatError
from dictionary.formats.items import Item
from dictionary.formats.limits import Limits
from dictionary.formats.mapping import load
from dictionary.formats.opening import opened
from dictionary.formats.xml import parse, secure_parser

BROKEN = Path(__file__).resolve().parents[2] / "data" / "broken"
EXPECTED = tomllib.loads((BROKEN / "expected.toml").read_text(encoding="utf-8"))
PLAIN_TABLE = "form,gloss_en\nabc,x\n"


def read(path: Path, **options: Any) -> list[Item]:
    kind = path.suffix.removeprefix(".")
    with opened("cldf" if kind == "zip" else kind, path, Limits(), **options) as file:
        return list(file.items())


def read_with_mapping(path: Path, folder: Path) -> list[Item]:
    table = folder / "table.csv"
    table.write_text(PLAIN_TABLE)
    return read(table, mapping=load(path.read_text(), path.name), orthography="zxx")


def assert_says_clearly(error: FormatError) -> None:
    """The message is whole in both languages: every value finds its place, and the place is named."""
    for language in ("vi", "en"):
        with translation.override(language):
            assert error.message
            assert "%(" not in error.message
            assert error.file in str(error)


def test_every_broken_file_is_expected() -> None:
    assert {path.name for path in BROKEN.iterdir()} - {"expected.toml"} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_file_says_what_is_wrong_and_where(name: str, tmp_path: Path) -> None:
    path, expected = BROKEN / name, EXPECTED[name]
    is_mapping = path.suffix in (".toml", ".json")
    if "rows" in expected:
        items = read(path)
        refused = [item for item in items if item.error]
        assert [item.line for item in refused] == expected["rows"]
        for item in refused:
            assert item.error is not None
            assert (item.error.code, item.error.line, item.error.file) == (expected["code"], item.line, name)
            assert_says_clearly(item.error)
        return
    with pytest.raises(FileError) as caught:
        read_with_mapping(path, tmp_path) if is_mapping else read(path)
    assert (caught.value.code, caught.value.line) == (expected["code"], expected.get("line", 0))
    assert_says_clearly(caught.value)


def test_duplicate_guids_name_all_their_lines() -> None:
    errors = [item.error for item in read(BROKEN / "duplicate-guid.lift") if item.error]
    assert [error.params["lines"] for error in errors] == ["3, 9", "3, 9"]


def test_every_message_is_used_with_the_values_it_needs() -> None:
    """A message whose values are missing would fail while it is shown."""
    for code, text in MESSAGES.items():
        names = set(re.findall(r"%\((\w+)\)s", text))
        assert text % dict.fromkeys(names, "x"), code


def test_an_attribute_of_200_megabytes_is_refused_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "huge.lift"
    with path.open("wb") as out:
        out.write(b'<lift version="0.13">\n<entry id="')
        for _ in range(200):
            out.write(b"a" * 2**20)
        out.write(b'"/></lift>')
    with pytest.raises(FileError) as caught:
        read(path)
    assert (caught.value.code, caught.value.line) == ("element-too-large", 2)


def test_a_huge_text_and_a_huge_gap_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.lift"
    for body in ("<entry><note>" + "a" * 6_000_000, " " * 6_000_000, "<!--" + "a" * 6_000_000):
        path.write_text(f'<lift version="0.13">\n{body}')
        with pytest.raises(FileError) as caught:
            read(path)
        assert caught.value.code == "element-too-large"


def test_many_attributes_and_backtracking_tags_take_no_time(tmp_path: Path) -> None:
    """A tag that never ends must not be tried again and again in new ways."""
    path = tmp_path / "tags.lift"
    for body in ("<entry " + "a='b' " * 100_000, "<entry " + "a" * 500_000 + " <", "<entry" + ' "' * 200_000):
        path.write_text(f'<lift version="0.13">\n{body}')
        with pytest.raises(FileError):
            read(path)


def archive(folder: Path, members: dict[str, bytes], name: str = "file.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for member, data in members.items():
            out.writestr(member, data)
    return path


LIFT = (
    b'<lift version="0.13"><entry id="a"><lexical-unit><form lang="zxx"><text>a</text></form></lexical-unit>'
    b"</entry></lift>"
)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"../words.lift": LIFT}, "archive-path"),
        ({"/etc/words.lift": LIFT}, "archive-path"),
        ({"C:/words.lift": LIFT}, "archive-path"),
        ({"a/..\\..\\words.lift": LIFT}, "archive-path"),
        ({"one.lift": LIFT, "two.lift": LIFT}, "archive-several"),
        ({"notes.txt": b"x"}, "archive-none"),
        ({"words.lift": LIFT, "zeros.wav": bytes(64 * 2**20)}, "archive-bomb"),
        ({f"{n}.txt": b"" for n in range(20_001)}, "archive-files"),
    ],
)
def test_a_hostile_archive_is_refused(tmp_path: Path, members: dict[str, bytes], code: str) -> None:
    path = archive(tmp_path, members)
    with pytest.raises(FileError) as caught, opened("lift", path, Limits()) as file:
        list(file.items())
    assert caught.value.code == code
    assert_says_clearly(caught.value)
    assert [each.name for each in tmp_path.iterdir()] == ["file.zip"]


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.zip"
    with zipfile.ZipFile(path, "w") as out:
        link = zipfile.ZipInfo("words.lift")
        link.external_attr = 0o120777 << 16
        out.writestr(link, "/etc/passwd")
    with pytest.raises(FileError) as caught, opened("lift", path, Limits()):
        pass
    assert caught.value.code == "archive-link"


def test_an_archive_that_lies_about_a_size_gives_no_more_than_it_said(tmp_path: Path) -> None:
    path = archive(tmp_path, {"words.lift": LIFT + b" " * 100_000})
    data = bytearray(path.read_bytes())
    said = (len(LIFT) + 100_000).to_bytes(4, "little")
    start = data.rindex(b"PK\x01\x02")
    at = data.index(said, start)
    data[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    with pytest.raises(FileError) as caught, opened("lift", path, Limits()) as file:
        list(file.items())
    assert caught.value.code in ("archive-bomb", "archive-broken", "not-format", "truncated", "xml")


def test_the_size_of_all_that_is_unpacked_is_limited(tmp_path: Path) -> None:
    path = archive(tmp_path, {"words.lift": LIFT, **{f"{n}.wav": bytes(2**20) for n in range(8)}})
    with pytest.raises(FileError) as caught, opened("lift", path, Limits(file=4 * 2**20)):
        pass
    assert caught.value.code == "too-large"


def test_a_workbook_with_a_document_type_is_refused(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    for sheet in (bomb, bomb.decode().encode("utf-16")):
        path = archive(tmp_path, {"[Content_Types].xml": b"<Types/>", "xl/sheet.xml": sheet}, "words.xlsx")
        with pytest.raises(FileError) as caught:
            read(path)
        assert caught.value.code == "doctype"


METADATA = """{"dc:conformsTo": "http://cldf.clld.org/v1.0/terms.rdf#%s", "tables": [
 {"url": "forms.csv", "dc:conformsTo": "http://cldf.clld.org/v1.0/terms.rdf#FormTable", "tableSchema": {"columns": [
  {"name": "ID", "propertyUrl": "http://cldf.clld.org/v1.0/terms.rdf#id"},
  {"name": "Lang", "propertyUrl": "http://cldf.clld.org/v1.0/terms.rdf#languageReference"},
  {"name": "Form", "propertyUrl": "http://cldf.clld.org/v1.0/terms.rdf#form"}]}},
 {"url": "languages.csv", "dc:conformsTo": "http://cldf.clld.org/v1.0/terms.rdf#LanguageTable",
  "tableSchema": {"columns": [{"name": "ID", "propertyUrl": "http://cldf.clld.org/v1.0/terms.rdf#id"}]}}]}"""
FORMS, TONGUES = b"ID,Lang,Form\n1,zxx,abc\n2,yyy,abd\n", b"ID\nzxx\n"


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"m-metadata.json": b"{", "forms.csv": FORMS}, "metadata"),
        ({"m-metadata.json": b"[" * 100_000, "forms.csv": FORMS}, "metadata"),
        ({"m-metadata.json": (METADATA % "Wordlist").encode(), "languages.csv": TONGUES}, "table-missing"),
        ({"m-metadata.json": (METADATA % "Wordlist").encode(), "forms.csv": FORMS}, "table-missing"),
        ({"m-metadata.json": (METADATA % "Dictionary").replace("FormTable", "EntryTable").encode()}, "metadata"),
        ({"m-metadata.json": (METADATA % "Wordlist").encode(), "forms.csv": b"ID,Lang\n1,zxx\n",
          "languages.csv": TONGUES}, "column-missing"),
    ],
)  # fmt: skip
def test_a_broken_data_set_is_refused(tmp_path: Path, members: dict[str, bytes], code: str) -> None:
    with pytest.raises(FileError) as caught:
        read(archive(tmp_path, members))
    assert caught.value.code == code
    assert_says_clearly(caught.value)


def test_a_form_of_a_language_that_is_not_there_is_refused_and_the_others_are_not(tmp_path: Path) -> None:
    members = {
        "m-metadata.json": (METADATA % "Wordlist").encode(),
        "forms.csv": FORMS,
        "languages.csv": TONGUES,
    }
    items = read(archive(tmp_path, members), language="zxx")
    assert [item.error and item.error.code for item in items] == [None, "unknown-reference"]
    assert items[1].error is not None
    assert items[1].error.line == 3


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<a></b></a>", "xml-mismatch"),
        ("<a>&nix;</a>", "xml-entity"),
        ("<a>this & that</a>", "xml-ampersand"),
        ("<a>\x01</a>", "xml-character"),
        ("<a>&#1;</a>", "xml-character"),
        ("<a b=c/>", "xml-attribute"),
        ('<a b="1" b="2"/>', "xml-attribute"),
        ("<a:b/>", "xml-namespace"),
        ("<a>" * 300 + "</a>" * 300, "xml-deep"),
    ],
)
def test_what_is_wrong_with_xml_is_said_in_the_readers_language(inside: str, code: str) -> None:
    with pytest.raises(FileError) as refusal:
        parse(f"<entry>\n{inside}\n</entry>", secure_parser(), file="a.lift", line=5)
    assert refusal.value.code == code
    assert refusal.value.line >= 5
    with translation.override("vi"):
        said = str(refusal.value)
    with translation.override("en"):
        assert said != str(refusal.value)
