"""Keyboards as CLDR keyboard3: read back and typed, checked by Keyman's compiler, typed in Keyman Core where it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ime.compiling import compiled
from ime.errors import BuildError
from ime.model import Keyboard
from ime.program import Press
from ime.proof.ldml_core import LDML_CORE
from ime.proof.run import NOT_HERE, PROVED, prove, random_strokes
from ime.targets.base import Kit
from ime.targets.keyman_compiler import Job, ldml_missing
from ime.targets.keyman_compiler import compiled as compile_jobs
from ime.targets.ldml import LDML, keyboard3
from ime.typing import type_keys
from tests.ime.keyboard3 import Keyboard3
from tests.ime.keyman_kit import KIT
from tests.ime.kit import ids, shipped
from tests.ime.linux import KIT as NO_TOOLS
from tests.ime.linux import hard

EVERY = shipped()
WITH_DEAD_KEYS = next(each for each in EVERY if each.kind == "direct" and each.dead)
# One of every kind: cased, with rules for Backspace, with dead keys, beyond the first plane.
KINDS = [
    next(each for each in EVERY if each.kind == "composing" and each.cased),
    next(each for each in EVERY if each.backspaces),
    WITH_DEAD_KEYS,
    next(
        each
        for each in EVERY
        if compiled(each).rules and any(ord(text[0]) > 0xFFFF for text in compiled(each).keys.values())
    ),
]
# The order that the DTD of CLDR 45 asks for.
ORDER = [
    "locales",
    "version",
    "info",
    "settings",
    "displays",
    "keys",
    "flicks",
    "layers",
    "variables",
    "transforms",
]


@pytest.mark.parametrize("keyboard", EVERY, ids=ids(EVERY))
def test_every_key_gives_what_the_program_says_and_every_name_is_declared(keyboard: Keyboard) -> None:
    program = compiled(keyboard)
    reader = Keyboard3(keyboard3(keyboard, program).encode())
    assert [reader.type([press]) for press in program.keys] == [
        type_keys(program, [press]) for press in program.keys
    ]
    found = [element.tag for element in reader.root]
    assert found == sorted(found, key=ORDER.index)
    declared = {key.get("id") for key in reader.root.iterfind("keys/key")}
    flicks = {flick.get("id") for flick in reader.root.iterfind("flicks/flick")}
    layers = {layer.get("id") for layer in reader.root.iterfind("layers[@formId='touch']/layer")}
    used = [name for row in reader.root.iter("row") for name in row.get("keys", "").split()]
    for key in reader.root.iterfind("keys/key"):
        used += key.get("longPressKeyIds", "").split()
        assert {key.get("flickId")} - {None} <= flicks
        assert {key.get("layerId")} - {None} <= layers
    used += [segment.get("keyId", "") for segment in reader.root.iter("flickSegment")]
    assert set(used) == declared


@pytest.mark.parametrize("keyboard", KINDS, ids=ids(KINDS))
def test_random_strokes_with_backspaces_type_as_in_the_reference(keyboard: Keyboard) -> None:
    program = compiled(keyboard)
    reader = Keyboard3(keyboard3(keyboard, program).encode())
    for strokes in random_strokes(program, 60):
        assert reader.type(strokes) == type_keys(program, strokes), strokes


def test_dead_keys_meet_every_key_and_every_dead_key(tmp_path: Path) -> None:
    keyboard = hard(tmp_path / "profiles")
    program = compiled(keyboard)
    reader = Keyboard3(keyboard3(keyboard, program).encode())
    for first in program.dead_presses:
        for second in (*program.keys, *program.dead_presses):
            assert reader.type([first, second]) == type_keys(program, [first, second])


def test_caps_lock_is_shift_for_letters_and_nothing_for_others(tmp_path: Path) -> None:
    keyboard = hard(tmp_path / "profiles")
    reader = Keyboard3(keyboard3(keyboard, compiled(keyboard)).encode())
    presses = [Press("KeyA"), Press("KeyZ", "shift"), Press("Digit1"), Press("KeyA", "altgr")]
    assert reader.type(presses, caps=True) == "Az1Â"


@pytest.mark.parametrize("keyboard", KINDS, ids=ids(KINDS))
def test_keymans_compiler_takes_it_and_the_same_source_gives_the_same_bytes(
    keyboard: Keyboard, tmp_path: Path
) -> None:
    assert not ldml_missing(KIT.tools)
    kit = replace(KIT, cache=tmp_path / "cache")
    first = LDML.build(keyboard, compiled(keyboard), kit)
    assert [file.path for file in first.files] == [
        f"{keyboard.id}-keyboard3.xml",
        f"{keyboard.id}-keyboard3.kmx",
    ]
    assert LDML.build(keyboard, compiled(keyboard), kit) == first
    assert len(list((tmp_path / "cache").iterdir())) == 1
    if keyboard is WITH_DEAD_KEYS:
        assert LDML.build(keyboard, compiled(keyboard), KIT) == first


def test_what_the_compiler_does_not_take_is_an_error_that_names_the_file() -> None:
    with pytest.raises(BuildError, match=r"^x\.xml: Keyman's compiler says: "):
        list(compile_jobs(KIT.tools, [Job({"x.xml": b"<keyboard3/>"}, ldml="x.xml")]))


def test_without_the_compiler_there_is_the_file_alone() -> None:
    package = LDML.build(WITH_DEAD_KEYS, compiled(WITH_DEAD_KEYS), NO_TOOLS)
    assert [file.path for file in package.files] == [f"{WITH_DEAD_KEYS.id}-keyboard3.xml"]
    with pytest.raises(BuildError, match="compiler of LDML is not installed"):
        LDML_CORE.type_all(WITH_DEAD_KEYS, compiled(WITH_DEAD_KEYS), package, [])


def test_it_is_proved_in_keyman_core_where_that_is_new_enough_and_says_so_where_it_is_not(
    tmp_path: Path,
) -> None:
    kit = Kit(tools=KIT.tools, cache=tmp_path)
    for keyboard in (KINDS[0], WITH_DEAD_KEYS):
        (row,) = prove(keyboard, kit, fuzz=100, engines=[LDML_CORE], targets={"ldml": LDML})
        if LDML_CORE.version() is None:
            assert (row.state, row.why) == (NOT_HERE, LDML_CORE.why)
        else:
            assert row.state == PROVED, row
