"""What is asked: a tree of frozen values that every complete engine translates. A node holds of a document or
not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from access.domain.viewer import Viewer

TierName = Literal["exact", "case", "tone", "letter", "script", "sound", "gloss", "fuzzy"]
KeyField = Literal["exact", "case", "tone", "letter", "sound", "derived", "gloss", "word"]
"""Keys that documents are found by. The first five are keys of written forms (headwords and variants);
`derived`, `gloss` and `word` are the letter keys of derived forms, of glosses and of the words inside
glosses."""

MARKED_FIELDS: frozenset[KeyField] = frozenset({"letter", "derived", "gloss", "word"})


SHARED: frozenset[KeyField] = frozenset({"exact", "case", "sound"})
"""Keys that mean the same in every folding: asked for with the scope `UNSCOPED`. The others have scopes,
because a letter that is a tone mark here is a consonant there."""

UNSCOPED: frozenset[str] = frozenset({""})


class Query:
    """A node of the query tree; every engine that is complete translates all of them."""


@dataclass(frozen=True)
class Term(Query):
    """The field holds exactly this key, made by one of the foldings `scopes`. Constant score."""

    field: KeyField
    value: str
    scopes: frozenset[str] = UNSCOPED


@dataclass(frozen=True)
class Prefix(Query):
    """A key of the field, made by one of the foldings `scopes`, begins with this. Constant score."""

    field: KeyField
    value: str
    scopes: frozenset[str] = UNSCOPED


@dataclass(frozen=True)
class Pattern(Query):
    """A key whose letters are `value` (or begin with it, unless `whole`) and whose marks contradict none of
    `marked`.

    `marked` is the query's own marked key: its letters are `value`, and the marks in it must be in the form
    as well, letter by letter (`search.marks`). `field` is one of `MARKED_FIELDS`.
    """

    field: KeyField
    value: str
    marked: str
    scopes: frozenset[str] = UNSCOPED
    whole: bool = True


@dataclass(frozen=True)
class Fuzzy(Query):
    """A key of any folding within an edit distance (optimal string alignment, in code points). Constant
    score."""

    field: KeyField
    value: str
    distance: int = 1


@dataclass(frozen=True)
class Tag(Query):
    """A plain value of the document: `name` is type, language, script, parent, or a facet's name."""

    name: str
    value: str


@dataclass(frozen=True)
class Words(Query):
    """Running text: BM25 over a field of `Document.fields`."""

    field: str
    tokens: tuple[str, ...]
    require_all: bool = True


@dataclass(frozen=True)
class Range(Query):
    """A number of the document (`order`, `version`) within bounds, both included."""

    field: Literal["order", "version"]
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class SeenBy(Query):
    """What this viewer may see: every protocol of the document allowed, no embargo in the way. Fails
    closed."""

    viewer: Viewer


@dataclass(frozen=True)
class All(Query):
    """Every document."""


@dataclass(frozen=True)
class And(Query):
    """All of these; without parts, every document."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Or(Query):
    """Any of these; without parts, no document."""

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
