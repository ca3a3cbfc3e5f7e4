"""A layout in a real X server: installed by its script, typed by xdotool, looked up through the X input method."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from ime.compiling import compiled
from ime.howto import howto
from ime.notation import parse_keys
from ime.positions import POSITIONS
from ime.program import Press
from ime.targets.xkb import XKB, layout_name
from languages.text import nfc
from tests.ime.kit import orthography_of, shipped
from tests.ime.linux import KIT, hard, needs, run, unpacked

pytestmark = pytest.mark.slow

FIELD = Path(__file__).with_name("x_field.py")
KEYCODES = Path("/usr/share/X11/xkb/keycodes/evdev")
SHIFT, ALTGR, RETURN, F12 = "50", "108", "36", "96"


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X server of our own; its display."""
    needs("Xvfb", "xdotool", "setxkbmap", "xkbcomp")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-noreset", "-nolisten", "tcp", "-screen", "0", "320x240x24", "-displayfd", str(write)],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def xdotool(texts: Sequence[Sequence[Press]]) -> list[str]:
    """Arguments that press some keys, Return after each text, then F12."""
    found = re.findall(r"<(\w+)>\s*=\s*(\d+);", KEYCODES.read_text(encoding="utf-8"))
    codes = dict(reversed(found))
    arguments: list[str] = []
    for presses in texts:
        for press in presses:
            held = [key for key, name in ((ALTGR, "altgr"), (SHIFT, "shift")) if name in press.modifiers]
            for key in held:
                arguments += ["keydown", "--delay", "0", key]
            arguments += ["key", "--delay", "1", codes[POSITIONS[press.code].xkb]]
            for key in reversed(held):
                arguments += ["keyup", "--delay", "0", key]
        arguments += ["key", "--delay", "1", RETURN]
    return [*arguments, "key", F12]


@contextmanager
def field(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A text field that has the focus."""
    process = subprocess.Popen(
        [sys.executable, "-I", str(FIELD)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def typed(display: str, home: Path, texts: Sequence[Sequence[Press]]) -> list[str]:
    """What stands in a text field after some texts were typed."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "DISPLAY": display}
    with field(environment) as process:
        subprocess.run(["xdotool", *xdotool(texts)], env=environment, check=True, timeout=60)
        assert process.stdout is not None
        lines: list[str] = json.loads(process.stdout.readline())
    return lines[:-1]


def test_dead_keys_several_characters_and_altgr_type_in_a_real_x_server(display: str, tmp_path: Path) -> None:
    keyboard = hard(tmp_path / "profiles")
    package = unpacked(XKB.build(keyboard, compiled(keyboard), KIT), tmp_path / "package")
    run(package / "install.sh", home=tmp_path)
    ran = run(tmp_path / f".config/nhasan/{layout_name(keyboard)}-on-x11.sh", home=tmp_path, DISPLAY=display)
    assert (ran.returncode, ran.stderr) == (0, "")
    keys = [
        "`aA",
        "`k",
        "``",
        "` ",
        "[e[E[k",
        "{AltGr+1}{AltGr+Shift+1}",
        "{AltGr+x}",
        "`{AltGr+x}",
        ";:{AltGr+a}",
        "\\\"'",
    ]
    texts = ["åA", "˚k", "˚", "˚", "əƏ*k", "ê̆Ê̆", "ng̃", "˚ng̃", "đĐâ", "\\\"'"]
    assert typed(display, tmp_path, [parse_keys(each) for each in keys]) == texts


def test_a_whole_alphabet_types_in_a_real_x_server(display: str, tmp_path: Path) -> None:
    keyboard = max(
        (each for each in shipped() if each.kind == "direct"),
        key=lambda each: sum(len(text) > 1 for text in compiled(each).keys.values()),
    )
    program = compiled(keyboard)
    unpacked(XKB.build(keyboard, program, KIT), tmp_path / "package")
    run(tmp_path / "package/install.sh", home=tmp_path)
    run(tmp_path / "package/on-x11.sh", home=tmp_path, DISPLAY=display)
    letters = [nfc(letter) for letter in orthography_of(keyboard).alphabet]
    got = typed(display, tmp_path, [howto(program, letter) for letter in letters])
    assert [nfc(text) for text in got] == letters
