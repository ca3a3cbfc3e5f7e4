"""A keyboard goes to the page whole, and the engine there types what the reference types."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from ime.catalogue import keyboards
from ime.compiling import compiled
from ime.model import Keyboard
from ime.positions import POSITIONS
from ime.program import BACKSPACE, MODIFIERS, Press
from ime.proof.base import Engine
from ime.proof.run import strings
from ime.proof.web_chromium import WEB_CHROMIUM
from ime.proof.web_node import SCRIPTS, WEB_NODE
from ime.targets.base import Kit
from ime.targets.web import WEB, as_bytes, entry, payload, presses, touches
from ime.typing import type_keys

KIT = Kit(tools=Path())
# Everything that a page loads to type in a text box and to draw the keys.
TYPING = ("engine.js", "box.js", "osk.js", "page.js", "attach.js", "dock.js")
LIMIT = 10 * 1024  # bytes


def telling() -> list[Keyboard]:
    """Keyboards that differ: most rules, most dead keys, rules for Backspace, AltGr with rules."""
    found = keyboards().by_id.values()
    picked = [
        max(found, key=lambda each: len(compiled(each).rules)),
        max(found, key=lambda each: len(compiled(each).dead)),
        max(found, key=lambda each: len(compiled(each).backspaces)),
        max(found, key=lambda each: len(each.layers.get("altgr", {}))),
    ]
    return list(dict.fromkeys(picked))


def typed(engine: Engine, keyboard: Keyboard, fuzz: int) -> Iterator[tuple[str, str]]:
    program = compiled(keyboard)
    wanted = strings(keyboard, program, fuzz=fuzz)
    package = WEB.build(keyboard, program, KIT)
    return zip(wanted.texts, engine.type_all(keyboard, program, package, wanted.sequences), strict=True)


@pytest.mark.parametrize("keyboard", telling(), ids=lambda keyboard: keyboard.id)
def test_in_node_the_engine_types_letters_and_random_strokes_as_the_reference(keyboard: Keyboard) -> None:
    assert [(wanted, got) for wanted, got in typed(WEB_NODE, keyboard, 3000) if wanted != got] == []


@pytest.mark.e2e
def test_in_chromium_key_events_into_a_text_box_give_the_same_texts() -> None:
    for keyboard in telling()[:2]:
        assert [(wanted, got) for wanted, got in typed(WEB_CHROMIUM, keyboard, 200) if wanted != got] == []


def test_every_key_of_every_keyboard_is_in_its_payload() -> None:
    codes = list(POSITIONS)
    for keyboard in keyboards().by_id.values():
        program = compiled(keyboard)
        found = payload(keyboard, program, {})["keys"]
        keys = {}
        for modifiers in MODIFIERS:
            for code, cell in zip(codes, found[modifiers], strict=False):
                if cell:
                    output, _label, dead = (
                        cell if len(cell) == 3 and isinstance(cell, list) else (cell, "", "")
                    )
                    keys[Press(code, modifiers)] = dead or (output[0] if isinstance(output, list) else output)
        assert keys == {**program.keys, **program.dead_presses}, keyboard.id


def test_a_payload_is_the_same_bytes_each_time_and_weighs_little() -> None:
    for keyboard in keyboards().by_id.values():
        program = compiled(keyboard)
        package = WEB.build(keyboard, program, KIT)
        data = package.file(".json").data
        assert data == WEB.build(keyboard, program, KIT).file(".json").data
        assert len(gzip.compress(data)) < 6_000, keyboard.id
        assert json.loads(data)["id"] == keyboard.id


def test_the_entry_of_a_menu_says_names_and_address_alone() -> None:
    keyboard = next(iter(keyboards().by_id.values()))
    names = dict.fromkeys(keyboard.names, "…") | {"own": "…"}
    found = json.loads(as_bytes(entry(keyboard, names, "/where.json")))
    assert found["names"] == dict(keyboard.names)
    assert found["address"] == "/where.json"
    assert "own" not in found["languageNames"]
    assert not {"keys", "rules", "touch"} & set(found)


def test_strokes_for_the_page_are_plain_lists() -> None:
    from ime.model import TouchPress

    assert presses([Press("KeyA"), Press("KeyB", "shift")]) == [["KeyA", ""], ["KeyB", "shift"]]
    touch = TouchPress("shift", 1, 2, "long", 3, "x")
    assert touches([touch]) == [["shift", 1, 2, "long", 3, "x"]]


def test_strokes_that_a_keyboard_does_not_know_change_nothing() -> None:
    keyboard = telling()[0]
    program = compiled(keyboard)
    unknown = [Press(code, "shift+altgr") for code in POSITIONS]
    strokes = [
        stroke for stroke in unknown if stroke not in program.keys and stroke not in program.dead_presses
    ]
    sequence = [*strokes, BACKSPACE, *program.keys, *strokes]
    texts = WEB_NODE.type_all(keyboard, program, WEB.build(keyboard, program, KIT), [sequence, []])
    assert texts == [type_keys(program, sequence), ""]


def test_all_that_types_and_draws_in_a_page_is_small() -> None:
    sizes = {name: len(brotli.compress((SCRIPTS / name).read_bytes())) for name in TYPING}
    assert sum(sizes.values()) < LIMIT, sizes


def test_the_scripts_load_nothing_else() -> None:
    imported = {
        name
        for script in TYPING
        for name in re.findall(r"""["']\./([\w-]+\.js)["']""", (SCRIPTS / script).read_text(encoding="utf-8"))
    }
    assert imported <= set(TYPING)
