"""Expands the transforms of a file: sets to slots of single code points, upper case derived, outputs in NFC.

A set becomes groups of elements that one run of slots can stand for: elements of one letter with the same marks behind
it share slots, others stand alone. `from` ends with all that a key gives; each key's output makes rules of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from ime.model import Keyboard, Transform
from ime.patterns import Part, SetPart, begins_letter, parse_source, parse_target
from ime.program import Mapped, Out, Rule, Slot
from languages.text import nfc


@dataclass(frozen=True)
class Expanded:
    """A rule, and the transform that it comes from."""

    transform: Transform
    rule: Rule


@dataclass(frozen=True)
class _Run:
    """Slots in a row that stand for a literal or for elements of a set.

    `elements[i]` is which element of the set the alternative i of the first slot is; empty for a literal.
    """

    slots: tuple[Slot, ...]
    elements: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Place:
    """A run in a rule: where its slots begin, and the set that it was written as."""

    part: Part
    start: int
    run: _Run


def expanded(keyboard: Keyboard, transform: Transform, triggers: Collection[str]) -> Iterator[Expanded]:
    """The rules of one transform, one or several for each trigger that its `from` can end with."""
    before, source = parse_source(transform.before), parse_source(transform.source)
    parts = (*before, *source)
    for runs in product(*(_runs(keyboard, part) for part in parts)):
        places, start = [], 0
        for part, run in zip(parts, runs, strict=True):
            places.append(_Place(part, start, run))
            start += len(run.slots)
        kept = sum(len(run.slots) for run in runs[: len(before)])
        slots = [slot for run in runs for slot in run.slots]
        for trigger in sorted(triggers):
            context = len(slots) - len(trigger)
            if context >= kept and all(
                char in slot for char, slot in zip(trigger, slots[context:], strict=True)
            ):
                fixed = [*slots[:context], *((char,) for char in trigger)]
                writer = _Writer(keyboard, fixed, places, kept, context, trigger)
                for rule in writer.rules(parse_target(transform.to)):
                    yield Expanded(transform, rule)


def folded(rule: Rule) -> Rule:
    """The same rule with parts of its output that do not vary written as text."""
    output: list[Out] = []
    for part in rule.output:
        if isinstance(part, Mapped) and len(set(part.values)) == 1:
            part = part.values[0]
        if isinstance(part, str) and output and isinstance(output[-1], str):
            output[-1] += part
        elif part != "":
            output.append(part)
    return replace(rule, output=tuple(output))


# --- contexts -------------------------------------------------------------------------------------------------


def _runs(keyboard: Keyboard, part: Part) -> list[_Run]:
    if isinstance(part, str):
        return [_Run(tuple(_cases(keyboard, char) for char in part))]
    elements = keyboard.sets[part.name]
    alone = [
        _Run(tuple(_cases(keyboard, char) for char in e), (at,)) for at, e in enumerate(elements) if _long(e)
    ]
    firsts: dict[str, dict[str, int]] = {}  # by the marks that follow: letter → element
    for at, element in enumerate(elements):
        if not _long(element):
            firsts.setdefault(element[1:], {})[element[0]] = at
    for letters in firsts.values():
        for letter, at in list(letters.items()):
            for case in _cases(keyboard, letter):
                letters.setdefault(case, at)
    short = [
        _Run((tuple(letters), *((char,) for char in marks)), tuple(letters.values()))
        for marks, letters in firsts.items()
    ]
    repeated = [
        replace(run, elements=run.elements * len(run.slots[0])) if len(run.elements) == 1 else run
        for run in alone
    ]
    return [*short, *repeated]


def _cases(keyboard: Keyboard, char: str) -> Slot:
    upper = char.upper()
    return (char, upper) if keyboard.cased and len(upper) == 1 and upper != char else (char,)


def _long(element: str) -> bool:
    """Whether an element has more than one letter (with marks)."""
    return sum(map(begins_letter, element)) > 1


# --- outputs --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Writer:
    """The output of one transform over given runs and a given trigger (the last slots are its code points)."""

    keyboard: Keyboard
    slots: Sequence[Slot]
    places: Sequence[_Place]
    kept: int
    context: int
    trigger: str

    def rules(self, to: Sequence[Part]) -> Iterator[Rule]:
        """The rule, or several where marks of one set join letters of another."""
        pieces: list[Out] = []
        letter = 0  # how many letters are written so far
        for part in to:
            if isinstance(part, str):
                for char in part:
                    pieces.append(self._literal(char, letter))
                    letter += begins_letter(char)
            else:
                place = next(each for each in self.places if _label(each.part) == part.label)
                made = self._other(place, part.name) if part.name else self._same(place)
                pieces += made
                letter += len(self._letters(place.start, place.start + len(place.run.slots)))
        for slots, output in _composed(tuple(self.slots), pieces):
            context = slots[: self.context]
            text = tuple(self._settled(slots, part) for part in output)
            yield folded(Rule(context, self.trigger, self.kept, text))

    def _settled(self, slots: Sequence[Slot], part: Out) -> Out:
        """A part that depends on the trigger is text."""
        return part.values[0] if isinstance(part, Mapped) and part.slot >= self.context else part

    def _letters(self, start: int, end: int) -> list[int]:
        return [at for at in range(start, end) if begins_letter(self.slots[at][0])]

    def _literal(self, char: str, letter: int) -> Out:
        """A letter takes the case of the letter at its place in the context, one beyond it that of the trigger."""
        if not self.keyboard.cased:
            return char
        places = self._letters(self.kept, self.context)
        return (
            self._case_of(places[letter], char)
            if begins_letter(char) and letter < len(places)
            else self._last(char)
        )

    def _case_of(self, slot: int, char: str) -> Out:
        return Mapped(slot, tuple(_upper(char) if _is_upper(each) else char for each in self.slots[slot]))

    def _last(self, char: str) -> str:
        return _upper(char) if begins_letter(char) and any(map(_is_upper, self.trigger)) else char

    def _same(self, place: _Place) -> list[Out]:
        return [Mapped(at, self.slots[at]) for at in range(place.start, place.start + len(place.run.slots))]

    def _other(self, place: _Place, name: str) -> list[Out]:
        """The elements of another set, in the case of those matched."""
        own: Mapping[str, int] = dict(zip(place.run.slots[0], place.run.elements, strict=True))
        chosen = [(char, self.keyboard.sets[name][own[char]]) for char in self.slots[place.start]]
        letters = self._letters(place.start, place.start + len(place.run.slots))
        if len(letters) > 1 and self.keyboard.cased:
            element = chosen[0][1]
            ends = [at for at, char in enumerate(element) if begins_letter(char)]
            return [
                self._case_of(letters[ends.index(at)], char)
                if at in ends and ends.index(at) < len(letters)
                else self._last(char)
                for at, char in enumerate(element)
            ]
        elements = self.keyboard.sets[place.part.name] if isinstance(place.part, SetPart) else ()
        values = []
        for char, element in chosen:
            derived = elements[own[char]][0] != char
            values.append(
                (_upper(element[:1]) if derived else element[:1]) + "".join(self._beyond(element[1:]))
            )
        return [Mapped(place.start, tuple(values))]

    def _beyond(self, text: str) -> Iterator[str]:
        for char in text:
            yield self._last(char) if self.keyboard.cased else char


def _label(part: Part) -> str:
    return part.label if isinstance(part, SetPart) else ""


def _upper(char: str) -> str:
    upper = char.upper()
    return upper if len(upper) == 1 else char


def _is_upper(char: str) -> bool:
    return char != char.lower()


def _composed(slots: tuple[Slot, ...], pieces: Sequence[Out]) -> Iterator[tuple[tuple[Slot, ...], list[Out]]]:
    """The output with every mark joined to what it follows, slots restricted where two of them meet."""
    output = list(pieces)
    for at in range(len(output) - 1, 0, -1):
        if _begins_letter(output[at]):
            continue
        before, after = output[at - 1], output[at]
        if isinstance(before, Mapped) and isinstance(after, Mapped) and before.slot != after.slot:
            for number, char in enumerate(slots[after.slot]):
                restricted = (*slots[: after.slot], (char,), *slots[after.slot + 1 :])
                chosen = [_restricted(part, after.slot, number) for part in output]
                yield from _composed(restricted, chosen)
            return
        output[at - 1 : at + 1] = [_joined(before, after)]
    yield (
        slots,
        [
            nfc(part) if isinstance(part, str) else Mapped(part.slot, tuple(map(nfc, part.values)))
            for part in output
        ],
    )


def _restricted(part: Out, slot: int, number: int) -> Out:
    return part.values[number] if isinstance(part, Mapped) and part.slot == slot else part


def _begins_letter(part: Out) -> bool:
    values = (part,) if isinstance(part, str) else part.values
    return all(value and begins_letter(value) for value in values)


def _joined(before: Out, after: Out) -> Out:
    if isinstance(before, str) and isinstance(after, str):
        return before + after
    if isinstance(before, str) and isinstance(after, Mapped):
        return Mapped(after.slot, tuple(before + value for value in after.values))
    if isinstance(before, Mapped) and isinstance(after, str):
        return Mapped(before.slot, tuple(value + after for value in before.values))
    if isinstance(before, Mapped) and isinstance(after, Mapped):
        return Mapped(before.slot, tuple(a + b for a, b in zip(before.values, after.values, strict=True)))
    raise TypeError(before)
