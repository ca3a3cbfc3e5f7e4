"""Transliterations and orders against published examples and on every word there is; schemes.csv says how well.

A row of `schemes.csv` is one measurement. `hits` is a number (of `of`), "all", or the least share:
  examples         the worked examples of the file (source_form, expected_output), capitals aside
  tones            the tone of the one-syllable words of the files, written after them as a number or a contour
  returns          words, in small letters, that come back when they are transliterated there and back
  leaves nothing   words in whose transliteration no letter of the source's script stands
  order            the words sort as the rules of the locale file do
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import icu
import pytest

from languages import Orthography, registry
from languages.orthography import scripts_of
from tests.languages.texts import all_words
from tests.shared_data import shared

MEASUREMENTS = list(
    csv.DictReader(Path(__file__).with_name("schemes.csv").read_text(encoding="utf-8").splitlines())
)
RULES = re.compile(r"<collation [^>]*?>\s*<cr><!\[CDATA\[(.*?)\]\]>", re.DOTALL)
NUMBERS = "¹²³⁴⁵⁶"
# Contours of the sources by the number of the tone, longest first.
CONTOURS = {"˧˩": 6, "˨˩": 3, "˧˥": 2, "˦˥": 2, "˥": 4, "˦": 5, "˨": 1}


def measured(*what: str) -> pytest.MarkDecorator:
    chosen = [row for row in MEASUREMENTS if row["what"] in what]
    return pytest.mark.parametrize(
        "row", chosen, ids=lambda row: f"{row['source']}:{row['target'] or 'order'}:{row['what']}"
    )


def examples(row: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    for file in row["data"].split():
        with shared(file).open(encoding="utf-8", newline="") as lines:
            found += [
                (example["source_form"], example["expected_output"]) for example in csv.DictReader(lines)
            ]
    return found


def words(row: dict[str, str]) -> list[str]:
    """Every word of the orthography in the shared data, and those of the row's own file."""
    source = registry().orthography(row["source"])
    found = dict.fromkeys(all_words().get(source.tag, ()))
    for file in row["data"].split():
        text = shared(file).read_text(encoding="utf-8")
        separator = "\t" if file.endswith(".tsv") else ","
        found.update(dict.fromkeys(line.split(separator)[0] for line in text.splitlines() if line))
    return [word.lower() for word in found if scripts_of(word) == {source.script}]


def enough(hits: int, of: int, asked: str) -> bool:
    return hits == of if asked == "all" else hits / of >= float(asked)


def ends(row: dict[str, str]) -> tuple[Orthography, Orthography]:
    return registry().orthography(row["source"]), registry().orthography(row["target"])


@measured("examples")
def test_worked_examples_come_out_as_published(row: dict[str, str]) -> None:
    source, target = ends(row)
    pairs = examples(row)
    missed = [
        (text, expected, given)
        for text, expected in pairs
        if (given := source.transliterate(text, target.tag)).casefold()
        != target.normalise(expected).casefold()
    ]
    assert (len(pairs) - len(missed), len(pairs)) == (int(row["hits"]), int(row["of"])), missed


def written_tone(transcription: str) -> str:
    """The tone of a transcribed syllable as a raised number; empty if it has none or is several syllables."""
    tones = re.findall(f"[{NUMBERS}]|[˥˦˧˨˩]+", transcription)
    if len(tones) != 1 or "." in transcription:
        return ""
    return NUMBERS[CONTOURS[tones[0]] - 1] if tones[0] in CONTOURS else tones[0]


@measured("tones")
def test_tones_derived_from_the_script_are_those_of_the_transcriptions(row: dict[str, str]) -> None:
    source, target = ends(row)
    derived = [(written_tone(said), source.transliterate(text, target.tag)) for text, said in examples(row)]
    one_syllable = [
        (tone, given) for tone, given in derived if tone and len(re.findall(f"[{NUMBERS}]", given)) == 1
    ]
    agreeing = [given for tone, given in one_syllable if tone in given]
    assert (len(agreeing), len(one_syllable)) == (int(row["hits"]), int(row["of"]))


@measured("returns")
def test_words_come_back(row: dict[str, str]) -> None:
    source, target = ends(row)
    every = words(row)
    tried = every if row["hits"] == "all" else every[::3]
    lost = [
        word
        for word in tried
        if target.transliterate(source.transliterate(word, target.tag), source.tag) != source.normalise(word)
    ]
    assert tried
    assert enough(len(tried) - len(lost), len(tried), row["hits"]), lost[:20]


@measured("leaves nothing")
def test_no_letter_is_left_over(row: dict[str, str]) -> None:
    source, target = ends(row)
    tried = words(row)[::5]
    left = [word for word in tried if source.script in scripts_of(source.transliterate(word, target.tag))]
    assert tried
    assert enough(len(tried) - len(left), len(tried), row["hits"]), left[:20]


@measured("order")
def test_words_sort_as_the_locale_file_says(row: dict[str, str]) -> None:
    source = registry().orthography(row["source"])
    found = RULES.search(shared(row["data"]).read_text(encoding="utf-8"))
    assert found is not None
    published = icu.RuleBasedCollator(found[1])
    tried = sorted({source.normalise(word) for word in [*all_words().get(source.tag, ()), *source.alphabet]})
    assert sorted(tried, key=source.sort_key) == sorted(
        tried, key=lambda word: (published.getSortKey(word), word.encode())
    )
