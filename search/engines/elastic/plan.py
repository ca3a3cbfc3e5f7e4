"""From the query tree to Elasticsearch's queries, through its DSL. Nothing here scores but running text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Query as Asked

from search.domain.audiences import permitted_keys
from search.engines.elastic.mapping import place_of
from search.engines.terms import PREFIX, UNIT, body
from search.marks import expression, literally
from search.queries import (
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


def query(node: Query) -> Asked | None:
    """The query for a node; None when no document can match."""
    if isinstance(node, Term | Prefix | Pattern | Or):
        found = _Disjunction({}, {}, [])
        _collect(node, found)
        parts = [Q("terms", **{field: sorted(set(values))}) for field, values in found.terms.items()]
        # One expression for a field: the server compiles it, and many small ones cost far more than one.
        parts += [_regexp(field, "|".join(sorted(set(several)))) for field, several in found.patterns.items()]
        return _any([*parts, *found.others])
    if isinstance(node, And):
        return _all(node.parts)
    if isinstance(node, Not):
        return _all((node,))
    return _single(node)


def where(node: Query) -> list[Asked] | None:
    """A condition as filters to put beside a query; None when nothing satisfies it."""
    parts = node.parts if isinstance(node, And) else (node,)
    found: list[Asked] = []
    for part in parts:
        if isinstance(part, All):
            continue
        if isinstance(part, Not):
            negated = query(part.part)
            if negated is not None:
                found.append(Q("bool", must_not=[negated]))
            continue
        one = query(part)
        if one is None:
            return None
        found.append(one)
    return found


class _Disjunction(NamedTuple):
    """Terms of the index and expressions over them, by field, and whatever else may hold."""

    terms: dict[str, list[str]]
    patterns: dict[str, list[str]]
    others: list[Asked]


def _collect(node: Query, found: _Disjunction) -> None:
    if isinstance(node, Or):
        for part in node.parts:
            _collect(part, found)
    elif isinstance(node, Term):
        if node.value:
            found.terms.setdefault(node.field, []).extend(node.value + UNIT + scope for scope in node.scopes)
    elif isinstance(node, Prefix):
        if not node.value:
            return
        if len(node.value) <= PREFIX:
            short = found.terms.setdefault(f"{node.field}_p", [])
            short.extend(node.value + UNIT + scope for scope in node.scopes)
        else:
            longer = f"{literally(node.value)}[^{UNIT}]*{UNIT}{_scopes(node.scopes)}"
            found.patterns.setdefault(node.field, []).append(longer)
    elif isinstance(node, Pattern):
        if node.value:
            field, pattern = _patterned(node)
            found.patterns.setdefault(field, []).append(pattern)
    else:
        one = query(node)
        if one is not None:
            found.others.append(one)


def _patterned(node: Pattern) -> tuple[str, str]:
    short = node.whole or len(node.value) <= PREFIX
    field = f"{node.field}_m" if node.whole or not short else f"{node.field}_mp"
    rest = "" if short else f"[^{UNIT}]*"
    # A prefix that is a term of its own has exactly the letters of the query.
    marked = expression(node.marked, whole=short)
    return field, f"{literally(node.value)}{rest}{UNIT}{_scopes(node.scopes)}{UNIT}{marked}"


def _scopes(scopes: frozenset[str]) -> str:
    return "(" + "|".join(literally(scope) for scope in sorted(scopes)) + ")"


def _regexp(field: str, pattern: str) -> Asked:
    return Q(
        "regexp",
        **{
            field: {
                "value": pattern,
                "flags": "NONE",
                "max_determinized_states": 1_000_000,
                "rewrite": "constant_score",
            }
        },
    )


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


def _all(parts: Sequence[Query]) -> Asked | None:
    found = where(And(tuple(parts)))
    if found is None:
        return None
    if not found:
        return Q("match_all")
    return found[0] if len(found) == 1 else Q("bool", must=found)
