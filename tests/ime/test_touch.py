"""Touch layouts: what the file says stays, the rest is derived so that a thumb reaches everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from ime.compiling import compiled
from ime.errors import Untypable
from ime.howto import touch_howto, touch_presses
from ime.model import Keyboard, TouchKey, TouchLayer
from ime.touch import WIDEST
from tests.ime.kit import ids, loaded, outputs_of, shipped, written

ALL = shipped()


def layer(keyboard: Keyboard, name: str) -> TouchLayer:
    return next(each for each in keyboard.touch if each.id == name)


def key(keyboard: Keyboard, name: str, output: str) -> TouchKey:
    return next(each for row in layer(keyboard, name).rows for each in row if each.output == output)


@pytest.mark.parametrize("keyboard", ALL, ids=ids(ALL))
def test_layers_fit_a_phone_and_lead_to_each_other(keyboard: Keyboard) -> None:
    names = [each.id for each in keyboard.touch]
    assert names[0] == "default" and "numeric" in names
    for each in keyboard.touch:
        roles = [one.goes_to or one.role for row in each.rows for one in row if one.role != "letter"]
        assert {"space", "backspace", "enter"} <= set(roles)
        assert len(roles) == len(set(roles))
        for row in each.rows:
            assert 0 < sum(one.role == "letter" for one in row) <= WIDEST or any(
                one.role == "space" for one in row
            )
            assert all(one.output for one in row if one.role in ("letter", "space"))
            assert all(one.label for one in row if one.role != "space")
    leads = {one.goes_to or one.role for row in keyboard.touch[0].rows for one in row}
    assert ("shift" in names) == ("shift" in leads)
    assert "numeric" in leads


@pytest.mark.parametrize("keyboard", ALL, ids=ids(ALL))
def test_all_that_keys_give_can_be_touched(keyboard: Keyboard) -> None:
    offered = {touch.output for touch in touch_presses(keyboard)}
    for each in keyboard.layers.values():
        for one in each.values():
            assert one.dead or one.output in offered or offered.issuperset(one.output)
    assert offered - {""} <= set(outputs_of(keyboard))


def test_latin_letters_stand_under_their_base(tmp_path: Path) -> None:
    keyboard = loaded(tmp_path, written("", top='layout = "us"\ncase = true'))
    assert [one.output for one in layer(keyboard, "default").rows[0]] == list("qwertyuiop")
    assert key(keyboard, "default", "a").long_press == ("â", "ă")
    assert key(keyboard, "shift", "D").long_press == ("Đ",)
    assert layer(keyboard, "default").rows[2][0].role == "shift"
    assert layer(keyboard, "default").rows[2][-1].role == "backspace"
    assert [one.output for one in layer(keyboard, "numeric").rows[0]] == list("1234567890")
    assert "?" in key(keyboard, "default", ".").long_press


def test_what_the_file_says_stays(tmp_path: Path) -> None:
    body = """
[keys.joiner]
output = "\\u200d"
label = "ZWJ"

[[touch.layer]]
id = "default"
rows = ["a b d e n", "{shift} o s x {joiner} {backspace}", "{numeric} {space} {enter}"]

[touch.longpress]
a = "ă â {joiner}"

[touch.flick.o]
up = "ơ"
left = "ô"
"""
    keyboard = loaded(tmp_path, written(body, top='layout = "us"\ncase = true'))
    rows = layer(keyboard, "default").rows
    assert [[one.output or one.goes_to or one.role for one in row] for row in rows] == [
        ["a", "b", "d", "e", "n"],
        ["shift", "o", "s", "x", "\u200d", "backspace"],
        ["numeric", " ", "enter"],
    ]
    assert rows[1][4].label == "ZWJ"
    assert key(keyboard, "default", "a").long_press == ("ă", "â", "\u200d")
    assert key(keyboard, "default", "o").flick == {"up": "ơ", "left": "ô"}
    assert key(keyboard, "shift", "A").role == "letter"  # derived from the layer that the file gives
    assert key(keyboard, "symbols", "q").output == "q"  # nothing is out of reach


def test_shift_holds_for_one_letter_and_numbers_stay(tmp_path: Path) -> None:
    keyboard = loaded(tmp_path, written("", top='layout = "us"\ncase = true'))
    touches = touch_howto(keyboard, "Ba12b")
    assert [(touch.layer, touch.output) for touch in touches] == [
        ("default", ""),
        ("shift", "B"),
        ("default", "a"),
        ("default", ""),
        ("numeric", "1"),
        ("numeric", "2"),
        ("numeric", ""),
        ("default", "b"),
    ]
    (long,) = touch_howto(keyboard, "ă")
    assert (long.gesture, long.choice, long.output) == ("long", 1, "ă")


def test_touches_go_through_the_transforms(tmp_path: Path) -> None:
    body = '[[transform]]\nfrom = "xx"\nto = "ꞌ"\n[[transform]]\nfrom = "oq"\nto = "œ"\n'
    keyboard = loaded(tmp_path, written(body))
    assert [touch.output for touch in touch_howto(keyboard, "œ")] == ["o", "q"]
    assert compiled(keyboard).composing
    with pytest.raises(Untypable):
        touch_howto(keyboard, "漢")
