"""What is indexed: documents, the forms they are found by, and the keys of a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

FormKind = Literal["headword", "variant", "derived", "gloss"]
WRITTEN: frozenset[FormKind] = frozenset({"headword", "variant"})

ID_BITS = 40
LAST_RANK = 2**24 - 1


class Keys(NamedTuple):
    """What a text is found by, one key per tier; see `languages.Orthography.keys`.

    `marked` spells the case-folded text out as base letters, each followed by its marks in a fixed order:
    removing the marks gives `letter`, and a query with some marks missing is a pattern over it. `scope` names
    the folding that made the keys: keys of different foldings never meet. `words` are the words inside a
    longer text as pairs of letter and marked key, so that a gloss is found by any of its words.
    """

    exact: str
    case: str
    tone: str
    letter: str
    marked: str
    sound: frozenset[str] = frozenset()
    scope: str = ""
    words: frozenset[tuple[str, str]] = frozenset()


class Form(NamedTuple):
    """A text by which a document is found: in which orthography (BCP 47 tag), as what, under which keys."""

    kind: FormKind
    orthography: str
    text: str
    keys: Keys


@dataclass(frozen=True)
class Document:
    """One thing that can be found. `(type, pk)` names it; a higher `version` replaces a lower one.

    `order` is an unsigned 64-bit number made by `order_of`: smaller first, and no two documents share one.
    `fields` holds running text per field as tokens already folded; `facets` plain values per facet name.
    `protocols` are ids of `access.Protocol`, all of which the viewer must be allowed; `embargo` is the day
    (proleptic ordinal) from which the document may be seen, 0 for none. `parent` is opaque here (the slug of
    a lexicon, say); `locator` says where inside the parent. A document that has forms has one language.
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

    @property
    def audience(self) -> str:
        """Protocols and embargo as one key: `EMBARGO:ID,ID`. There are few different ones, even among
        millions."""
        return f"{self.embargo}:{','.join(map(str, sorted(set(self.protocols))))}"


def pk_of(order: int) -> int:
    """The primary key in an order that `order_of` made."""
    return order & 0xFFFF_FFFF


def family_of(order: int) -> int:
    """The family in an order that `order_of` made."""
    return order >> 32 & 0xFF


def order_of(rank: int, pk: int, *, family: int = 0) -> int:
    """The `order` of a document: rank (0 first, capped at 2**24 - 1), then family and primary key.

    `family` (0 to 255) tells types of document apart, so that two types never share an order; `pk` < 2**32.
    Raises ValueError for what does not fit, because two documents with one order would hide each other.
    """
    if not (0 <= family < 256 and 0 <= pk < 2**32):
        raise ValueError(f"family {family} or primary key {pk} does not fit into the order.")
    return (min(max(rank, 0), LAST_RANK) << ID_BITS) | (family << 32) | pk
