"""Tables: encodings, delimiters, what the names of columns let guess, and rows laid over entries."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dictionary.domain.validation import is_tag
from dictionary.formats.items import Item
from dictionary.formats.limits import Limits
from dictionary.formats.mapping import guess
from dictionary.formats.opening import format_of, opened
from dictionary.formats.rows import overlay
from languages import registry
from tests.shared_data import SHARED, shared

GOLD = sorted(path.name for path in (SHARED / "gold-words").glob("*.csv")) or ["blt.csv"]


def read(path: Path, **options: Any) -> list[Item]:
    with opened("csv", path, Limits(), **options) as file:
        return list(file.items())


@pytest.mark.parametrize("name", GOLD)
def test_every_row_of_the_gold_words_is_an_entry_of_its_own(name: str) -> None:
    path = shared(f"gold-words/{name}")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    items = read(path)
    assert len(items) == len(rows) == len({item.key for item in items})
    for row, item in zip(rows, items, strict=True):
        assert item.label == row["form"]
        assert item.error is None
        assert item.content is not None
        known = registry().orthography(row["orthography"])
        assert registry().orthography(item.content["forms"][0]["lang"]) is known


# Aliases that BCP 47 does not allow (a subtag has eight characters at most), as older lists write them.
ALIASES = [(alias, one.tag) for one in registry().orthographies for alias in one.aliases if not is_tag(alias)]


@pytest.mark.parametrize(("alias", "tag"), ALIASES)
def test_an_alias_that_is_no_tag_becomes_the_tag_it_stands_for(tmp_path: Path, alias: str, tag: str) -> None:
    path = tmp_path / "words"
    path.write_text(f"form,orthography\nabc,{alias}\n")
    assert read(path)[0].content == read(path, orthography="zxx")[0].content
    path.write_text("form\nabc\n")
    (item,) = read(path, orthography=alias)
    assert item.content is not None
    assert item.content["forms"] == [{"lang": tag, "text": "abc"}]
    form = f'<form lang="{alias}"><text>abc</text></form>'
    path.write_text(f'<lift version="0.13"><entry><lexical-unit>{form}</lexical-unit></entry></lift>')
    with opened("lift", path, Limits()) as file:
        (entry,) = file.items()
    assert entry.error is None
    assert entry.content is not None
    assert entry.content["forms"] == item.content["forms"]


def test_what_is_neither_a_tag_nor_an_alias_refuses_its_row(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("form,orthography\nabc,zxx-toolongatag\nabd,zxx\n")
    errors = [item.error for item in read(path)]
    assert errors[0] is not None
    assert (errors[0].code, errors[0].line, errors[1]) == ("tag", 2, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends_are_found(
    tmp_path: Path, encoding: str, delimiter: str, ending: str
) -> None:
    rows = [["từ", "orthography", "nghĩa"], ["abc", "zxx", "đ, ế; x"], ["ab\u0302", "zxx", ""]]
    text = ending.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    path = tmp_path / "words.csv"
    path.write_bytes(text.encode(encoding))
    items = read(path)
    assert [item.line for item in items] == [2, 3]
    assert [item.label for item in items] == ["abc", "ab\u0302"]
    assert items[0].content is not None
    assert items[0].content["senses"][0]["glosses"] == [{"lang": "vi", "text": "đ, ế; x"}]


def test_columns_are_guessed_in_both_languages_and_the_first_of_two_wins() -> None:
    found = guess(
        [
            "Mục từ",
            "Phiên âm",
            "Từ loại",
            "Nghĩa tiếng Việt",
            "Tiếng Việt",
            "gloss_fr",
            "gloss:de",
            "màu",
            "example_en",
        ]
    )
    assert list(found.columns.values()) == [
        "headword", "ipa", "pos", "gloss:vi", "", "gloss:fr", "gloss:de", "", "example-translation:en",
    ]  # fmt: skip


def test_lines_are_right_after_cells_with_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text('form,note\nabc,"one\ntwo"\n\nabd,x\n')
    assert [item.line for item in read(path, orthography="zxx")] == [2, 5]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.LIFT", b"<lift/>", "lift"),
        ("a.xml", b"<lift/>", "lift"),
        ("a.tsv", b"form", "csv"),
        ("a.csv", b"form", "csv"),
    ],
)
def test_the_format_is_told_by_the_name(tmp_path: Path, name: str, data: bytes, kind: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(data)
    assert format_of(path, name) == kind


TEXT = st.text("abc", min_size=1, max_size=3)
ROW = st.fixed_dictionaries({"form": TEXT}, optional={"gloss_en": TEXT, "gloss_vi_own": TEXT, "pos": TEXT, "note": TEXT,
                            "ipa": TEXT, "quality": TEXT, "source_title": TEXT, "example": TEXT})  # fmt: skip


def content_of(row: dict[str, str], folder: Path) -> Any:
    path = folder / "words.csv"
    with path.open("w", newline="") as out:
        table = csv.DictWriter(out, list(row))
        table.writeheader()
        table.writerow(row)
    return read(path, orthography="zxx")[0].content


@settings(max_examples=60, deadline=None)
@given(one=ROW, other=ROW)
def test_laying_a_row_over_an_entry_twice_is_the_same_as_once(
    one: dict[str, str], other: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    first, second = content_of(one, folder), content_of(other, folder)
    assert overlay(first, first) == first
    once = overlay(first, second)
    assert overlay(once, second) == once
    for name in one.keys() - other.keys():
        assert one[name] in str(once)
