"""How to type a text: it types the text, no way is shorter, and what cannot be typed is named."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from ime.checking import required
from ime.compiling import compiled
from ime.errors import Untypable
from ime.howto import howto, inverse, touch_howto
from ime.model import Keyboard
from ime.notation import parse_keys, show_keys
from ime.program import Press, Program
from ime.typing import Typist, type_keys
from languages import registry
from tests.ime.kit import ids, loaded, orthography_of, shipped, written
from tests.shared_data import shared

ALL = shipped()

SMALL = """
[sets]
plain = "a o"
hat = "â ô"

[[transform]]
from = "{plain}x"
to = "{plain:hat}"

[[transform]]
from = "{hat}x"
to = "{hat:plain}x"

[[transform]]
from = "âb"
to = "ă"

[[transform]]
from = "{plain}{other=plain}b"
to = "{plain:hat}{other:hat}"

[[transform]]
before = "b"
from = "ôa"
to = "o"

[[transform]]
from = "bbb"
to = ""
"""


@pytest.fixture
def small(tmp_path: Path) -> Program:
    return compiled(loaded(tmp_path, written(SMALL)))


def test_no_way_is_shorter(small: Program) -> None:
    """Every text that some six strokes give, against the fewest strokes that give it."""
    keys = [Press(code) for code in ("KeyA", "KeyO", "KeyB", "KeyX")]
    fewest: dict[str, int] = {}
    for length in range(7):
        for presses in product(keys, repeat=length):
            fewest.setdefault(type_keys(small, presses), length)
    assert len(fewest) > 2000
    for text, length in fewest.items():
        found = howto(small, text)
        assert type_keys(small, found) == text
        assert len(found) == length, (text, show_keys(found))


def test_of_equally_short_ways_the_one_with_less_held_down(tmp_path: Path) -> None:
    body = """
[[layer]]
modifiers = "shift"
rows = ["{=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=}", "{=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {=}",
    "z {=} {=} {=} {=} {=} {=} {=} {=} {=} {=}", "{=} {=} {=} {=} {=} {=} {=} {=} {=} {=}"]
"""
    program = compiled(loaded(tmp_path, written(body)))
    assert show_keys(howto(program, "z")) == "z"


def test_direct_keyboards_prefer_keys_that_need_no_normalising(tmp_path: Path) -> None:
    body = """
[[layer]]
modifiers = "altgr"
rows = ["◌̂ {hat} {} {} {} {} {} {} {} {} {} {} {}", "{} {} {} {} {} {} {} {} {} {} {} {} {}",
    "{} {} {} {} {} {} {} {} {} {} {}", "{} {} {} {} {} {} {} {} {} {}"]

[dead.hat]
label = "^"
alone = "^"
map = "a â"
"""
    program = compiled(loaded(tmp_path, written(body, kind="direct")))
    assert show_keys(howto(program, "â")) == "{AltGr+1}a"
    assert show_keys(howto(program, "ê")) == "e{AltGr+`}"  # no other way


@pytest.mark.parametrize(
    ("text", "index"), [("a漢", 1), ("ba\nc", 2), ("â漢â", 1), ("\ud800", 0), ("ax", 1), ("bâab", 3)]
)
def test_what_cannot_be_typed_is_named(tmp_path: Path, text: str, index: int) -> None:
    body = '[[transform]]\nfrom = "ax"\nto = "â"\n[[transform]]\nfrom = "ab"\nto = "o"\n'
    program = compiled(loaded(tmp_path, written(body)))
    with pytest.raises(Untypable) as caught:
        howto(program, text)
    assert (caught.value.index, caught.value.character) == (index, text[index])
    assert caught.value.code == "untypable" and caught.value.params["index"] == index


def test_hostile_texts_are_answered_soon(small: Program) -> None:
    for text in ("a" * 5000, "xâ" * 3000, "â漢" * 2000, "b" * 300 + "漢"):
        with pytest.raises(Untypable):
            howto(small, text)


def test_nothing_is_typed_by_nothing(small: Program) -> None:
    assert howto(small, "") == ()


def test_solutions_do_not_depend_on_what_was_asked_before(tmp_path: Path) -> None:
    keyboard = loaded(tmp_path, written(SMALL))
    texts = ["".join(text) for length in range(1, 5) for text in product("aoâôbx", repeat=length)]
    forwards, backwards = compiled(keyboard), compiled(loaded(tmp_path, written(SMALL)))
    there = {text: answer(forwards, text) for text in texts}
    back = {text: answer(backwards, text) for text in reversed(texts)}
    for text in texts:
        one, other = there[text], back[text]
        assert (one is None) == (other is None)
        assert one is None or other is None or len(one) == len(other)


def answer(program: Program, text: str) -> tuple[Press, ...] | None:
    try:
        return howto(program, text)
    except Untypable:
        return None


# --- the keyboards of the house -------------------------------------------------------------------------------


@pytest.mark.parametrize("keyboard", ALL, ids=ids(ALL))
def test_every_letter_of_the_orthography_by_keys_and_by_touch(keyboard: Keyboard) -> None:
    program = compiled(keyboard)
    texts = required(orthography_of(keyboard))
    assert texts
    for text in texts:
        assert type_keys(program, howto(program, text)) == text
        typist = Typist(program)
        for touch in touch_howto(keyboard, text):
            if touch.output:
                typist.give(touch.output)
        assert typist.text == text
        if keyboard.kind == "direct":  # as platforms type that only append
            assert "".join(inverse(program).outputs(text)) == text


@cache
def gold_words() -> dict[str, set[str]]:
    """The word forms of the shared data, by orthography."""
    words: dict[str, set[str]] = defaultdict(set)
    for path in sorted(shared("gold-words").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                for tag, form in (
                    (row["orthography"], row["form"]),
                    (row["form2_orthography"], row["form2"]),
                ):
                    if tag and form:
                        orthography = registry().orthography(tag)
                        words[orthography.tag].add(orthography.normalise(form))
    return words


@pytest.mark.parametrize("keyboard", ALL, ids=ids(ALL))
def test_words_of_real_data(keyboard: Keyboard) -> None:
    program = compiled(keyboard)
    for word in gold_words().get(keyboard.orthography, ()):
        assert type_keys(program, howto(program, word)) == word


def test_keys_of_answers_can_be_read_back() -> None:
    for keyboard in ALL:
        program = compiled(keyboard)
        for text in required(orthography_of(keyboard)):
            found = howto(program, text)
            assert parse_keys(show_keys(found)) == found
