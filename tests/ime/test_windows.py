"""Layouts for Windows, typed through the tables read back from the DLLs; the source, the installer, what is refused."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ime.compiling import compiled
from ime.errors import BuildError
from ime.model import Keyboard
from ime.notation import parse_keys
from ime.program import Dead, Press, Program
from ime.proof.run import appended
from ime.proof.windows_pe import Image
from ime.proof.windows_tables import WINDOWS_TABLES, Layout
from ime.targets.base import File, Package
from ime.targets.windows import WINDOWS, windows_locale
from ime.targets.windows_dll import MACHINES, dll, source
from ime.targets.windows_klc import About, klc
from ime.targets.windows_tables import lacking, tables
from languages.text import nfc
from tests.ime.kit import ids, shipped
from tests.ime.linux import KIT, hard, needs

DIRECT = [keyboard for keyboard in shipped() if keyboard.kind == "direct"]
WITH_DEAD_KEYS = next(keyboard for keyboard in DIRECT if keyboard.dead)
ABOUT = About("nstest", 'A "title"', "Nobody", "1.0", "qaa-Latn", 0x042A, "Made up")


@pytest.fixture(autouse=True)
def _tools() -> None:
    needs(*(f"{machine.prefix}-{tool}" for machine in MACHINES.values() for tool in ("as", "ld")), "makensis")


def layouts(program: Program) -> list[Layout]:
    """The three DLLs of a program, read back."""
    made = tables(program)
    return [
        Layout(dll("nstest.dll", source(made, machine), machine), machine.id) for machine in MACHINES.values()
    ]


@cache
def package(keyboard: Keyboard) -> Package:
    return WINDOWS.build(keyboard, compiled(keyboard), KIT)


@pytest.fixture(scope="module")
def keyboard(tmp_path_factory: pytest.TempPathFactory) -> Keyboard:
    return hard(tmp_path_factory.mktemp("windows") / "profiles")


@pytest.fixture(scope="module")
def program(keyboard: Keyboard) -> Program:
    return compiled(keyboard)


@pytest.fixture(scope="module")
def three(program: Program) -> list[Layout]:
    return layouts(program)


@pytest.mark.parametrize("keyboard", DIRECT, ids=ids(DIRECT))
def test_every_key_alone_and_after_every_dead_key_types_through_all_three_dlls(keyboard: Keyboard) -> None:
    program = compiled(keyboard)
    every = [*program.keys, *program.dead_presses]
    sequences = [[press] for press in every] + [
        [dead, press] for dead in program.dead_presses for press in every
    ]
    wanted = [appended(program, sequence) for sequence in sequences]
    for layout in layouts(program):
        assert [nfc(layout.type(sequence)) for sequence in sequences] == wanted


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_presses_give_what_the_program_says(
    three: list[Layout], program: Program, data: st.DataObject
) -> None:
    every = sorted((*program.keys, *program.dead_presses))
    dead = sorted(program.dead_presses)
    strokes = data.draw(st.lists(st.sampled_from(every) | st.sampled_from(dead), max_size=8))
    assert {nfc(layout.type(strokes)) for layout in three} == {appended(program, strokes)}


def test_a_key_may_give_several_characters_and_characters_beyond_the_first_plane(three: list[Layout]) -> None:
    for layout in three:
        assert layout.type(parse_keys("{AltGr+1}{AltGr+x}a")) == "ê̆ng̃a"
        assert layout.type(parse_keys("`{AltGr+x}")) == "˚ng̃"
    beyond = next(
        each for each in DIRECT if any(ord(text[0]) > 0xFFFF for text in compiled(each).keys.values())
    )
    program = compiled(beyond)
    press = next(press for press, text in program.keys.items() if ord(text[0]) > 0xFFFF)
    assert {layout.type([press, press]) for layout in layouts(program)} == {program.keys[press] * 2}


def test_caps_lock_is_shift_for_letters_and_nothing_for_others(three: list[Layout]) -> None:
    for layout in three:

        def caps(keys: str, layout: Layout = layout) -> str:
            return layout.type(parse_keys(keys), caps_lock=True)

        assert caps("aZ;1-'") == "Az" + "Đ" + "1-'"
        assert caps("{AltGr+a}{AltGr+Shift+s}") == "Âă"
        assert caps("`a") == "Å"


def test_the_right_alt_key_is_altgr_only_where_something_stands_there(program: Program) -> None:
    without = replace(
        program,
        keys={press: text for press, text in program.keys.items() if "altgr" not in press.modifiers},
    )
    assert tables(program).altgr and not tables(without).altgr
    press = next(press for press in program.keys if press.modifiers == "altgr")
    assert {layout.type([press]) for layout in layouts(without)} == {""}


def test_keys_and_dead_keys_have_names(three: list[Layout]) -> None:
    for layout in three:
        assert {"Esc", "Backspace", "Right Alt"} <= set(layout.names)
        assert sorted(layout.dead_names) == ["*own", "˚ring"]


def test_building_again_gives_the_same_bytes_in_a_zip_without_times() -> None:
    again = WINDOWS.build(WITH_DEAD_KEYS, compiled(WITH_DEAD_KEYS), KIT)
    assert again == package(WITH_DEAD_KEYS)
    with zipfile.ZipFile(io.BytesIO(again.files[0].data)) as archive:
        names = {name.rpartition("/")[2] for name in archive.namelist()}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert {f"{WITH_DEAD_KEYS.id}.exe", f"{WITH_DEAD_KEYS.id}-32bit.exe", "README.txt"} <= names


def test_another_version_of_the_tables_has_another_dll_so_that_none_is_overwritten_in_use(
    keyboard: Keyboard, program: Program
) -> None:
    changed = replace(program, keys={**program.keys, Press("KeyA"): "b"})
    names = [
        WINDOWS.build(keyboard, each, KIT).file(".dll").path.rpartition("/")[2] for each in (program, changed)
    ]
    assert names[0] != names[1]
    assert all(len(name) == len("ns123456.dll") for name in names)


def test_the_engine_types_through_the_package_and_says_when_the_dlls_differ() -> None:
    program = compiled(WITH_DEAD_KEYS)
    presses = [[press] for press in sorted(program.keys)[:20]]
    made = package(WITH_DEAD_KEYS)
    texts = WINDOWS_TABLES.type_all(WITH_DEAD_KEYS, program, made, presses)
    assert texts == [program.keys[press] for (press,) in presses]
    other = next(each for each in DIRECT if compiled(each).keys != program.keys)
    foreign = tables(compiled(other))
    wrong = Package(
        made.name,
        tuple(
            File(each.path, dll("a.dll", source(foreign, MACHINES["x86"]), MACHINES["x86"]))
            if "/x86/" in each.path
            else each
            for each in made.files
        ),
    )
    with pytest.raises(BuildError, match="different texts"):
        WINDOWS_TABLES.type_all(WITH_DEAD_KEYS, program, wrong, [[press] for press in program.keys])


@pytest.mark.parametrize("damage", [b"", b"MZ" + bytes(200), b"not a DLL at all" * 8])
def test_what_is_no_dll_is_an_error_not_a_crash(damage: bytes) -> None:
    with pytest.raises(BuildError):
        Image(damage)


def test_the_wrong_kind_of_dll_is_seen(program: Program) -> None:
    wide = dll("a.dll", source(tables(program), MACHINES["x64"]), MACHINES["x64"])
    with pytest.raises(BuildError, match="wrong kind"):
        Layout(wide, "wow64")


def test_the_source_is_utf_16_as_the_creator_writes_it_and_says_what_the_tables_say(program: Program) -> None:
    layout = tables(program)
    data = klc(layout, ABOUT)
    assert data.startswith(b"\xff\xfe")
    lines = data.decode("utf-16").split("\r\n")
    assert lines[0] == "KBD\tnstest\t\"A 'title'\"" and lines[-2:] == ["ENDKBD", ""]
    keys = {line.split("\t")[0]: line.split("\t") for line in lines[lines.index("LAYOUT") :] if "\t" in line}
    assert keys["1e"] == ["1e", "A", "5", "a", "A", "-1", "00e2", "00c2"]
    assert keys["29"][3:5] == ["02da@", "007e"]
    ligature = lines.index("LIGATURE")
    assert "1\t3\t00ea\t0306" in lines[ligature:]
    dead = lines.index("DEADKEY\t02da")
    assert "0061\t00e5\t// a -> å" in lines[dead:]
    for each in layout.dead:
        assert all(f"{before:04x}\t{after:04x}\t" in data.decode("utf-16") for before, after in each.results)


def test_a_language_that_windows_has_no_number_for_stands_under_the_one_people_here_have() -> None:
    numbers = {keyboard.id: windows_locale(keyboard.orthography) for keyboard in DIRECT}
    assert all(0x0400 <= number < 0x1000 for number in numbers.values())
    assert windows_locale("qaa-Latn") == windows_locale("qab") == 0x042A


def dead(name: str, alone: str, **results: str) -> Dead:
    return Dead(name, name, alone, {"a": results.get("a", alone + "a"), **results})


def test_what_windows_cannot_say_is_refused_or_named(program: Program) -> None:
    keyboard = next(each for each in shipped() if each.kind == "composing")
    with pytest.raises(BuildError, match=f"{keyboard.id} rewrites.*Keyman"):
        WINDOWS.build(keyboard, compiled(keyboard), KIT)
    with pytest.raises(BuildError, match=r"dead keys one and two both give “\^”"):
        tables(replace(program, dead={"one": dead("one", "^"), "two": dead("two", "^")}, dead_presses={}))
    with pytest.raises(BuildError, match="one character of the Basic"):
        tables(replace(program, dead={"one": dead("one", "\U00016b00")}, dead_presses={}))
    with pytest.raises(BuildError, match="at most 4 UTF-16 units"):
        tables(replace(program, keys={Press("KeyA"): "abcde"}))
    press = Press("Digit1")
    combining = replace(program, dead={"one": dead("one", "^", **{"ab": "ă"})}, dead_presses={press: "one"})
    assert lacking(combining) == {press}
    assert lacking(program) == frozenset()


def test_missing_tools_are_named_with_their_package(tmp_path: Path, program: Program) -> None:
    script = (
        "from ime.targets import windows_dll, windows_setup\n"
        "print(windows_dll.missing(), windows_setup.missing(), sep='\\n')"
    )
    python = shutil.which("python")
    assert python
    said = subprocess.run(
        [python, "-c", script], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True
    ).stdout
    assert "apt install binutils-mingw-w64-x86-64" in said and "apt install nsis" in said
