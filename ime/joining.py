"""Joins rules that differ in one slot alone into one with more alternatives there: fewer rules, the same typing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ime.program import Mapped, Out, Rule


def joined(rules: Iterable[Rule]) -> list[Rule]:
    """Fewer rules that fire on the same texts and write the same; no two of them on the same text."""
    current = list(dict.fromkeys(rules))
    while True:
        before = len(current)
        for slot in range(max((len(rule.context) for rule in current), default=0)):
            current = _joined_at(slot, current)
        if len(current) == before:
            return current


def _joined_at(slot: int, rules: list[Rule]) -> list[Rule]:
    groups: dict[object, list[Rule]] = {}
    for rule in rules:
        if slot < len(rule.context):
            context = rule.context[:slot] + rule.context[slot + 1 :]
            shape = tuple(_at(part, slot) for part in rule.output)
            groups.setdefault((rule.trigger, rule.kept, len(rule.context), context, shape), []).append(rule)
        else:
            groups[rule] = [rule]
    return [_one(slot, group) if len(group) > 1 else group[0] for group in groups.values()]


def _at(part: Out, slot: int) -> Out | None:
    """A part of an output as rules that can be joined have to share it."""
    return None if isinstance(part, Mapped) and part.slot == slot else part


def _one(slot: int, group: list[Rule]) -> Rule:
    first = group[0]
    values: dict[str, tuple[str, ...]] = {}
    for rule in group:
        mine = [part for part in rule.output if isinstance(part, Mapped) and part.slot == slot]
        for at, char in enumerate(rule.context[slot]):
            values.setdefault(char, tuple(part.values[at] for part in mine))
    chars = tuple(sorted(values))
    context = (*first.context[:slot], chars, *first.context[slot + 1 :])
    output: list[Out] = []
    number = 0
    for part in first.output:
        if isinstance(part, Mapped) and part.slot == slot:
            part = Mapped(slot, tuple(values[char][number] for char in chars))
            number += 1
        output.append(part)
    return replace(first, context=context, output=tuple(output))
