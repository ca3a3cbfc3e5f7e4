"""From the query tree to tantivy's queries.

Keys are first looked up in the dictionaries of the index (two microseconds each): what is in no document
costs no search at all, and most tiers of a look-up are empty.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import tantivy
from tantivy import Occur

from search.documents import family_of
from search.domain.audiences import hidden
from search.engines.embedded.schema import HEADS, LOCATED
from search.engines.spelling import agrees, beginning
from search.engines.terms import ALWAYS, PREFIX, UNIT, body
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

Leaf = tuple[str, str, int]  # tantivy's field and term, and how many documents have it, deleted ones included

WORTH = 500
"""From so many documents on a head is worth looking into."""

_ONE_DIGIT = 2.0**-23  # the last digit of a number of single precision, as a share of it

_TAGS = frozenset({"type", "language", "script", "parent"})


class Step(NamedTuple):
    """A tier in tantivy's terms: its query, the number of documents where that is known, and heads: the same
    among the best ranked documents alone, each with the number that may be expected."""

    query: tantivy.Query
    number: int | None = None
    heads: tuple[tuple[tantivy.Query, int], ...] = ()


class Plan:
    """Translates queries for one searcher, that is, for one state of the index."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema = schema
        self._searcher = searcher
        self._audiences: list[str] | None = None
        self._seen: tuple[SeenBy, tantivy.Query | None] | None = None
        self._pristine: bool | None = None
        self._families: dict[int, str] | None = None

    def step(self, node: Query) -> Step | None:
        """The query for a tier, with the heads that its first page may be read off; None when no document can
        match."""
        leaves = self.leaves(node)
        if leaves is None:
            query = self.query(node)
            return None if query is None else Step(query)
        query = self._any(leaves)
        if query is None:
            return None
        upper = sum([count for _field, _term, count in leaves])
        number = upper if len(leaves) == 1 and self._nothing_deleted() else None
        if upper < WORTH or not all(field[-1] == "p" for field, _term, _count in leaves):
            return Step(query, number)
        heads = []
        for level, share in enumerate(HEADS, start=1):
            head = self._any([(f"{field}{level}", term, 0) for field, term, _count in leaves])
            if head is not None:
                heads.append((head, upper // share))
        return Step(query, number, tuple(heads))

    def families(self) -> Mapping[int, str]:
        """The types of the documents, by the family in their orders; empty where two types share one."""
        if self._families is None:
            found: dict[int, str] = {}
            types = [kind for kind, _count in self._searcher.terms_with_prefix("type", "")]
            for kind in types:
                query = tantivy.Query.term_query(self._schema, "type", kind)
                for order, _address in self._searcher.search(query, 1, False, "order").hits:
                    found[family_of(order)] = kind
            self._families = found if len(found) == len(types) else {}
        return self._families

    def locates(self) -> bool:
        """Whether any document stands somewhere inside a parent."""
        return self._searcher.doc_freq("located", LOCATED) > 0

    def _nothing_deleted(self) -> bool:
        """Whether the counts of the dictionaries are those of the documents: no deleted one is left in
        them."""
        if self._pristine is None:
            counted = sum(count for _term, count in self._searcher.terms_with_prefix("type", ""))
            self._pristine = counted == self._searcher.num_docs
        return self._pristine

    def query(self, node: Query) -> tantivy.Query | None:
        """The query for a node; None when no document can match."""
        leaves = self.leaves(node)
        if leaves is not None:
            return self._any(leaves)
        if isinstance(node, And):
            return self._all(node.parts)
        if isinstance(node, Or):
            parts = [part for part in map(self.query, node.parts) if part is not None]
            return _joined(Occur.Should, parts)
        if isinstance(node, Not):
            return self._all((node,))
        if isinstance(node, SeenBy):
            return self._seen_by(node)
        return self._single(node)

    def leaves(self, node: Query) -> list[Leaf] | None:
        """The terms of the index that a disjunction of keys comes down to; None if the node is something
        else."""
        if isinstance(node, Term):
            return self._scoped(node.field, node.value, node.scopes)
        if isinstance(node, Prefix):
            return self._prefixed(node.field, node.value, node.scopes)
        if isinstance(node, Pattern):
            return self._patterned(node)
        if not isinstance(node, Or):
            return None
        found: list[Leaf] = []
        for part in node.parts:
            leaves = self.leaves(part)
            if leaves is None:
                return None
            found.extend(leaves)
        return found

    def where(self, node: Query) -> list[tuple[Occur, tantivy.Query]] | None:
        """A condition as clauses to put beside a query; None when nothing satisfies it."""
        parts = node.parts if isinstance(node, And) else (node,)
        clauses: list[tuple[Occur, tantivy.Query]] = []
        for part in parts:
            if isinstance(part, All):
                continue
            if isinstance(part, SeenBy):
                hide = self._hidden(part)
                if hide is not None:
                    clauses.append((Occur.MustNot, hide))
                continue
            if isinstance(part, Not):
                query = self.query(part.part)
                if query is not None:
                    clauses.append((Occur.MustNot, query))
                continue
            query = self.query(part)
            if query is None:
                return None
            clauses.append((Occur.Must, query))
        return clauses

    # --- keys ---

    def _scoped(self, field: str, value: str, scopes: frozenset[str]) -> list[Leaf]:
        if not value:
            return []
        start = value + UNIT
        cut = len(start)
        return [
            (field, term, count)
            for term, count in self._searcher.terms_with_prefix(field, start)
            if term[cut:] in scopes
        ]

    def _prefixed(self, field: str, value: str, scopes: frozenset[str]) -> list[Leaf]:
        if not value:
            return []
        if len(value) <= PREFIX:
            return self._scoped(f"{field}_p", value, scopes)
        return [
            (field, term, count)
            for term, count in self._searcher.terms_with_prefix(field, value)
            if term.rpartition(UNIT)[2] in scopes
        ]

    def _patterned(self, node: Pattern) -> list[Leaf]:
        if not node.value:
            return []
        field, start = beginning(node)
        spelt = self._searcher.terms_with_prefix(field, start)
        return [(field, term, count) for term, count in spelt if agrees(node, term)]

    # --- the rest ---

    def _any(self, leaves: Sequence[Leaf]) -> tantivy.Query | None:
        schema, make = self._schema, tantivy.Query.term_query
        if len(leaves) == 1:
            return make(schema, leaves[0][0], leaves[0][1])
        return _joined(Occur.Should, [make(schema, field, term) for field, term, _count in leaves])

    def _all(self, parts: Sequence[Query]) -> tantivy.Query | None:
        clauses = self.where(And(tuple(parts)))
        if clauses is None:
            return None
        if not any(occur == Occur.Must for occur, _query in clauses):
            clauses.append((Occur.Must, tantivy.Query.all_query()))
        return clauses[0][1] if len(clauses) == 1 else tantivy.Query.boolean_query(clauses)

    def _single(self, node: Query) -> tantivy.Query | None:
        make, schema = tantivy.Query, self._schema
        if isinstance(node, All):
            return make.all_query()
        if isinstance(node, Tag):
            field = node.name if node.name in _TAGS else "facet." + node.name.replace(".", "\\.")
            return make.term_query(schema, field, node.value)
        if isinstance(node, Fuzzy):
            if node.field != "letter" or not node.value:
                return None
            return make.fuzzy_term_query(schema, "fuzzy", node.value, node.distance, True)
        if isinstance(node, Range):
            unsigned = tantivy.FieldType.Unsigned
            return make.range_query(schema, node.field, unsigned, node.low, node.high)
        if isinstance(node, Words):
            occur = Occur.Must if node.require_all else Occur.Should
            field = body(node.field)
            tokens = dict.fromkeys(node.tokens)
            return _joined(occur, [self._scored(field, token) for token in tokens])
        raise TypeError(f"{type(node).__name__} is not a query.")

    def _scored(self, field: str, token: str) -> tantivy.Query:
        """A word of running text. tantivy loses digits of the weight of words that most documents have; they are put
        back by a boost."""
        query = tantivy.Query.term_query(self._schema, field, token, "freq")
        every, having = self._searcher.doc_freq(field, ALWAYS), self._searcher.doc_freq(field, token)
        if not 0 < having <= every:
            return query
        missing = every - having
        exact = math.log1p((missing + 0.5) / (having + 0.5))
        share = _single_precision((missing + 0.5) / (having + 0.5))
        kept = _single_precision(math.log(_single_precision(1.0 + share)))
        if not kept or abs(exact / kept - 1.0) < _ONE_DIGIT:
            return query
        return tantivy.Query.boost_query(query, exact / kept)

    def _seen_by(self, node: SeenBy) -> tantivy.Query | None:
        hide = self._hidden(node)
        everything = tantivy.Query.all_query()
        if hide is None:
            return everything
        return tantivy.Query.boolean_query([(Occur.Must, everything), (Occur.MustNot, hide)])

    def _hidden(self, node: SeenBy) -> tantivy.Query | None:
        """What the viewer may not see, of the audiences this very state of the index knows; None: nothing."""
        kept = self._seen
        if kept is not None and (kept[0].viewer is node.viewer or kept[0] == node):
            return kept[1]
        if self._audiences is None:
            self._audiences = [term for term, _count in self._searcher.terms_with_prefix("audience", "")]
        found = self._any([("audience", audience, 0) for audience in hidden(node.viewer, self._audiences)])
        self._seen = (node, found)
        return found


def _single_precision(number: float) -> float:
    """The nearest number of 32 bits."""
    return float(struct.unpack("f", struct.pack("f", number))[0])


def _joined(occur: Occur, parts: Sequence[tantivy.Query]) -> tantivy.Query | None:
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]
    return tantivy.Query.boolean_query([(occur, part) for part in parts])
