"""The inverse of typing: the shortest strokes that give a text, on a hardware keyboard and by touch.

A text is cut behind every character that no rule looks at: what comes later cannot change it, so the pieces
("clusters") are solved alone and their solutions kept. A cluster is solved backwards: which outputs, on which other
texts, give it; by rising cost and what the text that is left must cost at least (A*), so that the first way back to
nothing is a shortest one.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

from ime.errors import Untypable
from ime.model import Keyboard, TouchKey, TouchPress
from ime.program import MODIFIERS, Mapped, Press, Program, Rule
from ime.typing import Matcher, matcher
from ime.weighing import weights

_STROKE: Final = (
    1 << 12
)  # the cost of a stroke; below it, what is held down decides between ways of equal length
_HELPED: Final = 1 << 32  # on a direct keyboard, a stroke that leaves normalising to the engine
_MOST_STATES: Final = 20_000  # of one cluster; the worst honest one needs some hundreds
_MOST_KEPT: Final = 100_000  # solutions, and steps
_LONGEST: Final = 200  # characters of a cluster; an honest one is a syllable or two
_LONGER: Final = 4  # how much longer than the text a text on the way to it may be

_Step = tuple[str, tuple[str, ...], int]  # the text before, what is given then, and what that costs
_Solution = tuple[tuple[str, ...], int]  # what is given from nothing on, and what it costs


@dataclass(frozen=True)
class Move:
    """A way to give a text to the rules: its strokes and what they cost."""

    output: str
    presses: tuple[Press, ...]
    cost: int


class Inverse:
    """The inverse of a program over some moves (the best for each output)."""

    def __init__(self, program: Program, moves: Iterable[Move]) -> None:
        self.id: Final = program.id
        self._rules: Final[Matcher] = matcher(program)
        self._helped: Final = 0 if program.composing else _HELPED
        self._moves: Final[dict[str, Move]] = {}
        for move in moves:
            best = self._moves.get(move.output)
            if best is None or move.cost < best.cost:
                self._moves[move.output] = move
        self._by_last: Final[dict[str, list[str]]] = {}
        for output in self._moves:
            self._by_last.setdefault(output[-1], []).append(output)
        rules = [rule for rule in program.rules if rule.trigger in self._moves]
        self._writers: Final = _Writers(rules)
        costs = {output: _STROKE * (move.cost // _STROKE) for output, move in self._moves.items()}
        self._weights: Final = weights(costs, rules, _STROKE)
        self._cluster: Final = _clusters(program.rules, self._moves)
        self._tail: Final = _reach(rules, self._moves)
        self._steps: dict[str, tuple[_Step, ...]] = {}  # by what a text ends with
        self._solved: dict[str, _Solution | None] = {}

    def outputs(self, text: str) -> tuple[str, ...]:
        """What has to be given to the rules, in order, for an empty field to hold the text. Raises Untypable."""
        found: list[str] = []
        at = 0
        for match in self._cluster.finditer(text):
            cluster = match[0]
            solved = self._solution(cluster)
            if solved is None:
                raise Untypable(self.id, text, at + self._fault(cluster))
            found += solved
            at = match.end()
        return tuple(found)

    def move(self, output: str) -> Move:
        """The best move for an output that `outputs` gave."""
        return self._moves[output]

    def _solution(self, cluster: str) -> tuple[str, ...] | None:
        try:
            found = self._solved[cluster]
        except KeyError:
            found = self._search(cluster) if self._weights.keys() >= set(cluster) else None
            if len(self._solved) >= _MOST_KEPT:
                self._solved = {}  # a new one: another thread may read the old
            self._solved[cluster] = found
        return found[0] if found else None

    def _fault(self, cluster: str) -> int:
        """The first character that stands in the way: one that nothing writes, or behind what can be typed."""
        for at, char in enumerate(cluster):
            if char not in self._weights:
                return at
        for length in range(min(len(cluster) - 1, _LONGEST), 0, -1):
            if self._solution(cluster[:length]) is not None:
                return length
        return 0

    def _search(self, goal: str) -> _Solution | None:
        """Backwards from the goal, cheapest first; None if nothing leads to it."""
        if len(goal) > _LONGEST:
            return None
        queue: list[tuple[int, int, str]] = [(self._least(goal), 0, goal)]
        best = {goal: 0}
        ways: dict[str, tuple[tuple[str, ...], str]] = {}  # text → what leads on from it, and where
        number = 0
        done: set[str] = set()
        while queue and len(done) < _MOST_STATES:
            _, _, text = heapq.heappop(queue)
            if not text:
                outputs: list[str] = []
                while text != goal:
                    given, text = ways[text]
                    outputs += given
                return tuple(outputs), best[""]
            if text in done:
                continue
            done.add(text)
            known = self._solved.get(text)
            steps = [("", *known)] if known else self._before(text)  # where the rest is known, it is one step
            for before, given, price in steps:
                total = best[text] + price
                if total < best.get(before, total + 1) and len(before) <= len(goal) + _LONGER:
                    best[before] = total
                    ways[before] = (given, text)
                    number += 1
                    heapq.heappush(queue, (total + self._least(before), -number, before))
        return None

    def _least(self, text: str) -> int:
        """What a text costs at least."""
        return sum([self._weights.get(char, 0) for char in text])

    def _before(self, text: str) -> Iterator[_Step]:
        """Every step that gives a text. Only the text's tail matters, so what is found for that is kept."""
        tail = text[-self._tail :]
        steps = self._steps.get(tail)
        if steps is None:
            if len(self._steps) >= _MOST_KEPT:
                self._steps = {}
            steps = self._steps[tail] = tuple(self._found_before(tail))
        head = text[: len(text) - len(tail)]
        for before, given, cost in steps:
            yield head + before, given, cost

    def _found_before(self, text: str) -> Iterator[_Step]:
        for output in self._by_last.get(text[-1], ()):
            if text.endswith(output):
                before = text[: len(text) - len(output)]
                rule = self._rules.find(before, output)
                if rule is None:
                    yield before, (output,), self._moves[output].cost
        for before, writer in self._writers.before(text):
            fires = self._rules.find(before, writer.trigger)
            if fires is not None and fires.rule is writer:
                yield before, (writer.trigger,), self._moves[writer.trigger].cost + self._helped


def _longest(rule: Rule) -> int:
    """How many characters a rule writes at most."""
    return sum(len(part) if isinstance(part, str) else max(map(len, part.values)) for part in rule.output)


def _reach(rules: Iterable[Rule], outputs: Iterable[str]) -> int:
    """How much of a text's end says which steps may have led there: what was written, and what rules look at."""
    rules = tuple(rules)
    written = max([1, *map(len, outputs), *map(_longest, rules)])
    return written + max((len(rule.context) for rule in rules), default=0)


@dataclass(frozen=True)
class _Written:
    """A rule read backwards: for each part of its output its slot (-1: none), and which alternatives give a text."""

    rule: Rule
    parts: tuple[
        tuple[int, Mapping[str, tuple[str, ...]], tuple[int, ...]], ...
    ]  # slot, text → alternatives, lengths

    @classmethod
    def of(cls, rule: Rule) -> _Written:
        parts = []
        for part in rule.output:
            found: dict[str, list[str]] = {part: [""]} if isinstance(part, str) else {}
            if isinstance(part, Mapped):
                for char, value in zip(rule.context[part.slot], part.values, strict=True):
                    found.setdefault(value, []).append(char)
            texts = {text: tuple(chars) for text, chars in found.items()}
            slot = part.slot if isinstance(part, Mapped) else -1
            parts.append((slot, texts, tuple(sorted({len(text) for text in texts}))))
        return cls(rule, tuple(parts))


class _Writers:
    """Rules, found by what they write."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_last: dict[str, list[_Written]] = {}
        self._anywhere: list[_Written] = []
        for rule in rules:
            lasts, written = _lasts(rule), _Written.of(rule)
            if lasts is None:
                self._anywhere.append(written)
            else:
                for char in lasts:
                    self._by_last.setdefault(char, []).append(written)

    def before(self, text: str) -> Iterator[tuple[str, Rule]]:
        """Texts on which a rule writes so that the given one stands there, if it fires; and that rule."""
        for written in (*self._by_last.get(text[-1], ()), *self._anywhere):
            rule = written.rule
            for rest, bound in _unwritten(written, len(rule.output) - 1, text, {}):
                kept = rest[len(rest) - rule.kept :] if rule.kept else ""
                if len(kept) == rule.kept and all(
                    char in slot for char, slot in zip(kept, rule.context, strict=False)
                ):
                    slots = (
                        (bound[at],) if at in bound else rule.context[at]
                        for at in range(rule.kept, len(rule.context))
                    )
                    for changed in product(*slots):
                        yield rest + "".join(changed), rule


def _lasts(rule: Rule) -> frozenset[str] | None:
    """What a rule's text can end with, the kept part included; None if that may be anything."""
    lasts: set[str] = set()
    for part in reversed(rule.output):
        values = (part,) if isinstance(part, str) else part.values
        lasts.update(value[-1] for value in values if value)
        if all(values):
            return frozenset(lasts)
    if rule.kept:
        return frozenset(lasts | set(rule.context[rule.kept - 1]))
    return None


def _unwritten(
    written: _Written, at: int, text: str, bound: Mapping[int, str]
) -> Iterator[tuple[str, Mapping[int, str]]]:
    """What stood in front of the output in a text that ends with it, and which alternatives the output shows."""
    if at < 0:
        yield text, bound
        return
    slot, texts, lengths = written.parts[at]
    for length in lengths:
        end = len(text) - length
        for char in texts.get(text[end:], ()) if end >= 0 else ():
            if slot < 0:
                yield from _unwritten(written, at - 1, text[:end], bound)
            elif bound.get(slot, char) == char:
                yield from _unwritten(written, at - 1, text[:end], {**bound, slot: char})


def _clusters(rules: Sequence[Rule], outputs: Iterable[str]) -> re.Pattern[str]:
    """Finds the clusters of a text: each ends with a character that no rule looks at, or with the text."""
    looked_at = {char for rule in rules for slot in rule.context for char in slot}
    for rule in rules:
        for at, part in enumerate(rule.output):  # what one rule writes, too, but for its very end
            for value in (part,) if isinstance(part, str) else part.values:
                looked_at.update(value if at + 1 < len(rule.output) else value[:-1])
    for output in outputs:
        looked_at.update(output[:-1])  # what one key gives stays in one cluster
    inside = re.escape("".join(sorted(looked_at)))
    return re.compile(f"[{inside}]*[^{inside}]|[{inside}]+" if inside else ".", re.DOTALL)


# --- hardware -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def inverse(program: Program) -> Inverse:
    """The inverse of a program over its keys and dead keys."""
    return Inverse(program, _hardware_moves(program))


def howto(program: Program, text: str) -> tuple[Press, ...]:
    """The shortest presses that type a text into an empty field.

    Of equally short ways, the one with the least held down. On a direct keyboard presses come first that give NFC
    without normalisation, as platforms without rules need. Raises Untypable, naming the character.
    """
    found = inverse(program)
    return tuple(press for output in found.outputs(text) for press in found.move(output).presses)


def _hardware_moves(program: Program) -> Iterator[Move]:
    keys = {press: _STROKE + MODIFIERS.index(press.modifiers) for press in program.keys}
    for press, output in program.keys.items():
        yield Move(output, (press,), keys[press])
    for waiting, name in program.dead_presses.items():
        cost = _STROKE + MODIFIERS.index(waiting.modifiers)
        for press, output in program.keys.items():
            yield Move(program.dead[name].results[output], (waiting, press), cost + keys[press])


# --- touch ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _touch_inverse(keyboard: Keyboard) -> tuple[Inverse, Mapping[str, tuple[TouchPress, ...]]]:
    from ime.compiling import compiled

    ways: dict[str, list[TouchPress]] = {}
    for press in touch_presses(keyboard):
        if press.output:
            ways.setdefault(press.output, []).append(press)
    costs = {"default": 0, "shift": 1, "numeric": 2, "symbols": 3}
    moves = (
        Move(
            output,
            (),
            _STROKE * (1 + min(costs[press.layer] for press in found)) + (found[0].gesture != "tap"),
        )
        for output, found in ways.items()
    )
    return Inverse(compiled(keyboard), moves), {output: tuple(found) for output, found in ways.items()}


def touch_presses(keyboard: Keyboard) -> Iterator[TouchPress]:
    """Every touch that the keyboard's layers allow."""
    for layer in keyboard.touch:
        for row, keys in enumerate(layer.rows):
            for column, key in enumerate(keys):
                yield TouchPress(layer.id, row, column, output=key.output)
                for choice, output in enumerate(key.long_press):
                    yield TouchPress(layer.id, row, column, "long", choice, output)
                for way in ("up", "right", "down", "left"):
                    if way in key.flick:
                        yield TouchPress(layer.id, row, column, way, output=key.flick[way])  # type: ignore[arg-type, index]


def touch_howto(keyboard: Keyboard, text: str) -> tuple[TouchPress, ...]:
    """The touches that type a text into an empty field, those that change layers among them. Raises Untypable.

    The keyboard begins on "default", and goes back there after one letter on "shift".
    """
    found, ways = _touch_inverse(keyboard)
    touches: list[TouchPress] = []
    here = "default"
    for output in found.outputs(text):
        paths = _paths(keyboard, here)
        press = min(
            (way for way in ways[output] if way.layer in paths),
            key=lambda way: (len(paths[way.layer]), way.gesture != "tap"),
        )
        touches += (*paths[press.layer], press)
        here = "default" if press.layer == "shift" else press.layer
    return tuple(touches)


@lru_cache(maxsize=1024)
def _paths(keyboard: Keyboard, start: str) -> Mapping[str, tuple[TouchPress, ...]]:
    """The touches that lead from a layer to each other one."""
    paths: dict[str, tuple[TouchPress, ...]] = {start: ()}
    layers = {layer.id: layer for layer in keyboard.touch}
    queue = [start]
    for here in queue:
        for row, keys in enumerate(layers[here].rows):
            for column, key in enumerate(keys):
                to = _leads_to(key, here)
                if to in layers and to not in paths:
                    paths[to] = (*paths[here], TouchPress(here, row, column))
                    queue.append(to)
    return paths


def _leads_to(key: TouchKey, layer: str) -> str:
    if key.role == "shift":
        return "default" if layer == "shift" else "shift"
    return key.goes_to if key.role == "layer" else ""
