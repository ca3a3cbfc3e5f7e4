"""The traps that were met in real data, one a row of traps.csv."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from languages import registry

ROWS = list(csv.DictReader(Path(__file__).with_name("traps.csv").read_text(encoding="utf-8").splitlines()))
ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


def unescaped(text: str) -> str:
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['orthography']}: {row['why']} ({row['text']})")
def test_trap(row: dict[str, str]) -> None:
    orthography = registry().orthography(row["orthography"])
    text, expected = unescaped(row["text"]), unescaped(row["expected"])
    match row["what"].split():
        case ["normalise"]:
            assert orthography.normalise(text) == expected
        case ["case" | "tone" | "letter" as tier]:
            assert orthography.fold(text, tier) == expected
        case ["same", key]:
            assert getattr(orthography.keys(text), key) == getattr(orthography.keys(expected), key)
        case ["finds"]:
            assert re.fullmatch(orthography.pattern(text), orthography.marked(expected))
        case ["misses"]:
            assert not re.fullmatch(orthography.pattern(text), orthography.marked(expected))
        case ["prefix"]:
            assert re.fullmatch(orthography.pattern(text, prefix=True), orthography.marked(expected))
        case ["first", "letter"]:
            assert orthography.first_letter(text) == expected
        case ["tokens"]:
            assert "|".join(token.text for token in orthography.tokens(text)) == expected
        case ["sounds", asked]:  # typed in the spelling of `asked`
            assert registry().orthography(asked).sound_keys(text) & orthography.sound_keys(expected)
        case ["silent", asked]:
            assert not registry().orthography(asked).sound_keys(text) & orthography.sound_keys(expected)
        case other:
            pytest.fail(f"traps.csv asks for {other}")
