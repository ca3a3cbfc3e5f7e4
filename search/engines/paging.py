"""What every engine pages alike: tiers one after the other, cursors, and windows of scored hits."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from search.queries import Tier
from search.results import Hit

_CURSOR = re.compile(r"(\d{1,4})(?:\.(\d{1,20}))?", re.ASCII)
_OFFSET = re.compile(r"@(\d{1,6})", re.ASCII)

TOLERANCE = 1e-5
"""Scores that differ by less than this share are equal: engines compute them in different precision."""

WINDOW = 12
"""How many more hits than asked for are fetched by score, before near-equal ones are put in order."""


class BadCursor(ValueError):
    """A cursor that no engine gave out."""


Found = tuple[int, Any]
"""A hit before it is named: its order, and whatever its engine needs to name it."""


class TierPage(NamedTuple):
    """One page through tiers. `total` is None when it takes another query to know it."""

    hits: list[tuple[int, Found]]  # (index of the tier, what was found)
    total: int | None
    cursor: str


Search = Callable[[int, int | None, int, Sequence[Found] | None], tuple[Sequence[Found], int | None]]
"""(index of a tier, order to come after, how many, all hits of the tiers before if they are at hand) -> those of
the tier that no tier before has, and their number if it is known."""


def tier_page(tiers: int, search: Search, limit: int, cursor: str) -> TierPage:
    """The hits of the first tier, then of the second without those of the first, …, from the cursor on."""
    start, after = decode(cursor)
    hits: list[tuple[int, Found]] = []
    total: int | None = 0 if not cursor else None
    enumerated = not cursor
    for index in range(start, tiers):
        need = limit - len(hits)
        before = [one for _tier, one in hits] if enumerated else None
        found, count = search(index, after, need + 1, before)
        total = None if total is None or count is None else total + count
        hits.extend((index, one) for one in found[:need])
        if len(found) > need:
            last = hits[-1] if hits and hits[-1][0] == index else None
            at = last[1][0] if last is not None else after
            is_last = index == tiers - 1
            return TierPage(hits, total if is_last else None, encode(index, at))
        after = None
    return TierPage(hits, total, "")


def encode(tier: int, order: int | None) -> str:
    """The cursor that continues in a tier after this order, or at its beginning."""
    return str(tier) if order is None else f"{tier}.{order}"


def decode(cursor: str) -> tuple[int, int | None]:
    """Tier and order of a cursor; raises BadCursor."""
    if not cursor:
        return 0, None
    match = _CURSOR.fullmatch(cursor)
    if match is None or (match[2] is not None and int(match[2]) >= 2**64):
        raise BadCursor(cursor)
    return int(match[1]), None if match[2] is None else int(match[2])


def hit_of(tier: Tier, type: str, pk: int, order: int) -> Hit:  # noqa: A002
    """The hit for a document of this name found in this tier."""
    return Hit(type, pk, order, tier.name, tier.whole, tier.contradicts)


class Scored(NamedTuple):
    """A hit by score before it is named."""

    score: float
    order: int
    handle: Any


def scored_page(
    fetch: Callable[[int], Sequence[Scored]], limit: int, cursor: str
) -> tuple[list[Scored], str]:
    """A page of hits by score, near-equal scores by order, and the cursor of the next page.

    `fetch(n)` gives the n best by score. The window is widened until it does not end among equals, so that a
    page never depends on the order in which an engine happens to return them.
    """
    start = _offset(cursor)
    size = start + limit + WINDOW
    while True:
        window = list(fetch(size))
        if len(window) < size or not _equal(window[start + limit].score, window[-1].score):
            break
        size *= 2
    ordered = in_order(window)
    page = ordered[start : start + limit]
    more = len(ordered) > start + limit
    return page, f"@{start + limit}" if more else ""


def in_order(window: Sequence[Scored]) -> list[Scored]:
    """Hits by falling score; runs of near-equal scores by order."""
    result: list[Scored] = []
    run: list[Scored] = []
    for one in sorted(window, key=lambda scored: -scored.score):
        if run and not _equal(run[0].score, one.score):
            result.extend(sorted(run, key=lambda scored: scored.order))
            run = []
        run.append(one)
    result.extend(sorted(run, key=lambda scored: scored.order))
    return result


def _equal(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE * max(abs(one), abs(other))


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    match = _OFFSET.fullmatch(cursor)
    if match is None:
        raise BadCursor(cursor)
    return int(match[1])
