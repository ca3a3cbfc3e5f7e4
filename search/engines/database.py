"""The database engine: exact keys, prefixes and patterns over search's own look-up rows.

It answers while the index is missing, and what must be found at once by the person who just published it.
Running text and fuzzy keys it leaves to an index; a document without forms has no rows and is not found here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from search.documents import Document
from search.domain import rows
from search.domain.audiences import seen_by
from search.engines.paging import Found, hit_of, tier_page
from search.interface import (
    All,
    And,
    Capabilities,
    Not,
    Or,
    Pattern,
    Prefix,
    Query,
    Range,
    Results,
    SeenBy,
    Tag,
    Term,
    Tier,
    Unsupported,
)
from search.marks import expression
from search.models import LookupKey, LookupRow
from search.queries import SHARED, UNSCOPED

_GROUPS = frozenset({"letter", "derived", "gloss"})
_FURTHER = frozenset({"sound", "word"})
_FACETS = frozenset({"type", "language", "parent"})

Leaf = Term | Prefix | Pattern


class DatabaseEngine:
    """Answers from look-up rows; see `search.interface.Engine`."""

    name = "database"
    capabilities = Capabilities(fuzzy=False, words=False, facets=_FACETS)

    def write(self, documents: Iterable[Document], deleted: Iterable[tuple[str, int]] = ()) -> None:
        """Replace the rows of documents, delete those of others, in one transaction."""
        gone: dict[str, list[int]] = {}
        for kind, pk in deleted:
            gone.setdefault(kind, []).append(pk)
        with transaction.atomic():
            for kind, pks in gone.items():
                rows.remove(kind, pks)
            rows.replace(documents)

    def lookup(
        self, tiers: Sequence[Tier], where: Query, *, limit: int, cursor: str = "", facets: Sequence[str] = ()
    ) -> Results:
        """See `Engine.lookup`. Raises Unsupported for fuzzy keys, running text, and facets that rows do not
        have."""
        for name in facets:
            if name not in _FACETS:
                raise Unsupported(f"The database cannot count {name}.")
        condition = _condition(where)
        conditions = [_condition(tier.query) for tier in tiers]
        direct = [_direct(tier.query) or conditions[index] for index, tier in enumerate(tiers)]

        def search(
            index: int, after: int | None, size: int, before: Sequence[Found] | None
        ) -> tuple[Sequence[Found], int | None]:
            found = LookupRow.objects.filter(condition).filter(direct[index])
            if before is not None:
                found = found.exclude(place__in=[rows.place_of(order) for order, _name in before])
            elif index:
                found = found.exclude(reduce(or_, conditions[:index]))
            if after is not None:
                found = found.filter(place__gt=rows.place_of(after))
            names = found.order_by("place").values_list("place", "type", "object_id").distinct()
            page = list(names[:size])
            number = len(page) if len(page) < size else None  # a page that is not full tells it by itself
            return [(rows.order_from(place), (kind, pk)) for place, kind, pk in page], number

        page = tier_page(len(tiers), search, limit, cursor)
        hits = tuple(hit_of(tiers[index], kind, pk, order) for index, (order, (kind, pk)) in page.hits)
        total = page.total
        everything = LookupRow.objects.filter(condition)
        everything = everything.filter(reduce(or_, direct)) if direct else everything.none()
        if total is None:
            total = everything.aggregate(n=Count("place", distinct=True))["n"]
        return Results(hits, total, {name: _counted(everything, name) for name in facets}, page.cursor)

    def words(
        self, query: Query, where: Query, *, limit: int, cursor: str = "", facets: Sequence[str] = ()
    ) -> Results:
        """Raises Unsupported: the database ranks no running text."""
        raise Unsupported("The database cannot search running text.")

    def count(self, where: Query | None = None) -> int:
        """See `Engine.count`; documents without forms are not counted."""
        found = LookupRow.objects.all() if where is None else LookupRow.objects.filter(_condition(where))
        return int(found.aggregate(n=Count("place", distinct=True))["n"])


def _counted(found: QuerySet[LookupRow], name: str) -> dict[str, int]:
    groups = found.values_list(name).annotate(n=Count("place", distinct=True)).order_by()
    return {value: number for value, number in groups if value}


def _direct(node: Query) -> Q | None:
    """The condition that rows themselves have one of these keys: simpler for the database than `_condition`, and the
    same documents. None for what is not a disjunction of rows' own keys."""
    leaves = list(node.parts) if isinstance(node, Or) else [node]
    own = [
        leaf for leaf in leaves if isinstance(leaf, Term | Prefix | Pattern) and leaf.field not in _FURTHER
    ]
    if len(own) < len(leaves):
        return None
    return _keys(own)[0] or _NOTHING


def _condition(node: Query) -> Q:
    """The node as a condition on documents: a row stands for its document, so keys are asked for by sub-query."""
    if isinstance(node, Term | Prefix | Pattern):
        return _leaves([node])
    if isinstance(node, Or):
        leaves = [part for part in node.parts if isinstance(part, Term | Prefix | Pattern)]
        others = [_condition(part) for part in node.parts if not isinstance(part, Term | Prefix | Pattern)]
        conditions = [*others, _leaves(leaves)] if leaves else others
        return reduce(or_, conditions) if conditions else _NOTHING
    if isinstance(node, And):
        return Q(*map(_condition, node.parts))
    if isinstance(node, Not):
        return ~_condition(node.part)
    if isinstance(node, All):
        return Q()
    if isinstance(node, SeenBy):
        return seen_by(node.viewer)
    if isinstance(node, Tag) and node.name in _FACETS:
        return Q(**{node.name: node.value})
    if isinstance(node, Range):
        return _range(node)
    raise Unsupported(f"The database cannot answer {type(node).__name__}.")


_NOTHING = Q(pk__in=[])


def _range(node: Range) -> Q:
    name = "place" if node.field == "order" else "version"
    condition = Q()
    for end, value in (("gte", node.low), ("lte", node.high)):
        if value is not None:
            condition &= Q(**{f"{name}__{end}": rows.place_of(value) if name == "place" else value})
    return condition


def _leaves(leaves: Sequence[Leaf]) -> Q:
    """Documents that have any of these keys."""
    own, further = _keys(leaves)
    found = _NOTHING
    if own:
        found |= Q(place__in=LookupRow.objects.filter(own).values("place"))
    if further:
        found |= Q(place__in=LookupKey.objects.filter(further).values("place"))
    return found


def _keys(leaves: Sequence[Leaf]) -> tuple[Q, Q]:
    """The conditions on rows and on further keys to be any of these; keys of one value are asked for together,
    whatever their folding."""
    merged: dict[Leaf, set[str]] = {}
    for leaf in leaves:
        if leaf.value:
            merged.setdefault(replace(leaf, scopes=UNSCOPED), set()).update(leaf.scopes)
    own, further = Q(), Q()
    for leaf, scopes in merged.items():
        field = leaf.field
        column = "key" if field in _FURTHER else "letter" if field in _GROUPS else field
        whole = leaf.whole if isinstance(leaf, Pattern) else isinstance(leaf, Term)
        condition = _equal_or_longer(column, leaf.value.encode(), whole=whole)
        if field not in SHARED:
            condition &= Q(scope__in=sorted(scopes))
        if isinstance(leaf, Pattern):
            condition &= Q(marked__regex=f"^(?:{expression(leaf.marked, whole=whole)})$")
        if field in _FURTHER:
            further |= condition & Q(field=field)
        else:
            own |= condition & Q(group=field) if field in _GROUPS else condition
    return own, further


def _equal_or_longer(column: str, key: bytes, *, whole: bool) -> Q:
    if whole:
        return Q(**{column: key})
    # UTF-8 has no byte 0xFF: the last byte can always grow by one.
    return Q(**{f"{column}__gte": key, f"{column}__lt": key[:-1] + bytes([key[-1] + 1])})
