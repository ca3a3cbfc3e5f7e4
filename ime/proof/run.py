"""Proves keyboards: what the reference engine types, every engine must type through what the targets built.

Typed are the letters of the orthography and the words that are given, each by the shortest strokes (`ime.howto`), and a
fuzz of random strokes, the same at every run. Targets that know what stands before the cursor must agree stroke for
stroke, Backspace and all. Targets that can only append (those for `direct` keyboards alone) are compared after NFC, on
strokes that do nothing else.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ime.compiling import compiled
from ime.errors import BuildError, Untypable, shown
from ime.howto import howto
from ime.model import Keyboard
from ime.notation import show_keys
from ime.program import BACKSPACE, Backspace, Press, Program, Stroke
from ime.proof import ENGINES
from ime.proof.base import Engine
from ime.targets import TARGETS
from ime.targets.base import Kit, Lacking, Package, Target
from ime.typing import type_keys
from languages import registry
from languages.text import nfc

State = Literal["proved", "failed", "not here", "text check only"]
PROVED: Final[State] = "proved"
FAILED: Final[State] = "failed"
NOT_HERE: Final[State] = "not here"
TEXT_ONLY: Final[State] = "text check only"

# Packages of words: nobody types through them.
WORD_TARGETS: Final = frozenset({"model", "hunspell"})
_FEW: Final = 5  # differences that a row keeps
_LONGEST: Final = 12  # strokes of a random string
_SEED: Final = "2026"


@dataclass(frozen=True)
class Difference:
    """Strokes (in the notation of `ime.notation`) with the text that they should give, and what came instead.

    For a text that no strokes give there are neither strokes nor text, but `why`.
    """

    wanted: str
    keys: str = ""
    got: str = ""
    why: str = ""

    def __str__(self) -> str:
        return self.why or f"{self.keys}: {shown(self.wanted)} ≠ {shown(self.got)}"


@dataclass(frozen=True)
class Row:
    """A line of the report: what came of typing through one engine.

    `version` is empty where no engine typed; `differing` holds the first few differences of `differences`; `why` is a
    sentence where the state needs one. `package_sha256` is of the file that people download.
    """

    keyboard: str
    target: str
    engine: str
    state: State
    version: str = ""
    strings: int = 0
    differences: int = 0
    differing: tuple[Difference, ...] = ()
    why: str = ""
    package_sha256: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Strings:
    """What is typed: sequences of strokes with the texts that they must give.

    `untypable` are texts that no strokes give, with the reason.
    """

    sequences: tuple[tuple[Stroke, ...], ...]
    texts: tuple[str, ...]
    untypable: tuple[Difference, ...] = ()

    def appending(self, program: Program) -> Strings:
        """Those in which every stroke only appends, for targets that can do nothing else."""
        kept = [
            (strokes, text)
            for strokes, text in zip(self.sequences, self.texts, strict=True)
            if appended(program, strokes) == text
        ]
        return Strings(tuple(strokes for strokes, _ in kept), tuple(text for _, text in kept), self.untypable)

    def without(self, presses: frozenset[Press]) -> Strings:
        """Those in which none of some presses is."""
        kept = [
            (strokes, text)
            for strokes, text in zip(self.sequences, self.texts, strict=True)
            if presses.isdisjoint(strokes)
        ]
        return Strings(tuple(strokes for strokes, _ in kept), tuple(text for _, text in kept), self.untypable)


def strings(keyboard: Keyboard, program: Program, words: Iterable[str] = (), *, fuzz: int = 300) -> Strings:
    """What to type on a keyboard: its orthography's letters, some words, and `fuzz` random strings."""
    sequences: list[tuple[Stroke, ...]] = []
    texts: list[str] = []
    untypable: list[Difference] = []
    for text in dict.fromkeys((*letters(keyboard, program), *map(nfc, words))):
        try:
            sequences.append(howto(program, text))
        except Untypable as error:
            untypable.append(Difference(text, why=str(error)))
        else:
            texts.append(text)
    for strokes in random_strokes(program, fuzz):
        sequences.append(strokes)
        texts.append(type_keys(program, strokes))
    return Strings(tuple(sequences), tuple(texts), tuple(untypable))


def letters(keyboard: Keyboard, program: Program) -> Iterator[str]:
    """The letters of a keyboard's orthography, capitals as far as it has them, by themselves and with its marks.

    A mark belongs on some letters, and which is not said: it is typed on those of which Unicode has it composed and on
    which it can be typed; where there is none, on the first on which it can.
    """
    orthography = registry().orthography(keyboard.orthography)
    exemplars = orthography.exemplars
    alone = [nfc(letter) for letter in (*orthography.alphabet, *exemplars.main, *exemplars.auxiliary)]
    capitals = (letter.upper() for letter in alone if letter.upper() != letter)
    alone += [capital for capital in capitals if _typable(program, capital)]
    yield from alone
    for mark in exemplars.marks:
        marked = [nfc(letter + mark) for letter in alone]
        composed = [text for text, letter in zip(marked, alone, strict=True) if len(text) == len(letter)]
        typable = [text for text in composed if _typable(program, text)]
        yield from typable or [next((text for text in marked if _typable(program, text)), mark)]


def _typable(program: Program, text: str) -> bool:
    try:
        howto(program, text)
    except Untypable:
        return False
    return True


def random_strokes(program: Program, count: int) -> Iterator[tuple[Stroke, ...]]:
    """Random strings of strokes: any key, and more often those that rules are about, dead keys and Backspace."""
    chance = random.Random(f"{_SEED} {program.id}")  # noqa: S311 (the same at every run, no secret)
    presses = sorted((*program.keys, *program.dead_presses))
    triggers = {rule.trigger for rule in program.rules}
    context = {
        char for rule in (*program.rules, *program.backspaces) for slot in rule.context for char in slot
    }
    busy: list[Stroke] = []
    busy += [press for press, output in program.keys.items() if output in triggers]
    busy += [press for press, output in program.keys.items() if output in context]
    busy += program.dead_presses
    for _ in range(count):
        length = chance.randint(1, _LONGEST)
        yield tuple(
            BACKSPACE
            if part < 0.1
            else chance.choice(busy)
            if busy and part < 0.7
            else chance.choice(presses)
            for part in (chance.random() for _ in range(length))
        )


def appended(program: Program, strokes: Iterable[Stroke]) -> str | None:
    """The text, in NFC, of an engine that can only append and knows dead keys; None if there is a Backspace."""
    text, pending = "", ""
    for stroke in strokes:
        if isinstance(stroke, Backspace):
            return None
        if stroke in program.dead_presses and not pending:
            pending = program.dead_presses[stroke]
            continue
        output = program.keys.get(stroke) or _alone(program, stroke)
        if pending:
            dead = program.dead[pending]
            output, pending = dead.results.get(output, dead.alone + output), ""
        text += output
    return nfc(text)


def _alone(program: Program, press: Press) -> str:
    name = program.dead_presses.get(press)
    return program.dead[name].alone if name else ""


def prove(
    keyboard: Keyboard,
    kit: Kit,
    words: Sequence[str] = (),
    *,
    fuzz: int = 300,
    engines: Sequence[Engine] = ENGINES,
    targets: Mapping[str, Target] = TARGETS,
) -> Iterator[Row]:
    """Build a keyboard for each target and type through each engine: a row for every engine of its targets.

    A target that no engine can type through gets one row, which says so.
    """
    program = compiled(keyboard)
    typed = strings(keyboard, program, words, fuzz=fuzz)
    for target in targets.values():
        if keyboard.kind not in target.kinds or target.id in WORD_TARGETS:
            continue
        own = [engine for engine in engines if engine.target == target.id]
        if not own and engines is not ENGINES:
            continue  # other engines were asked for
        yield from _proved(keyboard, program, target, own, kit, typed)


def _proved(
    keyboard: Keyboard, program: Program, target: Target, engines: Sequence[Engine], kit: Kit, typed: Strings
) -> Iterator[Row]:
    """The rows of one target."""
    try:
        package = target.build(keyboard, program, kit)
    except BuildError as error:
        # Only a missing tool is no fault of the keyboard.
        state = NOT_HERE if "tool" in error.params else FAILED
        for name in [engine.id for engine in engines] or ["-"]:
            yield Row(keyboard.id, target.id, name, state, why=str(error))
        return
    if not engines:
        yield Row(keyboard.id, target.id, "-", TEXT_ONLY, package_sha256=_sum(package))
    lacking = target.lacking(program) if isinstance(target, Lacking) else frozenset()
    if lacking:
        typed = typed.without(lacking)
    for engine in engines:
        yield through(keyboard, program, package, engine, typed, appending="composing" not in target.kinds)


def through(
    keyboard: Keyboard, program: Program, package: Package, engine: Engine, typed: Strings, *, appending: bool
) -> Row:
    """Type through one engine; `appending` says that its target can do nothing but append."""
    version = engine.version()
    if version is None:
        return Row(
            keyboard.id, engine.target, engine.id, NOT_HERE, why=engine.why, package_sha256=_sum(package)
        )
    start = time.monotonic()
    if appending:
        typed = typed.appending(program)
    why, got = "", []
    try:
        got = engine.type_all(keyboard, program, package, typed.sequences)
    except BuildError as error:
        why = str(error)
    if appending:
        got = [nfc(text) for text in got]
    differing = [
        Difference(wanted, show_keys(strokes), came)
        for strokes, wanted, came in zip(typed.sequences, typed.texts, got, strict=False)
        if wanted != came
    ]
    differing += typed.untypable
    if not why and len(got) != len(typed.sequences):
        why = f"{len(typed.sequences)} strings were typed, {len(got)} came back"
    return Row(
        keyboard.id,
        engine.target,
        engine.id,
        FAILED if differing or why else PROVED,
        version,
        strings=len(got),
        differences=len(differing),
        differing=tuple(differing[:_FEW]),
        why=why,
        package_sha256=_sum(package),
        seconds=time.monotonic() - start,
    )


def _sum(package: Package) -> str:
    return hashlib.sha256(package.files[0].data).hexdigest()
