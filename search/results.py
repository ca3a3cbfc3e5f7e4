"""What comes back: hits with the tier that found them, totals, facets, cursor."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from search.documents import FormKind
from search.queries import TierName


class MatchedForm(NamedTuple):
    """The form that a hit was found by. For a derived form, `text` is the transliteration."""

    kind: FormKind
    orthography: str
    text: str


class Hit(NamedTuple):
    """A document found, by what, and where."""

    type: str
    pk: int
    order: int
    tier: TierName | None = None
    whole: bool = True
    contradicts: bool = False
    score: float = 0.0
    locator: str = ""
    form: MatchedForm | None = None


class Results(NamedTuple):
    """A page of hits. `total` counts all that match; `cursor` asks for the next page, empty at the end."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]] = MappingProxyType({})
    cursor: str = ""
    degraded: bool = False  # answered by the database because the index is missing
    suggestions: tuple[str, ...] = ()  # headwords near the query, when nothing or little was found
