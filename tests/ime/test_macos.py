"""Keylayouts for macOS, read back: every direct keyboard, dead keys in every state, Caps Lock, shortcuts, bundle."""

from __future__ import annotations

import io
import plistlib
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ime.compiling import compiled
from ime.errors import BuildError
from ime.model import Keyboard
from ime.positions import POSITIONS
from ime.program import Press
from ime.proof.macos_states import MACOS_STATES, Machine
from ime.proof.run import appended
from ime.targets.macos import MACOS, keylayout
from languages.text import nfc
from tests.ime.kit import ids, shipped
from tests.ime.linux import KIT

DIRECT = [keyboard for keyboard in shipped() if keyboard.kind == "direct"]
COMPOSING = next(keyboard for keyboard in shipped() if keyboard.kind == "composing")
WITH_DEAD_KEYS = next(keyboard for keyboard in DIRECT if keyboard.dead)


@pytest.mark.parametrize("keyboard", DIRECT, ids=ids(DIRECT))
def test_every_key_gives_on_macos_what_the_program_says(keyboard: Keyboard):
    program = compiled(keyboard)
    package = MACOS.build(keyboard, program, KIT)
    presses = [[press] for press in program.keys]
    assert MACOS_STATES.type_all(keyboard, program, package, presses) == list(program.keys.values())


@settings(deadline=None)
@given(data=st.data())
def test_any_presses_with_dead_keys_give_what_the_program_says(data: st.DataObject):
    program = compiled(WITH_DEAD_KEYS)
    machine = Machine(keylayout(WITH_DEAD_KEYS, program))
    dead = sorted(program.dead_presses)
    strokes = data.draw(st.lists(st.sampled_from(sorted(program.keys)) | st.sampled_from(dead), max_size=8))
    assert nfc(machine.type(strokes)) == appended(program, strokes)


@pytest.mark.parametrize("keyboard", DIRECT, ids=ids(DIRECT))
def test_caps_lock_changes_letters_with_two_cases_and_nothing_else(keyboard: Keyboard):
    program = compiled(keyboard)
    machine = Machine(keylayout(keyboard, program))
    for code in {press.code for press in program.keys if not press.modifiers}:
        low, high = (program.keys.get(Press(code, held), "") for held in ("", "shift"))
        cased = low and low != high and low.upper() == high
        assert machine.type([Press(code)], caps=True) == (high if cased else low)


def test_a_key_held_with_command_is_the_one_of_a_us_keyboard():
    machine = Machine(keylayout(WITH_DEAD_KEYS, compiled(WITH_DEAD_KEYS)))
    for held in ({"command"}, {"command", "anyShift"}, {"anyControl"}, {"command", "caps"}):
        keys = machine.map_for(frozenset(held))
        assert all(keys[position.mac].get("output") == position.us for position in POSITIONS.values())


def test_the_bundle_names_the_layout_and_is_the_same_each_time():
    package = MACOS.build(WITH_DEAD_KEYS, compiled(WITH_DEAD_KEYS), KIT)
    archive = zipfile.ZipFile(io.BytesIO(package.files[0].data))
    names = archive.namelist()
    information = plistlib.loads(archive.read(next(name for name in names if name.endswith("Info.plist"))))
    assert f"KLInfo_{WITH_DEAD_KEYS.id}" in information
    assert information["CFBundleVersion"] == WITH_DEAD_KEYS.version
    strings = archive.read(next(name for name in names if name.endswith("vi.lproj/InfoPlist.strings")))
    assert WITH_DEAD_KEYS.names["vi"] in strings.decode("utf-16")
    assert MACOS.build(WITH_DEAD_KEYS, compiled(WITH_DEAD_KEYS), KIT) == package


def test_a_keyboard_that_rewrites_is_refused_with_the_reason():
    with pytest.raises(BuildError, match="rewrites what was typed"):
        MACOS.build(COMPOSING, compiled(COMPOSING), KIT)
