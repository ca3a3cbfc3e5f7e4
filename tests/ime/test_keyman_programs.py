"""Programs that no keyboard of the house has, in Keyman's engines: all that a program can say comes out the same."""

from __future__ import annotations

import random
from itertools import product

import pytest

from ime.positions import POSITIONS
from ime.program import Dead, Mapped, Out, Press, Program, Rule, Slot, Stroke
from ime.proof import keyman_core, keyman_js
from ime.proof.base import Engine
from ime.proof.keyman_core import KEYMAN_CORE
from ime.proof.keyman_js import KEYMAN_JS
from ime.proof.run import random_strokes
from ime.targets.base import Package
from ime.targets.keyman_kmn import quoted
from ime.typing import type_keys
from tests.ime.keyman_kit import bare

SEED = 20261123
LETTERS = ("a", "b", "ă", "ơ", "\u0306", "\u0301", "'", '"', "\U00016b1c", "\U00016b34", "A", "B")
ENGINES = pytest.mark.parametrize("engine", [KEYMAN_CORE, KEYMAN_JS], ids=["core", "js"])


def any_text(chance: random.Random, longest: int) -> str:
    return "".join(chance.choice(LETTERS) for _ in range(chance.randint(0, longest)))


def any_rule(chance: random.Random, trigger: str) -> Rule:
    """A rule of up to three slots, some of them kept, whose output copies, maps and writes."""
    context: list[Slot] = [
        tuple(chance.sample(LETTERS, chance.randint(1, 4))) for _ in range(chance.randint(1, 3))
    ]
    kept = chance.randint(0, len(context))
    output: list[Out] = []
    for number in range(kept, len(context)):
        copied = context[number]
        mapped = tuple(any_text(chance, 3) for _ in copied)
        output.append(chance.choice([Mapped(number, copied), Mapped(number, mapped), any_text(chance, 2)]))
    output.insert(chance.randint(0, len(output)), any_text(chance, 2))
    return Rule(tuple(context), trigger, kept, tuple(out for out in output if out))


def meet(one: Rule, other: Rule) -> bool:
    """Whether two rules may fire on the same text, so that they cannot be in one program."""
    return len(one.context) == len(other.context) and all(
        set(mine) & set(theirs) for mine, theirs in zip(one.context, other.context, strict=True)
    )


def some_rules(chance: random.Random, triggers: list[str], count: int) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    for _ in range(count):
        rule = any_rule(chance, chance.choice(triggers))
        if not any(rule.trigger == other.trigger and meet(rule, other) for other in rules):
            rules.append(rule)
    return tuple(sorted(rules, key=lambda rule: -len(rule.context)))


def any_program(number: int) -> Program:
    chance = random.Random(f"{SEED} {number}")
    places = chance.sample(sorted(product(POSITIONS, ("", "shift", "altgr", "shift+altgr"))), 24)
    presses = [Press(code, modifiers) for code, modifiers in places]
    keys = {press: any_text(chance, 2) or "a" for press in presses[:20]}
    keys.update({Press("KeyZ"): "z", Press("KeyZ", "shift"): "Z"})
    dead_presses = {
        press: ("one", "two")[at % 2] for at, press in enumerate(presses[20:]) if press not in keys
    }
    alone = {"one": "˘", "two": "´"}
    given = sorted({*keys.values(), *alone.values()})
    dead = {
        name: Dead(name, text, text, {each: any_text(chance, 2) if chance.random() < 0.4 else text + each
                                      for each in given} | {text: text})
        for name, text in alone.items()
    }  # fmt: skip
    triggers = sorted(
        {*keys.values(), *(result for each in dead.values() for result in each.results.values())} - {""}
    )
    return Program(
        f"x{number}",
        True,
        keys,
        dead_presses,
        dead,
        some_rules(chance, triggers, 12),
        some_rules(chance, [""], 4),
    )


PROGRAMS = [any_program(number) for number in range(24)]


@pytest.fixture(scope="module")
def packages() -> list[Package]:
    return bare(PROGRAMS)


@ENGINES
def test_whatever_a_program_says_is_typed_alike(engine: Engine, packages: list[Package]) -> None:
    assert engine.version(), engine.why
    fired = 0
    for program, package in zip(PROGRAMS, packages, strict=True):
        sequences = list(random_strokes(program, 120))
        wanted = [type_keys(program, strokes) for strokes in sequences]
        plain = Program(program.id, True, program.keys, program.dead_presses, program.dead, (), ())
        fired += sum(
            type_keys(plain, strokes) != text for strokes, text in zip(sequences, wanted, strict=True)
        )
        assert engine.type_all(None, program, package, sequences) == wanted  # type: ignore[arg-type]
    assert fired > 500  # the rules did something


def test_a_key_that_gives_nothing_gives_nothing(packages: list[Package]) -> None:
    program = PROGRAMS[0]
    silent: list[Stroke] = [
        Press(code, modifiers)
        for code, modifiers in product(POSITIONS, ("", "shift"))
        if Press(code, modifiers) not in {**program.keys, **program.dead_presses}
    ]
    assert silent
    assert keyman_core.texts(packages[0], [[keyman_core.event(stroke) for stroke in silent]]) == [""]
    assert keyman_js.texts(packages[0], [[keyman_js.event(stroke) for stroke in silent]]) == [""]


def test_caps_lock_turns_shift_around_on_letters_alone(packages: list[Package]) -> None:
    letters = [Press("KeyZ"), Press("KeyZ", "shift")]
    assert keyman_core.texts(packages[0], [[keyman_core.event(each, caps=True) for each in letters]]) == [
        "Zz"
    ]
    assert keyman_js.texts(packages[0], [[keyman_js.event(each, caps=True) for each in letters]]) == ["Zz"]
    for program, package in zip(PROGRAMS, packages, strict=True):
        # Where a key's two levels are not one letter in two cases, Caps Lock changes nothing.
        uncased = [
            press
            for press, output in program.keys.items()
            if output.casefold() != program.keys.get(Press(press.code, turned(press)), "").casefold()
            and not output.startswith(("˘", "´"))
        ]
        sequences = [[keyman_js.event(press, caps=True)] for press in uncased]
        assert keyman_js.texts(package, sequences) == [type_keys(program, [press]) for press in uncased]


def turned(press: Press) -> str:
    return {"": "shift", "shift": "", "altgr": "shift+altgr", "shift+altgr": "altgr"}[press.modifiers]


def test_text_is_written_so_that_kmn_reads_it_back() -> None:
    assert quoted("ab") == "'ab'"
    assert quoted("ơ\u0306'") == "'ơ' U+0306 U+0027"
    assert quoted("\U00016b1c ") == "'\U00016b1c' U+0020"
    assert quoted("") == ""
