"""How many strokes each character of a text stands for at least: what guides the search for the shortest way.

Weights are sound when no stroke adds more weight than it costs: then the weight of a text is never more than what
typing it costs. Here they begin too high and are lowered until that holds for every key and every rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ime.program import Mapped, Rule

_ROUNDS: Final = 60
_HIGHEST: Final = 6  # strokes for one character; no honest one needs more


@dataclass(frozen=True)
class _Limit:
    """What a stroke does, as a sum over places: at each, one of several changes (characters gone, characters there)."""

    places: tuple[tuple[tuple[str, str], ...], ...]
    most: int


def weights(outputs: Mapping[str, int], rules: Iterable[Rule], stroke: int) -> Mapping[str, int]:
    """The weight of each character, by the cost of each output and of a stroke that fires a rule."""
    limits = [_Limit(((("", output),),), cost) for output, cost in outputs.items()]
    limits += [_limit(rule, stroke) for rule in rules]
    chars = {char for limit in limits for place in limit.places for _, there in place for char in there}
    found = dict.fromkeys(chars, _HIGHEST * stroke)
    for _ in range(_ROUNDS):
        if not sum([_lower(limit, found) for limit in limits]):
            return found
    longest = max(sum(max(len(there) for _, there in place) for place in limit.places) for limit in limits)
    return dict.fromkeys(
        chars, stroke // longest
    )  # sound whatever the rules: no stroke writes more characters


def _limit(rule: Rule, stroke: int) -> _Limit:
    changes: dict[int, list[tuple[str, str]]] = {
        at: [(char, "") for char in rule.context[at]] for at in range(rule.kept, len(rule.context))
    }
    places: list[tuple[tuple[str, str], ...]] = []
    for part in rule.output:
        if isinstance(part, Mapped):
            before = changes.setdefault(part.slot, [("", "") for _ in part.values])
            changes[part.slot] = [
                (gone, there + value) for (gone, there), value in zip(before, part.values, strict=True)
            ]
        else:
            places.append((("", part),))
    places += (
        tuple(each for each in change if each[0] != each[1]) or (("", ""),) for change in changes.values()
    )
    return _Limit(tuple(places), stroke)


def _lower(limit: _Limit, found: dict[str, int]) -> bool:
    """Lower the weights of what a stroke writes, if it adds too much; whether it did."""
    changed = False
    while True:
        worst = [_heaviest(place, found) for place in limit.places]
        excess = sum(added for added, _ in worst) - limit.most
        if excess <= 0:
            return changed
        written = [there for added, there in worst if added > 0 and there]
        heaviest = max("".join(written), key=lambda char: (found[char], char))
        share = -(-excess // len(written))
        found[heaviest] = max(0, found[heaviest] - share)
        changed = True


def _heaviest(place: Sequence[tuple[str, str]], found: Mapping[str, int]) -> tuple[int, str]:
    """The change at a place that adds most weight, and what it writes."""
    best, text = None, ""
    for gone, there in place:
        added = sum([found[char] for char in there]) - sum([found.get(char, 0) for char in gone])
        if best is None or added > best:
            best, text = added, there
    return best or 0, text
