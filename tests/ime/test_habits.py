"""Keyboards against the facts they follow: published layouts, sourced examples, and every headword of real data."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from ime.catalogue import keyboards
from ime.compiling import compiled
from ime.howto import howto
from ime.notation import parse_keys
from ime.positions import POSITIONS
from ime.program import Modifiers, Press
from ime.typing import type_keys
from languages import LanguageError, registry
from tests.shared_data import shared

GOLD = Path(__file__).parent / "gold"
CODES = {position.keyman: position.code for position in POSITIONS.values()}
HELD: Mapping[tuple[str, ...], Modifiers] = {
    (): "",
    ("SHIFT",): "shift",
    ("RALT",): "altgr",
    ("SHIFT", "RALT"): "shift+altgr",
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("follows", rows(GOLD / "follows.csv"), ids=lambda row: row["keyboard"])
def test_a_keyboard_gives_what_the_published_one_gives_on_every_key(follows):
    program = compiled(keyboards().keyboard(follows["keyboard"]))
    other = {key.strip() for key in follows["different"].split(";") if key.strip()}
    seen = 0
    for row in rows(shared(f"keymaps/{follows['table']}.csv")):
        *held, key = row["key"].split()
        if row["context_before"] or row["key"] in other:
            continue
        assert program.keys.get(Press(CODES[key], HELD[tuple(held)])) == row["output"], row["key"]
        seen += 1
    assert seen > 50


@pytest.mark.parametrize(
    "example", rows(GOLD / "typed.csv"), ids=lambda row: f"{row['keyboard']} {row['keys']}"
)
def test_keys_give_the_text_that_the_gold_table_says(example):
    program = compiled(keyboards().keyboard(example["keyboard"]))
    assert type_keys(program, parse_keys(example["keys"])) == example["text"]


def headwords() -> Mapping[str, set[str]]:
    """The words of the shared data by orthography, normalised."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(shared("gold-words").glob("*.csv")):
        for row in rows(path):
            for tag, word in ((row["orthography"], row["form"]), (row["form2_orthography"], row["form2"])):
                try:
                    orthography = registry().orthography(tag) if tag and word else None
                except LanguageError:
                    continue
                if orthography is not None and not orthography.is_fallback:
                    found[orthography.tag].add(orthography.normalise(word))
    return found


def test_every_headword_of_the_data_is_typed_by_every_keyboard_of_its_orthography():
    words = headwords()
    typed = 0
    for keyboard in keyboards().by_id.values():
        program = compiled(keyboard)
        for word in sorted(words.get(keyboard.orthography, ())):
            assert type_keys(program, howto(program, word)) == word, (keyboard.id, word)
            typed += 1
    assert typed > 5_000


def test_no_keyboard_of_the_house_is_broken():
    assert [str(fault) for fault in keyboards().faults] == []
