"""From a keyboard to its program: sets, upper case and Unicode normalisation spelled out as rules.

How normalisation becomes rules: only an output that begins with what may join the text before it (a combining mark) can
leave the text out of NFC. For those outputs every context is gone through that could matter (a letter and up to
`MOST_MARKS` marks on it), and where the rules so far would give something else than "apply, then NFC" (`ime.meaning`), a
rule is put in that gives it; rules that say the same of other characters are then joined into one with slots. A key
after which more than `MOST_MARKS` marks would stand in a row does nothing: with this the contexts are finite, and the
program equals the meaning on every text that can be typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import Final

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
    meaning = Meaning(keyboard, [each.rule for each in rules])
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
        for _, text in zip(range(1000), texts)
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


def normalising_rules(rules: Sequence[Rule], triggers: Iterable[str], meaning: Meaning) -> list[Rule]:
    """What rules have to be put in so that they give the meaning without knowing normalisation."""
    starting: dict[str, list[Rule]] = {}
    for rule in rules:
        if not all(begins_letter(text) for text in _firsts(rule)):
            starting.setdefault(rule.trigger, []).append(rule)
    joining = {trigger for trigger in triggers if not begins_letter(trigger)} | set(starting)
    if not joining:
        return []
    alphabet = _alphabet(rules, triggers)
    marks = sorted(char for char in alphabet if is_mark(char))
    followers = [char for char in sorted(alphabet) if not begins_letter(char)]
    bases = [
        base
        for base in sorted(alphabet - set(followers))
        if any(nfc(base + char) != base + char for char in followers)
    ]
    runs = list(_runs(marks, bases))
    found: list[Rule] = []
    for trigger in sorted(joining):
        matcher = Matcher(rule for rule in rules if rule.trigger == trigger)
        contexts = {""} | {"".join(text) for rule in starting.get(trigger, ()) for text in _contexts(rule)}
        for text in sorted(
            {run + context for run in runs for context in contexts}, key=lambda t: (len(t), t)
        ):
            if nfc(text) == text:
                truth = meaning.step(text, trigger)
                if step(matcher, text, trigger) != truth:
                    rule = _told(text, trigger, truth)
                    matcher.add(rule)
                    found.append(rule)
    return joined(found)


def _firsts(rule: Rule) -> tuple[str, ...]:
    """What the output of a rule can begin with."""
    for part in rule.output:
        values = (part,) if isinstance(part, str) else part.values
        if any(values):
            return values
    return ("",)


def _contexts(rule: Rule) -> Iterator[tuple[str, ...]]:
    for number, text in enumerate(product(*rule.context)):
        if number > _MOST_CONTEXTS:
            break
        yield text


def _alphabet(rules: Iterable[Rule], triggers: Iterable[str]) -> set[str]:
    """Every code point that can come to stand in a text."""
    alphabet = set("".join(triggers))
    for rule in rules:
        for part in rule.output:
            alphabet.update(part if isinstance(part, str) else "".join(part.values))
    while True:
        followers = [char for char in alphabet if not begins_letter(char)]
        more = {char for base in alphabet for mark in followers for char in nfc(base + mark)} - alphabet
        if not more:
            return alphabet
        alphabet |= more


def _runs(marks: Sequence[str], bases: Sequence[str]) -> Iterator[str]:
    """Every NFC text of a letter or none and up to MOST_MARKS marks; letters that marks change one by one."""
    for base in ("", *bases):
        layer = [base]
        for _ in range(MOST_MARKS + 1):
            yield from layer
            layer = [text + mark for text in layer for mark in marks if nfc(text + mark) == text + mark]
            if not layer or len(layer[0]) - len(base) > MOST_MARKS:
                break


def _told(text: str, trigger: str, truth: str) -> Rule:
    """The rule for exactly this text: what stays in front is kept, what stays behind is copied."""
    kept = 0
    while kept < min(len(text), len(truth)) and text[kept] == truth[kept]:
        kept += 1
    tail = 0
    while tail < min(len(text), len(truth)) - kept and text[-1 - tail] == truth[-1 - tail]:
        tail += 1
    middle = truth[kept : len(truth) - tail]
    changed = len(text) - tail - kept  # how many characters became `middle`
    head: tuple[str | Mapped, ...] = (
        (Mapped(kept, (middle,)),) if changed == 1 else (middle,) if middle else ()
    )
    copies = tuple(Mapped(at, (text[at],)) for at in range(len(text) - tail, len(text)))
    return Rule(tuple((char,) for char in text), trigger, kept, (*head, *copies))
