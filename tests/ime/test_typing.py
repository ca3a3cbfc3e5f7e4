"""The engine: dead keys, the longest rule, no cascades, Backspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from ime.compiling import compiled
from ime.notation import parse_strokes
from ime.program import Press, Program
from ime.typing import Typist, type_keys
from tests.ime.kit import loaded, written

DEAD = """
[[layer]]
modifiers = "altgr"
rows = ["{hat} {breve} {} {} {} {} {} {} {} {} {} {} {}", "{} {} {} {} {} {} {} {} {} {} {} {} {}",
    "{} {} {} {} {} {} {} {} {} {} {}", "{} {} {} {} {} {} {} {} {} {}"]

[dead.hat]
label = "^"
alone = "^"
map = "a â e ê ˘ ǂ"

[dead.breve]
label = "˘"
alone = "˘"
map = "a ă e ĕ"
"""


@pytest.fixture
def dead(tmp_path: Path) -> Program:
    return compiled(loaded(tmp_path, written(DEAD, kind="direct")))


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("{AltGr+`}a", "â"),
        ("{AltGr+1}ae", "ăe"),
        ("{AltGr+`}x", "^x"),  # not in the map: alone, then what the key gives
        ("{AltGr+`} ", "^"),
        ("{AltGr+`}{AltGr+`}", "^"),
        ("{AltGr+1}{AltGr+`}", "˘^"),  # another dead key gives what stands alone
        ("{AltGr+`}{AltGr+1}a", "ǂa"),  # unless the map has that
        ("{AltGr+`}{Backspace}a", "a"),  # cancelled, nothing deleted
        ("x{AltGr+`}{Backspace}{Backspace}a", "a"),
        ("{AltGr+`}", ""),  # it waits
        ("{AltGr+`}{AltGr+Shift+1}a", "â"),  # a key that does nothing changes nothing
    ],
)
def test_dead_keys(dead: Program, keys: str, text: str) -> None:
    assert type_keys(dead, parse_strokes(keys)) == text


def test_dead_keys_answer_everything_that_keys_give(dead: Program) -> None:
    given = set(dead.keys.values()) | {each.alone for each in dead.dead.values()}
    for each in dead.dead.values():
        assert given <= each.results.keys()


RULES = """
[[transform]]
from = "aa"
to = "â"

[[transform]]
from = "xaa"
to = "o"

[[transform]]
from = "o-"
to = "aa"

[[backspace]]
before = "n"
from = "ng"
to = "m"

[[backspace]]
from = "ng"
to = ""
"""


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("aa", "â"),
        ("xaa", "o"),  # the longer rule
        ("xaa-", "aa"),  # what a rule wrote fires no other
        ("xaa-a", "aâ"),
        ("ng{Backspace}", ""),
        ("ang{Backspace}", "a"),
        ("nng{Backspace}", "nm"),
        ("anx{Backspace}", "an"),
        ("{Backspace}", ""),
    ],
)
def test_rules_and_backspace(tmp_path: Path, keys: str, text: str) -> None:
    program = compiled(loaded(tmp_path, written(RULES)))
    assert type_keys(program, parse_strokes(keys)) == text


def test_typing_goes_on_behind_what_stands_there(tmp_path: Path) -> None:
    program = compiled(loaded(tmp_path, written(RULES)))
    typist = Typist(program, "x a")
    typist.press(Press("KeyA"))
    assert typist.text == "x â"
