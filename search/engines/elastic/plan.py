"""From the query tree to Elasticsearch's queries, through its DSL. Nothing here scores but running text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Query as Asked

from search.domain.audiences import permitted_keys
from search.engines.elastic.mapping import place_of
from search.engines.elastic.spelt import MERGED, SPELT, Dictionary, spellings, tagged
from search.engines.spelling import agrees, beginning
from search.engines.terms import PREFIX, UNIT, body
from search.queries import (
    SHARED,
    All,
    And,
    Fuzzy,
    Not,
    Or,
    Pattern,
    Prefix,
    Query,
    Range,
    SeenBy,
    Tag,
    Term,
    Words,
)

_TAGS = frozenset({"type", "language", "script", "parent"})


def query(node: Query, dictionary: Dictionary) -> Asked | None:
    """The query for a node; None when no document can match."""
    if isinstance(node, Term | Prefix | Pattern | Or):
        found = _Disjunction({}, [])
        _collect(node, found, dictionary)
        parts = [Q("terms", **{field: sorted(values)}) for field, values in found.terms.items()]
        return _any([*parts, *found.others])
    if isinstance(node, And):
        return _all(node.parts, dictionary)
    if isinstance(node, Not):
        return _all((node,), dictionary)
    return _single(node)


def where(node: Query, dictionary: Dictionary) -> list[Asked] | None:
    """A condition as filters to put beside a query; None when nothing satisfies it."""
    parts = node.parts if isinstance(node, And) else (node,)
    found: list[Asked] = []
    for part in parts:
        if isinstance(part, All):
            continue
        if isinstance(part, Not):
            negated = query(part.part, dictionary)
            if negated is not None:
                found.append(Q("bool", must_not=[negated]))
            continue
        one = query(part, dictionary)
        if one is None:
            return None
        found.append(one)
    return found


class _Disjunction(NamedTuple):
    """Terms of the index, by field, and whatever else may hold."""

    terms: dict[str, set[str]]
    others: list[Asked]

    def add(self, field: str, terms: Iterable[str]) -> None:
        """Any of these terms; a field without any is left out."""
        chosen = set(terms)
        if chosen:
            self.terms.setdefault(field, set()).update(chosen)


def _collect(node: Query, found: _Disjunction, dictionary: Dictionary) -> None:
    if isinstance(node, Or):
        for part in node.parts:
            _collect(part, found, dictionary)
    elif isinstance(node, Term | Prefix | Pattern):
        if not node.value:
            return
        if isinstance(node, Pattern):
            field, start = beginning(node)
            spelt = spellings(dictionary, field, start)
            found.add(SPELT, (tagged(field, term) for term in spelt if agrees(node, term)))
        elif isinstance(node, Term) or len(node.value) <= PREFIX:
            field = node.field if isinstance(node, Term) else f"{node.field}_p"
            found.add(field, (node.value + UNIT + scope for scope in node.scopes))
        elif node.field in SHARED:
            found.others.append(Q("prefix", **{node.field: node.value}))
        else:
            _collect_longer(node, found, dictionary)
    else:
        one = query(node, dictionary)
        if one is not None:
            found.others.append(one)


def _collect_longer(node: Prefix, found: _Disjunction, dictionary: Dictionary) -> None:
    """Keys that begin with more than any prefix term has; there are few."""
    field = f"{node.field}_m"
    if field in MERGED:
        spelt = spellings(dictionary, field, node.value)
        found.add(SPELT, (tagged(field, term) for term in spelt if term.split(UNIT)[1] in node.scopes))
    else:
        keys = dictionary(node.field, node.value)
        found.add(node.field, (key for key in keys if key.split(UNIT)[1] in node.scopes))


def _single(node: Query) -> Asked | None:
    if isinstance(node, All):
        return Q("match_all")
    if isinstance(node, SeenBy):
        return Q("terms", audience=permitted_keys(node.viewer))
    if isinstance(node, Tag):
        return Q("term", **{node.name if node.name in _TAGS else f"facet.{node.name}": {"value": node.value}})
    if isinstance(node, Fuzzy):
        if node.field != "letter" or not node.value:
            return None
        # Rewritten to a constant score all keys that are near are taken, not the fifty best.
        fuzzy = {
            "value": node.value,
            "fuzziness": node.distance,
            "rewrite": "constant_score",
            "transpositions": True,
        }
        return Q("fuzzy", fuzzy={**fuzzy, "max_expansions": 1_000})
    if isinstance(node, Range):
        bounds = {"gte": node.low, "lte": node.high}
        name = "place" if node.field == "order" else "version"
        value = place_of if name == "place" else int
        return Q("range", **{name: {end: value(bound) for end, bound in bounds.items() if bound is not None}})
    if isinstance(node, Words):
        field = body(node.field)
        terms = [Q("term", **{field: {"value": token}}) for token in dict.fromkeys(node.tokens)]
        if not terms:
            return None
        if len(terms) == 1:
            return terms[0]
        return Q("bool", must=terms) if node.require_all else Q("bool", should=terms)
    raise TypeError(f"{type(node).__name__} is not a query.")


def _any(parts: Sequence[Asked]) -> Asked | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Q("bool", should=list(parts))


def _all(parts: Sequence[Query], dictionary: Dictionary) -> Asked | None:
    found = where(And(tuple(parts)), dictionary)
    if found is None:
        return None
    if not found:
        return Q("match_all")
    return found[0] if len(found) == 1 else Q("bool", must=found)
