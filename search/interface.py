"""The one interface of search: what is indexed, what is asked, what comes back. Knows no engine.

The analyser is the language profile: keys are folded before they come here, for documents and queries alike,
so every engine sees plain strings and gives the same answers. This module re-exports the parts:
`search.documents` (what is indexed), `search.queries` (what is asked), `search.results` (what comes back).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from search.documents import WRITTEN, Document, Form, FormKind, Keys, order_of
from search.queries import (
    All,
    And,
    Fuzzy,
    KeyField,
    Not,
    Or,
    Pattern,
    Prefix,
    Query,
    Range,
    SeenBy,
    Tag,
    Term,
    Tier,
    TierName,
    Words,
)
from search.results import Hit, MatchedForm, Results

__all__ = [
    "WRITTEN", "All", "And", "Capabilities", "Document", "Engine", "EngineUnavailable", "Form", "FormKind",
    "Fuzzy", "Hit", "KeyField", "Keys", "MatchedForm", "Not", "Or", "Pattern", "Prefix", "Query", "Range",
    "Results", "SeenBy", "Tag", "Term", "Tier", "TierName", "Unsupported", "Words", "order_of",
]  # fmt: skip


@dataclass(frozen=True)
class Capabilities:
    """What an engine can answer beyond exact keys, prefixes and patterns. `facets` None: any facet."""

    fuzzy: bool = True
    words: bool = True
    facets: frozenset[str] | None = None


class Engine(Protocol):
    """What an engine must do. Errors: `EngineUnavailable` when it cannot answer at all, `Unsupported` when it
    cannot answer this kind of query (see `capabilities`)."""

    name: str
    capabilities: Capabilities

    def write(self, documents: Iterable[Document], deleted: Iterable[tuple[str, int]] = ()) -> None:
        """Add or replace documents and delete others; visible to readers when this returns."""

    def lookup(
        self, tiers: Sequence[Tier], where: Query, *, limit: int, cursor: str = "", facets: Sequence[str] = ()
    ) -> Results:
        """Hits of the first tier, then of the second without those of the first, …; within a tier by
        `order`."""

    def words(
        self, query: Query, where: Query, *, limit: int, cursor: str = "", facets: Sequence[str] = ()
    ) -> Results:
        """Running text by BM25; near-equal scores are ordered by `order`."""

    def count(self, where: Query | None = None) -> int:
        """How many documents the index holds (that satisfy a condition)."""


class EngineUnavailable(Exception):
    """The engine cannot answer now; the caller falls back to the database engine and says so."""


class Unsupported(Exception):
    """The engine cannot answer this kind of query; its `capabilities` say so beforehand."""
