"""From a keyboard to its program: sets, upper case and Unicode normalisation spelled out as rules.

How normalisation becomes rules: only an output that begins with what may join the text before it (a combining mark)
can leave the text out of NFC. For those outputs the contexts that could matter (a letter and up to `MOST_MARKS` marks
on it) are tried, and where the rules so far would give something else than "apply, then NFC" (`ime.meaning`), a rule is
put in that gives it; rules that say the same of other characters are then joined into one with slots. A key after
which more than `MOST_MARKS` marks would stand in a row does nothing: with this the contexts are finite, and the program
equals the meaning on every text that can be typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, product
from types import MappingProxyType
from typing import Final

import icu

from ime.errors import KeyboardFileError, shown
from ime.expanding import Expanded, expanded, folded
from ime.joining import joined
from ime.loader import presses
from ime.meaning import MOST_MARKS, Meaning
from ime.model import Keyboard
from ime.patterns import begins_letter, is_mark
from ime.program import Dead, Mapped, Program, Rule
from ime.typing import Matcher, step
from languages.text import nfc

_MOST_CONTEXTS: Final = 100_000  # of a transform whose output begins with a mark


@lru_cache(maxsize=256)
def compiled(keyboard: Keyboard) -> Program:
    """The program of a keyboard; KeyboardFileError where its rules are ambiguous, idle or without a trigger."""
    keys = {press: key.output for press, key in presses(keyboard.layers) if key.output}
    dead = _dead(keyboard, frozenset(keys.values()))
    outputs = frozenset(keys.values())
    rules = tuple(_all(keyboard, outputs))
    backs = tuple(each for transform in keyboard.backspaces for each in expanded(keyboard, transform, {""}))
    for group in (rules, backs):
        _refuse_ambiguous(group)
    for each in backs:
        if not all(begins_letter(text) for text in _firsts(each.rule)):
            raise _error(
                "backspace_mark", each, "leaves text that begins with a mark; take the letter before it in"
            )
    meaning = Meaning(keyboard.id, [each.rule for each in rules])
    triggers = given(keyboard, outputs, dead.values())
    plain = [each.rule for each in rules]
    return Program(
        id=keyboard.id,
        composing=keyboard.kind == "composing",
        keys=MappingProxyType(keys),
        dead_presses=MappingProxyType(
            {press: key.dead for press, key in presses(keyboard.layers) if key.dead}
        ),
        dead=MappingProxyType(dead),
        rules=_sorted(joined([*plain, *normalising_rules(plain, triggers, meaning)])),
        backspaces=_sorted(joined(each.rule for each in backs)),
    )


def meaning_of(keyboard: Keyboard) -> Meaning:
    """What a keyboard's transforms mean: the plain reading that its program has to equal."""
    outputs = frozenset(key.output for _, key in presses(keyboard.layers) if key.output)
    return Meaning(keyboard.id, [each.rule for each in _all(keyboard, outputs)])


def given(keyboard: Keyboard, outputs: Iterable[str], dead: Iterable[Dead]) -> tuple[str, ...]:
    """Everything that can come to the rules as trigger: from keys, through dead keys, by touch."""
    found = set(outputs)
    for each in dead:
        found.update((each.alone, *each.results.values()))
    for layer in keyboard.touch:
        for row in layer.rows:
            for key in row:
                found.update((key.output, *key.long_press, *key.flick.values()))
    return tuple(sorted(found - {""}))


def _dead(keyboard: Keyboard, outputs: frozenset[str]) -> dict[str, Dead]:
    made = {}
    alone = {each.alone for each in keyboard.dead.values()}
    for name, each in keyboard.dead.items():
        results = {text: nfc(each.results.get(text, each.alone + text)) for text in sorted(outputs | alone)}
        results.update(dict.fromkeys((each.alone, " ", "\xa0"), each.alone))
        made[name] = Dead(name, each.label, each.alone, MappingProxyType(results))
    return made


def _all(keyboard: Keyboard, outputs: frozenset[str]) -> Iterator[Expanded]:
    for transform in keyboard.transforms:
        found = list(expanded(keyboard, transform, outputs))
        if not found:
            raise KeyboardFileError(
                "no_trigger",
                transform.file,
                transform.line,
                "transform",
                f"never fires: no key gives what “{transform.source}” ends with",
                rule=transform.source,
            )
        for each in found:
            if _idle(each.rule):
                raise _error("idle", each, "does nothing: it writes what would stand there without it")
        yield from found


def _idle(rule: Rule) -> bool:
    """Whether a rule gives on all its contexts what plain typing gives: a loop, as far as rules here can loop."""
    texts = product(*rule.context)
    matcher = Matcher([rule])
    return all(
        step(matcher, "".join(text), rule.trigger) == nfc("".join(text) + rule.trigger)
        for text in islice(texts, 1000)
    )


def _error(code: str, each: Expanded, problem: str, **params: object) -> KeyboardFileError:
    rule = each.transform
    return KeyboardFileError(
        code, rule.file, rule.line, f"“{rule.source}”", problem, rule=rule.source, **params
    )


def _refuse_ambiguous(rules: Sequence[Expanded]) -> None:
    groups: dict[tuple[str, int], list[Expanded]] = {}
    for each in rules:
        groups.setdefault((each.rule.trigger, len(each.rule.context)), []).append(each)
    for group in groups.values():
        for at, one in enumerate(group):
            for other in group[:at]:
                common = [
                    next((char for char in slot if char in theirs), None)
                    for slot, theirs in zip(one.rule.context, other.rule.context, strict=True)
                ]
                if all(char is not None for char in common):
                    text = "".join(char or "" for char in common) + one.rule.trigger
                    rule = other.transform
                    raise _error(
                        "ambiguous",
                        one,
                        f"means the same text as “{rule.source}” in {rule.file}:{rule.line}: {shown(text)}",
                        other=rule.source,
                        other_file=rule.file,
                        other_line=rule.line,
                        text=text,
                    )


def _sorted(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(
        sorted(map(folded, rules), key=lambda rule: (-len(rule.context), rule.trigger, rule.context))
    )


# --- normalisation --------------------------------------------------------------------------------------------
# UAX #15: a mark moves in front of marks of higher combining class; it joins the letter (or what the letter was
# composed of) unless a mark of its own class stands between. So for one letter and one mark it is enough to look at
# each other mark alone: what none of them disturbs, no row of them disturbs. Where one does, all its rows are tried.


def normalising_rules(rules: Sequence[Rule], triggers: Iterable[str], meaning: Meaning) -> list[Rule]:
    """What rules have to be put in so that they give the meaning without knowing normalisation."""
    own: dict[str, list[Rule]] = {}
    for rule in rules:
        own.setdefault(rule.trigger, []).append(rule)
    writing = {rule.trigger for rule in rules if not all(map(begins_letter, _firsts(rule)))}
    joining = sorted(writing.union(trigger for trigger in triggers if not begins_letter(trigger)))
    alphabet = _alphabet(rules, triggers) if joining else set()
    marks = sorted(filter(is_mark, alphabet))
    bases = sorted(filter(begins_letter, alphabet))
    found: list[Rule] = []
    for trigger in joining:
        mine = own.get(trigger, [])
        known = [] if mine else joined(_general(trigger, marks, bases))
        matcher = Matcher([*known, *mine])
        for text in _texts(trigger, mine, marks, bases):
            truth = meaning.step(text, trigger)
            if step(matcher, text, trigger) != truth:
                rule = _told(text, trigger, truth)
                matcher.add(rule)
                known.append(rule)
        found += known
    return joined(found)


def _general(trigger: str, marks: Sequence[str], bases: Iterable[str]) -> Iterator[Rule]:
    """What holds for rows of marks of any length: how many there may be, their order, and what a letter becomes.

    For a key that gives one mark, perhaps with letters behind it; nothing for others.
    """
    mark, rest = trigger[0], trigger[1:]
    if not is_mark(mark) or not begins_letter(rest):
        return
    if not rest:
        yield Rule((tuple(marks),) * MOST_MARKS, trigger, MOST_MARKS, ())
    most = MOST_MARKS if rest else MOST_MARKS - 1
    behind = tuple(each for each in marks if _class(each) > _class(mark))
    for length in range(1, most + 1) if behind else ():
        yield Rule((behind,) * length, trigger, 0, (mark, *_copies(behind, length, 0), rest))
    for base in _changed(mark, bases):
        after, quiet = nfc(base + mark), tuple(_quiet(base, mark, marks))
        for length in range(MOST_MARKS + 1 if quiet else 1):
            context = ((base,), *(quiet,) * length)
            if not rest and length + len(after) - 1 > MOST_MARKS:
                yield Rule(context, trigger, length + 1, ())
            else:
                yield Rule(context, trigger, 0, (Mapped(0, (after,)), *_copies(quiet, length, 1), rest))


def _copies(slot: tuple[str, ...], length: int, start: int) -> Iterator[Mapped]:
    return (Mapped(at, slot) for at in range(start, start + length))


def _changed(mark: str, bases: Iterable[str]) -> list[str]:
    """The letters that a mark changes."""
    return [base for base in bases if nfc(base + mark) != base + mark]


def _quiet(base: str, trigger: str, marks: Iterable[str]) -> list[str]:
    """Marks that may stand between a letter and the trigger and change nothing in what these two become.

    A mark that joins the letter never stands behind it; it counts as quiet, so that letters share one slot.
    """
    own = _class(trigger)
    return [mark for mark in marks if _class(mark) != own and not _disturbs(base, mark, trigger)]


def _disturbs(base: str, mark: str, trigger: str) -> bool:
    """Whether a mark of another class stands behind a letter and changes what it and the trigger become."""
    text = base + mark
    if _class(mark) == _class(trigger) or nfc(text) != text:
        return False
    return nfc(text + trigger) != nfc(base + trigger) + mark


def _class(mark: str) -> int:
    """The canonical combining class."""
    return int(icu.Char.getCombiningClass(mark))


def _texts(trigger: str, own: Sequence[Rule], marks: Sequence[str], bases: Sequence[str]) -> Iterator[str]:
    """The texts on which the rules for a trigger have to be held against its meaning, shorter ones first.

    `own` are the transforms' rules with that trigger; with any, or with several marks, all rows are gone through.
    """
    if own or not begins_letter(trigger[1:]):
        followers = {*trigger, *marks, *"".join(text for rule in own for text in _firsts(rule))}
        letters = sorted({base for char in followers for base in _changed(char, bases)})
        runs = tuple(_rows(("", *letters), marks))
        writing = (rule for rule in own if not all(map(begins_letter, _firsts(rule))))
        contexts = {"", *("".join(text) for rule in writing for text in _contexts(rule))}
        texts = {run + context for run in runs for context in contexts}
    elif is_mark(trigger[0]):
        mark = trigger[0]
        texts = set(_rows(("",), marks))
        for base in _changed(mark, bases):
            texts.update((base, *(base + each for each in marks)))
            if loud := {each for each in marks if _disturbs(base, each, mark)}:
                texts.update(text for text in _rows((base,), marks) if not loud.isdisjoint(text))
    else:
        texts = set(_changed(trigger[0], bases))
    yield from (text for text in sorted(texts, key=lambda text: (len(text), text)) if nfc(text) == text)


def _rows(starts: Iterable[str], marks: Sequence[str]) -> Iterator[str]:
    """Each start with every NFC row of up to MOST_MARKS marks behind it."""
    for start in starts:
        rows = [start]
        for _ in range(MOST_MARKS):
            yield from rows
            rows = [row + mark for row in rows for mark in marks if nfc(row + mark) == row + mark]
        yield from rows


def _firsts(rule: Rule) -> tuple[str, ...]:
    """What the output of a rule can begin with."""
    for part in rule.output:
        values = (part,) if isinstance(part, str) else part.values
        if any(values):
            return values
    return ("",)


def _contexts(rule: Rule) -> Iterator[tuple[str, ...]]:
    yield from islice(product(*rule.context), _MOST_CONTEXTS)


def _alphabet(rules: Iterable[Rule], triggers: Iterable[str]) -> set[str]:
    """Every code point that can come to stand in a text."""
    alphabet = set("".join(triggers))
    for rule in rules:
        for part in rule.output:
            alphabet.update(part if isinstance(part, str) else "".join(part.values))
    followers = {char for char in alphabet if not begins_letter(char)}
    while True:
        more = {char for base in alphabet for mark in followers for char in nfc(base + mark)} - alphabet
        if not more:
            return alphabet
        alphabet |= more


def _told(text: str, trigger: str, truth: str) -> Rule:
    """The rule for exactly this text: what stays in front is kept, what stays behind is copied."""
    kept = _common(text, truth)
    tail = _common(text[kept:][::-1], truth[kept:][::-1])
    middle = truth[kept : len(truth) - tail]
    changed = len(text) - tail - kept  # how many characters became `middle`
    head: tuple[str | Mapped, ...] = (
        (Mapped(kept, (middle,)),) if changed == 1 else (middle,) if middle else ()
    )
    copies = tuple(Mapped(at, (text[at],)) for at in range(len(text) - tail, len(text)))
    return Rule(tuple((char,) for char in text), trigger, kept, (*head, *copies))


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
