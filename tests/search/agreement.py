"""Ask several engines the same, and count the cases that all of them answered alike.

The counts of all tests are added up at the end of the run (`tests/conftest.py`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:  # the plugin that adds the counts up is loaded before Django
    from search.interface import Engine, Query, Results, Tier

R = TypeVar("R")

PROPERTY = "agreed"


class Agreed:
    """How many cases which engines answered alike; `cases` is what a test report carries."""

    def __init__(self) -> None:
        self.cases: dict[str, int] = {}

    def count(self, names: Sequence[str]) -> None:
        """One more case that these engines answered alike."""
        key = ", ".join(sorted(names))
        self.cases[key] = self.cases.get(key, 0) + 1

    def ask(self, engines: Sequence[Engine], question: Callable[[Engine], R], case: object = "") -> R:
        """What all engines answer; fails when one says something else than the first. Counts one case."""
        first, *others = engines
        answer = question(first)
        for other in others:
            assert question(other) == answer, f"{other.name} differs from {first.name}: {case}"
        if others:
            self.count([engine.name for engine in engines])
        return answer

    def look_up(
        self, engines: Sequence[Engine], tiers: Sequence[Tier], where: Query, limit: int,
        facets: Sequence[str] = (), case: object = "",
    ) -> list[Results]:  # fmt: skip
        """All pages of a look-up: the same from every engine, as `ask`."""
        return self.ask(engines, lambda engine: pages(engine, tiers, where, limit, facets), case)


def pages(
    engine: Engine, tiers: Sequence[Tier], where: Query, limit: int, facets: Sequence[str] = ()
) -> list[Results]:
    """All pages of a look-up, by following the cursors."""
    found = [engine.lookup(tiers, where, limit=limit, facets=facets)]
    while found[-1].cursor:
        found.append(engine.lookup(tiers, where, limit=limit, cursor=found[-1].cursor, facets=facets))
    return found
