"""XKB packages, through libxkbcommon: dead keys, keys that give several characters, Caps Lock; what cannot be said."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ime.compiling import compiled
from ime.errors import BuildError
from ime.model import Keyboard
from ime.notation import parse_keys, parse_strokes
from ime.program import Press, Program
from ime.proof.run import appended
from ime.proof.xkbcommon import XKBCOMMON, XkbTypist
from ime.targets.base import File, Package
from ime.targets.xkb import XKB, Keysyms, layout_name
from languages.text import nfc
from tests.ime.kit import ids, shipped
from tests.ime.linux import KIT, hard, unpacked

DIRECT = [keyboard for keyboard in shipped() if keyboard.kind == "direct"]


@pytest.fixture
def keyboard(tmp_path: Path) -> Keyboard:
    return hard(tmp_path / "profiles")


@pytest.fixture
def program(keyboard: Keyboard) -> Program:
    return compiled(keyboard)


@pytest.fixture
def package(keyboard: Keyboard, program: Program) -> Package:
    return XKB.build(keyboard, program, KIT)


@pytest.fixture
def typist(keyboard: Keyboard, package: Package, tmp_path: Path) -> XkbTypist:
    folder = unpacked(package, tmp_path / "package")
    return XkbTypist(folder, layout_name(keyboard), package.file("Compose").data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_presses_give_what_the_program_says(
    typist: XkbTypist, program: Program, data: st.DataObject
) -> None:
    presses = sorted((*program.keys, *program.dead_presses))
    dead = sorted(program.dead_presses)
    strokes = data.draw(st.lists(st.sampled_from(presses) | st.sampled_from(dead), max_size=8))
    assert nfc(typist.type(strokes)) == appended(program, strokes)


def test_a_dead_key_meets_every_other_key(typist: XkbTypist, program: Program) -> None:
    for first in program.dead_presses:
        for second in (*program.keys, *program.dead_presses):
            assert nfc(typist.type([first, second])) == appended(program, [first, second])


def test_a_key_may_give_several_characters(typist: XkbTypist) -> None:
    assert typist.type(parse_keys("{AltGr+1}{AltGr+x}a")) == "ê̆ng̃a"
    assert typist.type(parse_keys("`{AltGr+x}")) == "˚ng̃"


def test_backspace_cancels_a_dead_key_and_takes_back_a_character(
    keyboard: Keyboard, package: Package
) -> None:
    texts = ["`{Backspace}a", "ab{Backspace}", "`a{Backspace}b"]
    got = XKBCOMMON.type_all(keyboard, compiled(keyboard), package, [parse_strokes(text) for text in texts])
    assert got == ["a", "a", "b"]


def test_caps_lock_is_shift_for_letters_and_nothing_for_others(typist: XkbTypist) -> None:
    def caps(keys: str) -> str:
        return typist.type(parse_keys(keys), caps_lock=True)

    assert caps("aZ;1-'") == "Az" + "Đ" + "1-'"
    assert caps("{AltGr+a}{AltGr+Shift+s}") == "Âă"
    assert caps("`a") == "Å"


def test_the_private_keysym_of_a_text_is_the_same_in_every_keyboard_and_nothing_that_a_key_gives() -> None:
    seen: dict[str, str] = {}
    for keyboard in DIRECT:
        program = compiled(keyboard)
        keysyms = Keysyms(program)
        assert len(set(keysyms.of.values())) == len(keysyms.of)
        for text, keysym in keysyms.of.items():
            if len(text) > 1:
                assert re.fullmatch(r"U[EF][0-9A-F]{3}", keysym)
                assert seen.setdefault(text, keysym) == keysym


@pytest.mark.parametrize("keyboard", DIRECT, ids=ids(DIRECT))
def test_every_key_of_every_keyboard_types_through_the_layout(keyboard: Keyboard) -> None:
    program = compiled(keyboard)
    package = XKB.build(keyboard, program, KIT)
    presses: list[list[Press]] = [[press] for press in program.keys]
    presses += [[dead, press] for dead in program.dead_presses for press in program.keys]
    got = XKBCOMMON.type_all(keyboard, program, package, presses)
    assert [nfc(text) for text in got] == [appended(program, each) for each in presses]


def test_the_entry_for_lists_of_layouts_is_xml_and_names_the_layout(
    keyboard: Keyboard, package: Package
) -> None:
    layout = ElementTree.fromstring(package.file("layout.xml").data)
    assert layout.findtext("configItem/name") == layout_name(keyboard)
    assert keyboard.names["vi"] in (layout.findtext("configItem/description") or "")


def test_no_compose_table_is_made_for_a_keyboard_that_needs_none() -> None:
    plain = [
        each
        for each in DIRECT
        if not each.dead and all(len(text) == 1 for text in compiled(each).keys.values())
    ]
    assert plain
    for keyboard in plain:
        assert not [
            file for file in XKB.build(keyboard, compiled(keyboard), KIT).files if file.path == "Compose"
        ]


def test_a_keyboard_that_rewrites_cannot_be_said_in_xkb() -> None:
    keyboard = next(each for each in shipped() if each.kind == "composing")
    with pytest.raises(BuildError, match=f"{keyboard.id} rewrites.*m17n"):
        XKB.build(keyboard, compiled(keyboard), KIT)


@pytest.mark.parametrize(
    ("ending", "code"), [("symbols/nhasan-qaa-one", "xkb_keymap"), ("Compose", "xkb_compose")]
)
def test_what_libxkbcommon_does_not_take_is_an_error(
    keyboard: Keyboard, program: Program, package: Package, ending: str, code: str
) -> None:
    files = [
        File(each.path, b"<<< {\n" * 20 if each.path.endswith(ending) else each.data)
        for each in package.files
    ]
    with pytest.raises(BuildError) as raised:
        XKBCOMMON.type_all(keyboard, program, Package(package.name, tuple(files)), [])
    assert raised.value.code == code
