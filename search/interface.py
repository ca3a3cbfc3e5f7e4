"""The one interface of search: what is indexed, what is asked, what comes back. Knows no engine.

The analyser is the language profile: keys are folded before they come here, for documents and queries alike,
so every engine sees plain strings and gives the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

FormKind = Literal["headword", "variant", "derived", "gloss"]
TierName = Literal["exact", "case", "tone", "letter", "script", "sound", "gloss", "fuzzy"]


@dataclass(frozen=True)
class Keys:
    """What a text is found by, one key per tier; see `languages.Orthography.keys`.

    `marked` spells the case-folded text out as base letters, each followed by its marks in a fixed order: removing
    the marks gives `letter`, and a query with some marks missing is a pattern over it.
    """

    exact: str
    case: str
    tone: str
    letter: str
    marked: str
    sound: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Form:
    """A text by which a document is found: in which orthography, as what, under which keys."""

    kind: FormKind
    orthography: str
    text: str
    keys: Keys


@dataclass(frozen=True)
class Document:
    """One thing that can be found. `(type, pk)` names it; a higher `version` replaces a lower one.

    `order` is an unsigned 64-bit number, smaller first: rank in the upper 24 bits, a stable id in the lower 40.
    `fields` holds running text per field as tokens already folded; `facets` plain values per facet name.
    `protocols` are ids of `access.Protocol`, all of which the viewer must be allowed; `embargo` is the day
    (proleptic ordinal) from which the document may be seen, 0 for none. `locator` says where inside the parent.
    """

    type: str
    pk: int
    version: int
    order: int
    forms: tuple[Form, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    protocols: tuple[int, ...] = ()
    embargo: int = 0
    parent: str = ""
    locator: str = ""


# --- queries ----------------------------------------------------------------------------------------------------

class Query:
    """A node of the query tree; every engine that is complete translates all of them."""


@dataclass(frozen=True)
class Term(Query):
    """The field holds exactly this key. Constant score."""

    field: str
    value: str


@dataclass(frozen=True)
class Prefix(Query):
    """A key of the field begins with this. Constant score."""

    field: str
    value: str


@dataclass(frozen=True)
class Pattern(Query):
    """A whole key of the field matches a regular expression of literals, `[...]`, `*`, `?`, `|`, `( )`, `.`."""

    field: str
    expression: str


@dataclass(frozen=True)
class Fuzzy(Query):
    """A key within an edit distance (Damerau-Levenshtein, in code points). Constant score."""

    field: str
    value: str
    distance: int = 1


@dataclass(frozen=True)
class Words(Query):
    """Running text: BM25 over a field of `Document.fields`."""

    field: str
    tokens: tuple[str, ...]
    require_all: bool = True


@dataclass(frozen=True)
class Range(Query):
    """A number of the document (`order`, `embargo`) within bounds, both included."""

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class All(Query):
    """Every document."""


@dataclass(frozen=True)
class And(Query):
    """All of these."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Or(Query):
    """Any of these."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Not(Query):
    """None of this."""

    part: Query


@dataclass(frozen=True)
class Tier:
    """One step of a look-up: a constant-score query and what a hit in it means."""

    name: TierName
    query: Query
    whole: bool = True  # False: the hit's key only begins with the query
    contradicts: bool = False  # a typed mark is another one in the hit


# --- results ----------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Hit:
    """A document found, by what, and where."""

    type: str
    pk: int
    order: int
    tier: TierName | None = None
    whole: bool = True
    contradicts: bool = False
    score: float = 0.0
    locator: str = ""


@dataclass(frozen=True)
class Results:
    """A page of hits. `total` counts all that match; `cursor` asks for the next page, empty at the end."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    cursor: str = ""
    degraded: bool = False  # answered by the database because the index is missing


class Engine(Protocol):
    """What an engine must do. Errors: `EngineUnavailable` when it cannot answer at all."""

    name: str

    def write(self, documents: Iterable[Document], deleted: Iterable[tuple[str, int]] = ()) -> None:
        """Add or replace documents and delete others; visible to readers when this returns."""

    def lookup(
        self, tiers: Sequence[Tier], where: Query, *, limit: int, cursor: str = "", facets: Sequence[str] = ()
    ) -> Results:
        """Hits of the first tier, then of the second without those of the first, …; within a tier by `order`."""

    def words(
        self, query: Query, where: Query, *, limit: int, cursor: str = "", facets: Sequence[str] = ()
    ) -> Results:
        """Running text by BM25; near-equal scores are ordered by `order`."""

    def count(self) -> int:
        """How many documents the index holds."""


class EngineUnavailable(Exception):
    """The engine cannot answer now; the caller falls back to the database engine and says so."""
