"""The command line, as a person or a script uses it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ime.cli import main
from tests.ime.kit import house, shipped, written
from tests.ime.test_errors import NEEDED

KEYBOARD = next(each for each in shipped() if each.kind == "composing" and each.cased)


def run(*arguments: str, typed: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "ime", *arguments], input=typed, capture_output=True, check=False
    )


def test_list_says_keyboard_language_orthography_and_kind(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    rows = [line.split("\t") for line in capfd.readouterr().out.splitlines()]
    assert rows == [[each.id, each.language, each.orthography, each.kind] for each in shipped()]


def test_type_and_howto_are_inverse(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["howto", KEYBOARD.id, "Ba đô"]) == 0
    keys = capfd.readouterr().out.rstrip("\n")
    assert main(["type", KEYBOARD.id, keys]) == 0
    assert capfd.readouterr().out == "Ba đô\n"
    assert main(["type", KEYBOARD.id, "ab{Backspace}"]) == 0
    assert capfd.readouterr().out == "a\n"


def test_filters_answer_line_by_line() -> None:
    done = run("howto", KEYBOARD.id, typed="ba\n漢\n\nđo\n".encode() + b"\xff\n" + b"da")
    assert done.stdout.decode().splitlines() == ["ba", "", "", "ddo", "", "da"]
    said = done.stderr.decode().splitlines()
    assert said[0].startswith("line 2: ") and "U+6F22" in said[0]
    assert said[1].startswith("line 5: ") and len(said) == 2
    assert done.returncode == 1
    done = run("type", KEYBOARD.id, typed=b"ddo\n{what}\nba")
    assert done.stdout.decode().splitlines() == ["đo", "", "ba"]
    assert b"line 2: " in done.stderr and done.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("type", "nobody", "a"), "There is no keyboard “nobody”"),
        (("howto", KEYBOARD.id, "漢"), "cannot type “漢” (U+6F22)"),
        (("type", KEYBOARD.id, "{what}"), "names no key"),
        (("check", "/nowhere.toml"), "keyboards"),
    ],
)
def test_one_error_is_one_line(
    capfd: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert main(arguments) == 1
    out, err = capfd.readouterr()
    assert out == "" and said in err and err.count("\n") == 1


def test_misuse_is_told_apart() -> None:
    with pytest.raises(SystemExit) as caught:
        main(["dance"])
    assert caught.value.code == 2


def test_check_of_a_file_of_ones_own(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = house(tmp_path) / "qaa" / "keyboards" / "qaa-one.toml"
    path.write_text(written(NEEDED, top='layout = "us"\ncase = true'), encoding="utf-8")
    assert main(["check", str(path)]) == 0
    assert capfd.readouterr().out.startswith("qaa-one: good (")
    path.write_text(written(NEEDED.replace('"dd"', '"aa"')), encoding="utf-8")
    assert main(["check", str(path)]) == 1
    out = capfd.readouterr().out
    assert "error: qaa/keyboards/qaa-one.toml:" in out and "qaa-one: 1 error(s)" in out


def test_check_of_all(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [each.id for each in shipped()]
    assert all(": good (" in line for line in lines)
