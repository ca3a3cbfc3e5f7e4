"""The reference engine: what a program types. Knows nothing of Unicode; every target must equal it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ime.program import Backspace, Press, Program, Rule, Stroke

_Lookup = tuple[int, dict[str, str]]  # where the slot stands, and what each of its alternatives becomes


@dataclass(frozen=True, eq=False)
class Prepared:
    """A rule made quick: its slots from the last backwards, its output with look-ups."""

    rule: Rule
    length: int
    slots: tuple[frozenset[str], ...]
    output: tuple[str | _Lookup, ...]

    def matches(self, text: Sequence[str]) -> bool:
        """Whether the text ends in the context."""
        if self.length > len(text):
            return False
        return all(text[-1 - at] in slot for at, slot in enumerate(self.slots))

    def written(self, text: Sequence[str]) -> str:
        """What stands after the kept part of the context once the rule has fired on a text that it matches."""
        start = len(text) - self.length
        return "".join(
            part if isinstance(part, str) else part[1][text[start + part[0]]] for part in self.output
        )


class Matcher:
    """Finds the rule that fires: the longest whose context stands at the end of the text."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._found: dict[str, dict[str, list[Prepared]]] = {}
        self._anywhere: dict[str, Prepared] = {}
        for rule in rules:
            self.add(rule)

    def add(self, rule: Rule) -> None:
        """Put in a rule; it comes after those of its length that are in already."""
        prepared = _prepared(rule)
        if not prepared.length:
            self._anywhere.setdefault(rule.trigger, prepared)
            return
        by_last = self._found.setdefault(rule.trigger, {})
        for char in rule.context[-1]:
            rules = by_last.setdefault(char, [])
            rules.append(prepared)
            rules.sort(key=lambda each: -each.length)

    def triggers(self) -> frozenset[str]:
        """The triggers that some rule has."""
        return frozenset(self._found) | frozenset(self._anywhere)

    def find(self, text: Sequence[str], trigger: str) -> Prepared | None:
        """The rule that fires on a text (a sequence of code points) when a key gives `trigger`."""
        by_last = self._found.get(trigger)
        if by_last and text:
            for rule in by_last.get(text[-1], ()):
                if rule.matches(text):
                    return rule
        return self._anywhere.get(trigger)


def _prepared(rule: Rule) -> Prepared:
    output = tuple(
        part
        if isinstance(part, str)
        else (part.slot, dict(zip(rule.context[part.slot], part.values, strict=True)))
        for part in rule.output
    )
    return Prepared(
        rule, len(rule.context), tuple(frozenset(slot) for slot in reversed(rule.context)), output
    )


@lru_cache(maxsize=256)
def matcher(program: Program) -> Matcher:
    """The matcher of a program's rules."""
    return Matcher(program.rules)


@lru_cache(maxsize=256)
def backspace_matcher(program: Program) -> Matcher:
    """The matcher of a program's backspace rules."""
    return Matcher(program.backspaces)


class Typist:
    """Types with a program: strokes in, text out. `text` may stand in the field before."""

    def __init__(self, program: Program, text: str = "") -> None:
        self._program = program
        self._rules: Final = matcher(program)
        self._backspaces: Final = backspace_matcher(program)
        self._keys: Final = program.keys
        self._chars = list(text)
        self.pending = ""  # the name of the dead key that waits

    @property
    def text(self) -> str:
        """What stands before the cursor."""
        return "".join(self._chars)

    def stroke(self, stroke: Stroke) -> None:
        """A press or a backspace."""
        if isinstance(stroke, Backspace):
            self.backspace()
        else:
            self.press(stroke)

    def press(self, press: Press) -> None:
        """A key; one that does nothing on this keyboard changes nothing."""
        output = self._keys.get(press)
        if output is not None:
            self.give(output)
            return
        name = self._program.dead_presses.get(press)
        if name is None:
            return
        if self.pending:
            self.give(self._program.dead[name].alone)
        else:
            self.pending = name

    def give(self, output: str) -> None:
        """What a key gives, or a touch: it meets a waiting dead key, or the rules."""
        if self.pending:
            dead = self._program.dead[self.pending]
            self.pending = ""
            output = dead.results.get(output, dead.alone + output)
        chars = self._chars
        rule = self._rules.find(chars, output)
        if rule is None:
            chars.extend(output)
            return
        written = rule.written(chars)
        del chars[len(chars) - rule.length + rule.rule.kept :]
        chars.extend(written)

    def backspace(self) -> None:
        """Take back: a waiting dead key, else what the backspace rules say, else one code point."""
        if self.pending:
            self.pending = ""
            return
        chars = self._chars
        rule = self._backspaces.find(chars, "")
        if rule is not None:
            written = rule.written(chars)
            del chars[len(chars) - rule.length + rule.rule.kept :]
            chars.extend(written)
        elif chars:
            chars.pop()


def type_keys(program: Program, strokes: Iterable[Stroke], text: str = "") -> str:
    """The text after some strokes, typed behind `text`. A dead key that still waits at the end gives nothing."""
    typist = Typist(program, text)
    for stroke in strokes:
        typist.stroke(stroke)
    return typist.text


def step(rules: Matcher, text: str, output: str) -> str:
    """The text after one more output, no dead key waiting."""
    rule = rules.find(text, output)
    if rule is None:
        return text + output
    return text[: len(text) - rule.length + rule.rule.kept] + rule.written(text)
