"""What transforms become: case, sets of several characters, contexts, marks; the program equals the plain meaning."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from ime.compiling import compiled, given, meaning_of
from ime.meaning import MOST_MARKS
from ime.model import Keyboard
from ime.notation import parse_strokes
from ime.patterns import is_mark
from ime.typing import matcher, step, type_keys
from languages.text import nfc
from tests.ime.kit import loaded, written

CASED = 'layout = "us"\ncase = true'
TELEX = """
[sets]
vowel = "a e o ê"
acute = "á é ó ế"
pair = "ươ uô"
pair-acute = "ướ uố"
final = "n ng ch"

[[transform]]
from = "aa"
to = "â"

[[transform]]
from = "âa"
to = "aa"

[[transform]]
from = "ee"
to = "ê"

[[transform]]
from = "q"
to = "ư"

[[transform]]
from = "oo"
to = "ô"

[[transform]]
from = "ox"
to = "ơ"

[[transform]]
from = "êw"
to = "ê◌̆"

[[transform]]
from = "{vowel}{final}s"
to = "{vowel:acute}{final}"

[[transform]]
from = "{pair}{final}s"
to = "{pair:pair-acute}{final}"

[[transform]]
before = "k"
from = "{vowel}z"
to = "{vowel}◌̣"

[[transform]]
from = "ê◌̆k"
to = "ĕk"
"""


@pytest.fixture
def telex(tmp_path: Path) -> Keyboard:
    return loaded(tmp_path, written(TELEX, top=CASED))


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("aa", "â"),
        ("Aa", "Â"),  # the letter keeps its case
        ("AA", "Â"),
        ("aA", "â"),
        ("aaa", "aa"),
        ("AAA", "AA"),
        ("aaA", "aA"),  # what goes beyond the context takes the case of the key
        ("Aaa", "Aa"),
        ("q", "ư"),
        ("Q", "Ư"),
        ("eew", "ê\u0306"),
        ("EEW", "Ê\u0306"),
        ("angs", "áng"),
        ("ANGS", "ÁNG"),
        ("AnGs", "ÁnG"),
        ("achs", "ách"),
        ("eens", "ến"),
        ("qoxngs", "ướng"),
        ("QOXNGS", "ƯỚNG"),
        ("QoxnGs", "ƯớnG"),
        ("uooChs", "uốCh"),
        ("kaz", "kạ"),
        ("KAz", "KẠ"),
        ("az", "az"),  # only behind k
        ("keez", "kệ"),  # a mark is joined to what the set gives
        ("eewk", "ĕk"),
        ("EEWK", "ĔK"),
        ("anns", "anns"),
    ],
)
def test_transforms_type(telex: Keyboard, keys: str, text: str) -> None:
    assert type_keys(compiled(telex), parse_strokes(keys)) == nfc(text)


def test_without_case_only_what_is_written_fires(tmp_path: Path) -> None:
    program = compiled(loaded(tmp_path, written(TELEX)))
    assert [type_keys(program, parse_strokes(keys)) for keys in ("aa", "AA", "Aa", "aA")] == [
        "â",
        "AA",
        "Aa",
        "aA",
    ]


def test_sets_become_slots_and_not_one_rule_for_each_element(telex: Keyboard) -> None:
    program = compiled(telex)
    with_n = [rule for rule in program.rules if rule.trigger == "s" and rule.context[1:] == (("n", "N"),)]
    assert [set(rule.context[0]) for rule in with_n] == [set("aeoêAEOÊ")]
    assert len(program.rules) < 45


def test_a_fragment_gives_rules_and_the_file_its_sets(tmp_path: Path) -> None:
    loaded(tmp_path, written(""))
    fragment = tmp_path / "_shared" / "keyboards" / "tones.toml"
    rules = '[sets]\nplain = "a"\nacute = "á"\n[[transform]]\nfrom = "{plain}s"\nto = "{plain:acute}"\n'
    fragment.write_text(rules, encoding="utf-8")
    own = '[sets]\nplain = "o e"\nacute = "ó é"\n'
    program = compiled(loaded(tmp_path, written(own, top='layout = "us"\ninclude = ["tones"]')))
    assert [type_keys(program, parse_strokes(keys)) for keys in ("as", "os", "es")] == ["as", "ó", "é"]


# --- marks ----------------------------------------------------------------------------------------------------

# Breve, acute and circumflex above, dot and line below: two combining classes, marks that join letters and others.
MARKS = "\u0306\u0301\u0302\u0323\u0331"
LETTERS = "a d e o u y b ă ế ộ ớ ḏ ậ"


def cells(texts: str) -> str:
    row = " ".join(f"◌{char}" if is_mark(char) else char for char in texts)
    return row + " {}" * (13 - len(texts))


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> Keyboard:
    body = f"""
[[layer]]
modifiers = ""
rows = ["{cells(MARKS)}", "{LETTERS}", "{{}} {{}} {{}} {{}} {{}} {{}} {{}} {{}} {{}} {{}} {{}}",
    "◌\u0323o {{}} {{}} {{}} {{}} {{}} {{}} {{}} {{}} {{}} {{}}"]
"""
    return loaded(tmp_path_factory.mktemp("marks"), written(body, top=""))


def test_every_letter_under_every_row_of_marks(marks: Keyboard) -> None:
    """All rows of up to one mark more than a letter may bear, typed one by one: exactly what is meant."""
    program, meaning = compiled(marks), meaning_of(marks)
    rules = matcher(program)
    for letter in ("", *LETTERS.split()):
        known = {letter: letter}
        for row in product(MARKS, repeat=MOST_MARKS + 1):
            typed = letter
            for mark in row:
                after = typed + mark
                if after not in known:
                    known[after] = step(rules, known[typed], mark)
                    assert known[after] == meaning.step(known[typed], mark), (known[typed], mark)
                typed = after
            assert nfc(known[typed]) == known[typed]


def test_a_key_that_gives_a_mark_and_a_letter(marks: Keyboard) -> None:
    program, meaning = compiled(marks), meaning_of(marks)
    output = "\u0323o"
    assert output in given(marks, program.keys.values(), ())
    for letter in LETTERS.split():
        for row in product(MARKS, repeat=2):
            text = nfc(letter + "".join(row))
            assert step(matcher(program), text, output) == meaning.step(text, output), text


def test_marks_stay_few_rules(marks: Keyboard) -> None:
    assert len(compiled(marks).rules) < 160


def test_a_transform_whose_key_gives_a_mark(tmp_path: Path) -> None:
    body = f"""
[[layer]]
modifiers = "altgr"
rows = ["{cells(MARKS)}", "{" ".join(["{}"] * 13)}", "{" ".join(["{}"] * 11)}", "{" ".join(["{}"] * 10)}"]

[[transform]]
from = "a◌\u0301"
to = "o"

[[transform]]
from = "◌\u0323◌\u0306"
to = "◌\u0331"

[[transform]]
from = "◌\u0331◌\u0301"
to = "-"
"""
    keyboard = loaded(tmp_path, written(body))
    program, meaning = compiled(keyboard), meaning_of(keyboard)
    for letter in ("", "a", "e", "b", "ă", "x"):
        for row in product(MARKS, repeat=MOST_MARKS + 1):
            text = letter
            for mark in row:
                after = step(matcher(program), text, mark)
                assert after == meaning.step(text, mark), (text, mark)
                text = after


def test_one_mark_too_many_is_not_typed(marks: Keyboard) -> None:
    program = compiled(marks)
    text = "b" + "\u0306" * MOST_MARKS
    assert step(matcher(program), text, "\u0301") == text


def test_a_transform_that_writes_a_mark_joins_it_to_the_letter_before(tmp_path: Path) -> None:
    body = """
[[transform]]
from = "-x"
to = "◌̆"

[[transform]]
from = "aa"
to = "â"
"""
    keyboard = loaded(tmp_path, written(body))
    program = compiled(keyboard)
    assert type_keys(program, parse_strokes("a-x")) == "ă"
    assert type_keys(program, parse_strokes("aa-x")) == "â\u0306"
    assert type_keys(program, parse_strokes("-x")) == "\u0306"
    assert type_keys(program, parse_strokes("b-x-x-x")) == "b" + "\u0306" * 3
    assert type_keys(program, parse_strokes("b-x-x-x-x")) == "b" + "\u0306" * 3 + "-"
