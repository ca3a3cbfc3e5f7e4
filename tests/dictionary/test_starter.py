"""The starter lexicons hold enough words, each with its source, and say what their sources say."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pytest

from languages import registry
from tests.shared_data import shared

STARTER = Path(__file__).resolve().parents[2] / "dictionary" / "starter"
LEXICONS = tomllib.loads((STARTER / "starter.toml").read_text("utf-8"))["lexicons"]


def rows(lexicon: dict) -> list[dict[str, str]]:
    with (STARTER / lexicon["file"]).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_there_are_at_least_eight_languages() -> None:
    assert len({lexicon["language"] for lexicon in LEXICONS}) >= 8


@pytest.mark.parametrize("lexicon", LEXICONS, ids=lambda lexicon: lexicon["slug"])
def test_a_starter_lexicon_has_a_hundred_sourced_entries_and_both_glosses(lexicon: dict) -> None:
    entries = rows(lexicon)
    assert len(entries) >= 100
    for number, row in enumerate(entries, 2):
        where = f"{lexicon['file']}:{number}"
        assert row["form"].strip() == row["form"] != "", where
        assert row["source_title"], where
        assert row["source_url"] or "no address" in row["note"] or row["source_id"] == "edelex", where
        assert row["gloss_vi"] or row["gloss_vi_own"], where
        assert row["gloss_en"] or row["gloss_en_own"], where


@pytest.mark.parametrize("lexicon", LEXICONS, ids=lambda lexicon: lexicon["slug"])
def test_a_starter_lexicon_uses_orthographies_that_have_a_profile(lexicon: dict) -> None:
    profile = registry().profile(lexicon["language"])
    assert not profile.is_fallback
    for tag in {row["orthography"] for row in rows(lexicon)} | {lexicon["orthography"]}:
        orthography = registry().orthography(tag)
        assert not orthography.is_fallback, tag
        assert orthography.language == profile.code, tag


@pytest.mark.parametrize("lexicon", LEXICONS, ids=lambda lexicon: lexicon["slug"])
def test_a_starter_lexicon_repeats_the_facts_of_its_sources(lexicon: dict) -> None:
    facts: dict[tuple[str, str], set[str]] = {}
    for path in sorted(shared("gold-words").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for fact in csv.DictReader(stream):
                for form in (fact["form"], fact["form2"]):
                    glosses = facts.setdefault((form, fact["source_id"]), set())
                    glosses.update({fact["gloss_vi"], fact["gloss_en"]})
    # Two community-sourced place words stand outside the collected tables and say so.
    outside = [row for row in rows(lexicon) if (row["form"], row["source_id"]) not in facts]
    assert all(row["quality"] == "C" and row["note"] for row in outside)
    assert len(outside) <= 2
    for row in rows(lexicon):
        known = facts.get((row["form"], row["source_id"]))
        if known is not None:
            assert {row["gloss_vi"], row["gloss_en"]} <= known | {""}, row["form"]
