"""What a file says is what the keyboard holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ime.positions import POSITIONS, ROWS, SPACE
from ime.program import Press
from ime.schema import Lines
from languages.profile import Source
from tests.ime.kit import loaded, written

BODY = """
[keys.zwsp]
output = "\\u200b"
label = "ZWSP"

[dead.hat]
label = "^"
alone = "^"
map = "a â A Â"

[[source]]
id = "here"
citation = "This file"

[[layer]]
modifiers = ""
space = "{zwsp}"
rows = [
    '{=} {} â ◌\u0306 {hat} ab {=} {=} {=} {=} {=} {=} {=}',
    '{=} {=} {=} {=} {=} {=} {=} {=} {=} {=} { } {=}',
    "{=} {=} {=} {=} {=} {=} {=} {=} {=} {=} {zwsp}",
    "é {=} {=} {=} {=} {=} {=} {=} {=} {=} {=}",
]

[[layer]]
modifiers = "altgr"
space = "\\u00a0"
rows = [
    "{} {} {} {} {} {} {} {} {} {} {} {} {}",
    "{} {} {} {} {} {} {} {} {} {} {} {} {}",
    "{} {} {} {} {} {} {} {} {} {} {}",
    "z {} {} {} {} {} {} {} {} {}",
]
"""


def test_cells_are_keys_at_places(tmp_path: Path) -> None:
    text = written(BODY, kind="direct").replace('sources = ["made"]', 'sources = ["here", "made"]')
    keyboard = loaded(tmp_path, text)
    plain, shift, altgr = (keyboard.layers[held] for held in ("", "shift", "altgr"))
    assert plain["Backquote"].output == "`"  # {=}: what the layout gives
    assert "Digit1" not in plain  # {}: nothing
    assert (plain["Digit2"].output, plain["Digit2"].label) == ("â", "â")
    assert (plain["Digit3"].output, plain["Digit3"].label) == ("\u0306", "◌\u0306")  # the mark alone
    assert (plain["Digit4"].dead, plain["Digit4"].output) == ("hat", "")
    assert plain["Digit5"].output == "ab"
    assert (plain["BracketLeft"].output, plain["BracketRight"].output) == ("{", "}")
    assert (plain["Quote"].output, plain["Quote"].label) == ("\u200b", "ZWSP")
    assert (
        plain["IntlBackslash"].output == "é"
    )  # eleven cells: the first is the key that only ISO keyboards have
    assert altgr["KeyZ"].output == "z" and "IntlBackslash" not in altgr  # ten cells
    assert plain[SPACE].output == "\u200b" and shift[SPACE].output == " " and altgr[SPACE].output == "\u00a0"
    assert shift["KeyA"].output == "A"
    assert keyboard.key(Press("KeyQ", "altgr")) is None
    assert keyboard.dead["hat"].results == {"a": "â", "A": "Â"}
    assert keyboard.sources == (
        Source("here", "This file"),
        Source("made", "Made up for tests"),
    )
    assert (keyboard.language, keyboard.orthography, keyboard.kind) == ("qaa", "qaa-Latn", "direct")
    assert (keyboard.reviewed, keyboard.default, keyboard.cased) == (False, True, False)


def test_nothing_of_a_keyboard_can_be_changed(tmp_path: Path) -> None:
    keyboard = loaded(tmp_path, written(""))
    for mapping in (keyboard.layers, keyboard.layers[""], keyboard.sets, keyboard.names, keyboard.dead):
        with pytest.raises(TypeError):
            mapping["x"] = "y"  # type: ignore[index]


def test_sets_and_rules_of_fragments_come_before_those_of_the_file(tmp_path: Path) -> None:
    loaded(tmp_path, written(""))
    fragment = tmp_path / "_shared" / "keyboards" / "more.toml"
    fragment.write_text(
        '[sets]\none = "a"\ntwo = "b"\n[[transform]]\nfrom = "{one}x"\nto = "{one}"\n'
        '[[source]]\nid = "fragment"\ncitation = "Cited there"\n',
        encoding="utf-8",
    )
    body = '[sets]\none = "o"\n[[transform]]\nfrom = "{two}x"\nto = "{two}"\n'
    keyboard = loaded(tmp_path, written(body, top='layout = "us"\ninclude = ["more"]'))
    assert keyboard.sets == {"one": ("o",), "two": ("b",)}
    assert {(rule.file, rule.source) for rule in keyboard.transforms} == {
        ("qaa/keyboards/qaa-one.toml", "{two}x"),
        ("_shared/keyboards/more.toml", "{one}x"),
    }
    assert [source.id for source in keyboard.sources] == ["made", "fragment"]


def test_lines_of_keys() -> None:
    lines = Lines(
        'a = 1\n[t]\n"b" = """\nc = 2\n"""\nd.e = [ # [not]\n  "x", "y",\n  "]",\n]\n[[r]]\nf = 1\n[[r]]\nf = ["p"]\n'
    )
    where = {
        "a": 1,
        "t": 2,
        "t.b": 3,
        "t.d.e": 6,
        "t.d.e[1]": 7,
        "t.d.e[2]": 8,
        "r[0].f": 11,
        "r[1].f[0]": 13,
    }
    assert {key: lines[key] for key in where} == where
    assert (lines["r[1].missing"], lines["t.c"], lines["nowhere"]) == (12, 2, 0)


def test_places_are_a_keyboard_of_48_keys_and_the_space_bar() -> None:
    assert [len(row) for row in ROWS] == [13, 13, 11, 11]
    assert sum(map(len, ROWS)) + 1 == len(POSITIONS) == 49
    for field in ("iso", "scan_code", "xkb", "virtual_key", "keyman", "mac"):
        assert len({getattr(position, field) for position in POSITIONS.values()}) == len(POSITIONS)
