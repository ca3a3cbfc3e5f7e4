"""m17n input methods, through libm17n: text and Backspace as the reference, what is committed when, installing."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ime.compiling import compiled
from ime.errors import BuildError
from ime.model import Keyboard
from ime.notation import parse_strokes
from ime.program import BACKSPACE, Press, Program, Rule, Stroke
from ime.proof import libm17n_driver
from ime.proof.libm17n import LIBM17N, Typed, type_both, type_from
from ime.targets.base import File, Package
from ime.targets.m17n import M17N, key_name
from ime.typing import type_keys
from tests.ime.kit import ids, loaded, shipped, written
from tests.ime.linux import KIT, hard, needs, run, tree, unpacked

COMPOSING = [keyboard for keyboard in shipped() if keyboard.kind == "composing"]
HARDEST = [
    max(COMPOSING, key=lambda each: len(compiled(each).rules)),
    max(COMPOSING, key=lambda each: max(len(rule.context) for rule in compiled(each).rules)),
    max(COMPOSING, key=lambda each: len(compiled(each).backspaces)),
]

# Rewrites, with a Backspace rule, and a rule that looks over a space.
REWRITING = """
[sets]
plain = "a e o"
marked = "ă ê ô"

[[transform]]
from = "{plain}w"
to = "{plain:marked}"

[[transform]]
before = "n"
from = "g "
to = "g-"

[[backspace]]
from = "ng"
to = ""
"""


def rewriting(folder: Path) -> Keyboard:
    return loaded(folder, written(REWRITING))


def both(keyboard: Keyboard, sequences: Iterable[Sequence[Stroke]]) -> list[Typed]:
    return type_both(keyboard, M17N.build(keyboard, compiled(keyboard), KIT), list(sequences))


def fuzz(program: Program, count: int) -> Iterator[list[Stroke]]:
    """Random strokes from few keys at a time, so that rules and dead keys fire, with Backspace."""
    chance = random.Random(program.id)
    lacking = M17N.lacking(program)
    presses = sorted({*program.keys, *program.dead_presses} - lacking)
    for _ in range(count):
        few: list[Stroke] = [*chance.sample(presses, 12), *program.dead_presses, Press("Space")]
        yield [
            BACKSPACE if chance.random() < 0.15 else chance.choice(few) for _ in range(chance.randint(1, 14))
        ]


@pytest.mark.parametrize("keyboard", HARDEST, ids=ids(HARDEST))
def test_three_thousand_random_strings_with_backspaces_equal_the_reference(keyboard: Keyboard) -> None:
    program = compiled(keyboard)
    sequences = list(fuzz(program, 3_000))
    for strokes, typed in zip(sequences, both(keyboard, sequences), strict=True):
        wanted = type_keys(program, strokes)
        assert typed.knowing == wanted
        assert typed.blind == wanted or typed.went_back


@pytest.mark.parametrize("make", [hard, rewriting])
def test_made_up_keyboards_equal_the_reference(make: Callable[[Path], Keyboard], tmp_path: Path) -> None:
    keyboard = make(tmp_path)
    program = compiled(keyboard)
    sequences = list(fuzz(program, 1_000))
    got = LIBM17N.type_all(keyboard, program, M17N.build(keyboard, program, KIT), sequences)
    assert got == [type_keys(program, strokes) for strokes in sequences]


def test_a_word_waits_in_the_preedit_until_a_space(tmp_path: Path) -> None:
    typed = both(rewriting(tmp_path), map(parse_strokes, ["ban", "ban ", "ban a", "ban aw", "ang a"]))
    assert [(each.blind, each.committed) for each in typed] == [
        ("ban", 0),
        ("ban ", 4),
        ("ban a", 4),
        ("ban ă", 4),
        ("ang-a", 4),  # the rule has written a hyphen
    ]


def test_a_keyboard_that_rewrites_nothing_commits_every_letter() -> None:
    keyboard = next(each for each in shipped() if each.kind == "direct" and not compiled(each).rules)
    strokes = list(compiled(keyboard).keys)[:8]
    (typed,) = both(keyboard, [strokes])
    assert typed.committed == len(typed.blind) == len(type_keys(compiled(keyboard), strokes))


def test_backspace_into_a_finished_word_rewrites_it_where_the_application_tells_its_text(
    tmp_path: Path,
) -> None:
    (typed,) = both(rewriting(tmp_path), [parse_strokes("ba {Backspace}w")])
    assert typed == Typed(knowing="bă", blind="baw", committed=2, went_back=True)


def test_backspace_takes_back_as_the_rules_say_also_what_is_committed(tmp_path: Path) -> None:
    typed = both(rewriting(tmp_path), map(parse_strokes, ["ang{Backspace}", "ang,{Backspace}{Backspace}"]))
    assert [each.knowing for each in typed] == ["a", "a"]


def test_keys_of_every_kind_have_names() -> None:
    names = [
        key_name(Press("KeyA")),
        key_name(Press("KeyA", "shift+altgr")),
        key_name(Press("Space", "shift")),
        key_name(Press("IntlBackslash", "shift")),
    ]
    assert names == ["a", "G-A", "S- ", ">"]


def test_presses_that_look_like_others_are_named() -> None:
    for keyboard in shipped():
        program = compiled(keyboard)
        for press in M17N.lacking(program):
            assert press.code == "IntlBackslash"


def test_a_rule_that_looks_too_far_back_cannot_be_said(tmp_path: Path) -> None:
    keyboard = rewriting(tmp_path)
    long = Rule((("a",),) * 11, "x", 0, ("b",))
    with pytest.raises(BuildError, match="looks 11 characters back; m17n can look back 10"):
        M17N.build(keyboard, replace(compiled(keyboard), rules=(long,)), KIT)


def test_what_libm17n_does_not_take_is_an_error(tmp_path: Path) -> None:
    keyboard = rewriting(tmp_path)
    broken = Package(
        "broken", (File("x.zip", b""), File(f"{keyboard.language}-{keyboard.id}.mim", b"(input-method"))
    )
    with pytest.raises(BuildError, match=f"libm17n: {keyboard.id}: .*cannot open"):
        LIBM17N.type_all(keyboard, compiled(keyboard), broken, [])


def test_the_driver_says_when_a_key_is_none_of_the_input_method(tmp_path: Path) -> None:
    keyboard = rewriting(tmp_path / "profiles")
    unpacked(M17N.build(keyboard, compiled(keyboard), KIT), tmp_path / "m17n")
    ran = subprocess.run(
        [sys.executable, "-I", str(libm17n_driver.__file__), keyboard.language, keyboard.id],
        input=json.dumps([["a", "F1"]]),
        env={"M17NDIR": str(tmp_path / "m17n")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "'F1' is no key" in ran.stderr


def test_what_is_installed_types_and_nothing_stays_after_removal(tmp_path: Path) -> None:
    keyboard = rewriting(tmp_path / "profiles")
    package = unpacked(M17N.build(keyboard, compiled(keyboard), KIT), tmp_path / "package")
    home = tmp_path / "a home"
    home.mkdir()
    for _ in range(2):
        ran = run(package / "install.sh", home=home)
        assert (ran.returncode, ran.stderr) == (0, "")
    assert sorted(path for path in tree(home) if "qaa" in path) == [
        ".m17n.d/icons/qaa-qaa-one.png",
        ".m17n.d/qaa-qaa-one.mim",
    ]
    (typed,) = type_from(keyboard, [parse_strokes("baw")], {"HOME": str(home)})
    assert typed.blind == "bă"
    mine = home / ".m17n.d/other.mim"
    mine.write_text("mine", encoding="utf-8")
    run(package / "uninstall.sh", home=home)
    assert tree(home / ".m17n.d") == {"other.mim": b"mine"}
    mine.unlink()
    run(package / "uninstall.sh", home=home)
    assert not (home / ".m17n.d").exists()


def test_the_scripts_are_clean_and_the_icon_is_a_png(tmp_path: Path) -> None:
    needs("shellcheck")
    keyboard = rewriting(tmp_path / "profiles")
    package = M17N.build(keyboard, compiled(keyboard), KIT)
    assert package.file(".png").data.startswith(b"\x89PNG\r\n\x1a\n")
    folder = unpacked(package, tmp_path / "package")
    ran = subprocess.run(
        ["shellcheck", "install.sh", "uninstall.sh"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ran.stdout == ""
