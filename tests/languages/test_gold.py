"""What only people know: a table of facts per language (gold/<code>.csv), each with its source.

`what` is one of
  to TAG          transliterating `text` gives `expected`
  undecided TAG   a source gives `expected`, and the rules do not; the note says why
  romanised TAG   what a person types (`expected`) equals the transliteration without its marks
  sounds like     the text and `expected`, as a Vietnamese speaker or another spelling writes it, share a sound key
  same KEY        both texts have the same key (exact, case, tone, letter, marked)
  finds, misses   `text` as a query finds, or does not find, the word `expected`
  before          `text` sorts before `expected`
  first letter    `text` stands under `expected` on the alphabet pages
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from languages import registry

COLUMNS = ["orthography", "what", "text", "expected", "source", "note"]
TABLES = sorted(Path(__file__).with_name("gold").glob("*.csv"))


def rows(table: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))


ROWS = [(table.stem, row) for table in TABLES for row in rows(table)]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_every_fact_has_its_source_and_belongs_to_the_language_of_its_table(table: Path) -> None:
    assert registry().profile(table.stem).code == table.stem
    for row in rows(table):
        assert list(row) == COLUMNS
        assert row["source"]
        assert registry().orthography(row["orthography"]).language == table.stem
        assert row["note"] or not row["what"].startswith("undecided"), "say why the rules cannot decide"


@pytest.mark.parametrize(
    ("code", "row"), ROWS, ids=lambda part: part if isinstance(part, str) else part["text"]
)
def test_fact(code: str, row: dict[str, str]) -> None:
    orthography = registry().orthography(row["orthography"])
    text, expected = row["text"], row["expected"]
    match row["what"].split():
        case ["to", target]:
            assert orthography.transliterate(text, target) == expected
        case ["undecided", target]:
            assert orthography.transliterate(text, target) != expected
        case ["romanised", target]:
            derived = orthography.transliterate(text, target)
            assert registry().orthography(target).fold(derived, "letter") == expected
        case ["sounds", "like"]:
            heard = {key for one in registry().owners(expected) for key in one.sound_keys(expected)}
            assert heard & orthography.sound_keys(text)
        case ["same", key]:
            assert getattr(orthography.keys(text), key) == getattr(orthography.keys(expected), key)
        case ["finds"]:
            assert re.fullmatch(orthography.pattern(text), orthography.marked(expected))
        case ["misses"]:
            assert not re.fullmatch(orthography.pattern(text), orthography.marked(expected))
        case ["before"]:
            assert orthography.sort_key(text) < orthography.sort_key(expected)
        case ["first", "letter"]:
            assert orthography.first_letter(text) == expected
        case other:
            pytest.fail(f"gold/{code}.csv asks for {other}")
