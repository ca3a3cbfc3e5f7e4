"""Laws of every keyboard of the house: programs mean what the file says, texts stay NFC, howto inverts typing."""

from __future__ import annotations

import random
from functools import cache

import pytest

from ime.compiling import compiled, given, meaning_of
from ime.howto import howto, touch_howto, touch_presses
from ime.meaning import MOST_MARKS, too_many_marks
from ime.model import Keyboard
from ime.patterns import begins_letter, is_mark
from ime.program import BACKSPACE, Program, Stroke
from ime.typing import Typist, matcher, step, type_keys
from languages.text import nfc
from tests.ime.kit import ids, shipped

ALL = shipped()
SEED = 20261123

pytestmark = pytest.mark.parametrize("keyboard", ALL, ids=ids(ALL))


@cache
def triggers(keyboard: Keyboard) -> tuple[str, ...]:
    program = compiled(keyboard)
    return given(keyboard, program.keys.values(), program.dead.values())


def strokes(keyboard: Keyboard, program: Program, chance: random.Random, length: int) -> list[Stroke]:
    """Random strokes, more of those that rules look for."""
    presses = [*program.keys, *program.dead_presses]
    busy = [
        press for press, output in program.keys.items() if output in {rule.trigger for rule in program.rules}
    ]
    return [
        BACKSPACE
        if chance.random() < 0.07
        else chance.choice(busy if busy and chance.random() < 0.5 else presses)
        for _ in range(length)
    ]


def test_a_program_types_what_the_file_means_and_texts_stay_nfc(keyboard: Keyboard) -> None:
    program, meaning = compiled(keyboard), meaning_of(keyboard)
    chance = random.Random(f"{SEED} {keyboard.id}")
    outputs = triggers(keyboard)
    mixing = [output for output in outputs if not begins_letter(output)]
    for _ in range(150):
        text = ""
        for _ in range(12):
            output = chance.choice(mixing if mixing and chance.random() < 0.4 else outputs)
            after = step(matcher(program), text, output)
            assert after == meaning.step(text, output), (text, output)
            assert nfc(after) == after and not too_many_marks(after)
            text = after


def test_every_letter_takes_every_row_of_marks_as_it_is_meant(keyboard: Keyboard) -> None:
    program, meaning = compiled(keyboard), meaning_of(keyboard)
    outputs = triggers(keyboard)
    marks = [output for output in outputs if len(output) == 1 and is_mark(output)]
    chance = random.Random(f"{SEED} {keyboard.id}")
    for base in outputs if marks else ():
        for _ in range(6):
            text = base
            for _ in range(MOST_MARKS + 3):
                mark = chance.choice(marks)
                after = step(matcher(program), text, mark)
                assert after == meaning.step(text, mark), (text, mark)
                text = after


def test_strokes_leave_nfc_and_the_same_strokes_the_same_text(keyboard: Keyboard) -> None:
    program = compiled(keyboard)
    chance = random.Random(f"{SEED} {keyboard.id}")
    for _ in range(40):
        typed = strokes(keyboard, program, chance, 25)
        typist = Typist(program)
        for stroke in typed:
            typist.stroke(stroke)
            assert nfc(typist.text) == typist.text
        assert type_keys(program, typed) == typist.text


def test_no_two_rules_fire_on_the_same_text(keyboard: Keyboard) -> None:
    program = compiled(keyboard)
    for rules in (program.rules, program.backspaces):
        lengths = [len(rule.context) for rule in rules]
        assert lengths == sorted(lengths, reverse=True)
        for at, one in enumerate(rules):
            assert all(len(char) == 1 for slot in one.context for char in slot)
            assert all(len(set(slot)) == len(slot) for slot in one.context)
            for other in rules[:at]:
                if other.trigger == one.trigger and len(other.context) == len(one.context):
                    assert any(set(a).isdisjoint(b) for a, b in zip(one.context, other.context, strict=True))


def test_what_is_typed_at_random_can_be_typed_the_shortest_way(keyboard: Keyboard) -> None:
    program = compiled(keyboard)
    chance = random.Random(f"{SEED} {keyboard.id}")
    for _ in range(25):
        typed = [stroke for stroke in strokes(keyboard, program, chance, 7) if stroke != BACKSPACE]
        text = type_keys(program, typed)
        found = howto(program, text)
        assert type_keys(program, found) == text
        if program.composing:
            assert len(found) <= len(typed)


def test_touches_type_what_they_say(keyboard: Keyboard) -> None:
    program = compiled(keyboard)
    chance = random.Random(f"{SEED} {keyboard.id}")
    offered = sorted({touch.output for touch in touch_presses(keyboard) if touch.output})
    for _ in range(25):
        typed = Typist(program)
        for _ in range(3):
            typed.give(chance.choice(offered))
        typist = Typist(program)
        for touch in touch_howto(keyboard, typed.text):
            if touch.output:
                typist.give(touch.output)
        assert typist.text == typed.text
