"""The report of the proof: it says what is equal, what is not, and what was not looked at."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from ime.compiling import compiled
from ime.model import Keyboard
from ime.notation import parse_strokes
from ime.program import Backspace
from ime.proof import ENGINES
from ime.proof.keyman_core import KEYMAN_CORE
from ime.proof.keyman_js import KEYMAN_JS
from ime.proof.run import (
    FAILED,
    NOT_HERE,
    PROVED,
    TEXT_ONLY,
    appended,
    letters,
    prove,
    random_strokes,
    strings,
    through,
)
from ime.targets import TARGETS
from ime.typing import type_keys
from tests.ime.keyman_kit import KIT, packages
from tests.ime.kit import shipped

COMPOSING = next(keyboard for keyboard in shipped() if keyboard.kind == "composing" and keyboard.cased)
DIRECT = next(keyboard for keyboard in shipped() if keyboard.kind == "direct" and keyboard.dead)
KEYMAN = {"keyman": TARGETS["keyman"]}


def test_equal_texts_are_proved_in_each_engine_with_version_count_and_checksum() -> None:
    words = ["ba", "an", "not\u0020one"]
    rows = list(prove(COMPOSING, KIT, words, fuzz=20, engines=[KEYMAN_CORE, KEYMAN_JS], targets=KEYMAN))
    assert [(row.engine, row.state) for row in rows] == [("keyman-core", PROVED), ("keyman-js", PROVED)]
    program = compiled(COMPOSING)
    count = len({*letters(COMPOSING, program), *words}) + 20
    for row in rows:
        assert row.version and row.strings == count and not row.differing and not row.why
        assert len(row.package_sha256) == 64


def test_a_package_that_types_something_else_fails_and_shows_what() -> None:
    wrong, _ = packages([DIRECT, COMPOSING])
    program = compiled(COMPOSING)
    for engine in (KEYMAN_CORE, KEYMAN_JS):
        row = through(
            COMPOSING, program, wrong, engine, strings(COMPOSING, program, fuzz=30), appending=False
        )
        assert row.state == FAILED
        assert 0 < len(row.differing) <= 5 <= row.differences
        shown = row.differing[0]
        assert type_keys(program, parse_strokes(shown.keys)) == shown.wanted != shown.got


def test_a_word_that_cannot_be_typed_fails_with_the_character() -> None:
    (row,) = prove(COMPOSING, KIT, ["a\u4e2d"], fuzz=0, engines=[KEYMAN_JS], targets=KEYMAN)
    assert row.state == FAILED and row.differences == 1
    assert "中" in row.differing[0].why and row.differing[0].wanted == "a中"


def test_an_engine_that_is_not_on_the_machine_is_not_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (package,) = packages([DIRECT])
    monkeypatch.setenv("PATH", str(tmp_path))
    row = through(
        DIRECT, compiled(DIRECT), package, KEYMAN_JS, strings(DIRECT, compiled(DIRECT)), appending=False
    )
    assert row.state == NOT_HERE and "node" in row.why and not row.strings


def test_a_compiler_that_is_not_on_the_machine_is_no_fault_of_the_keyboard(tmp_path: Path) -> None:
    rows = list(prove(DIRECT, replace(KIT, tools=tmp_path), fuzz=0, engines=ENGINES, targets=KEYMAN))
    assert {row.state for row in rows} == {NOT_HERE}
    assert all("bin/setup" in row.why for row in rows)


def test_a_target_without_an_engine_says_that_only_text_was_looked_at() -> None:
    class Plain:
        id = "plain"
        title = "Plain"
        kinds = TARGETS["keyman"].kinds
        build = staticmethod(TARGETS["web"].build)

    (row,) = prove(DIRECT, KIT, fuzz=0, targets={"plain": Plain()})
    assert row.state == TEXT_ONLY and row.engine == "-" and row.package_sha256
    assert not list(prove(DIRECT, KIT, fuzz=0, engines=[KEYMAN_JS], targets={"plain": Plain()}))


def test_only_targets_that_carry_the_kind_are_asked_and_word_lists_are_not_typed_through() -> None:
    direct_only = {name: target for name, target in TARGETS.items() if "composing" not in target.kinds}
    lists = {name: TARGETS[name] for name in ("model", "hunspell")}
    assert direct_only
    assert not list(prove(COMPOSING, KIT, fuzz=0, targets={**direct_only, **lists}))


@pytest.mark.parametrize("keyboard", [COMPOSING, DIRECT], ids=["composing", "direct"])
def test_random_strokes_are_the_same_each_time_and_of_all_kinds(keyboard: Keyboard) -> None:
    program = compiled(keyboard)
    first = list(random_strokes(program, 300))
    assert first == list(random_strokes(program, 300))
    strokes = {stroke for sequence in first for stroke in sequence}
    assert any(isinstance(stroke, Backspace) for stroke in strokes)
    assert set(program.dead_presses) <= strokes
    assert len(strokes & set(program.keys)) > 0.9 * len(program.keys)


def test_what_only_appends_is_kept_for_targets_that_can_do_nothing_else() -> None:
    program = compiled(DIRECT)
    every = strings(DIRECT, program, fuzz=200)
    kept = every.appending(program)
    assert len(every.sequences) > len(kept.sequences) > 0.3 * len(every.sequences)
    for strokes, text in zip(kept.sequences, kept.texts, strict=True):
        assert appended(program, strokes) == text == unicodedata.normalize("NFC", text)
