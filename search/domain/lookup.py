"""Look a text up: in any script, with or without marks, as written or as it sounds."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache

from access.domain.viewer import Viewer
from languages import Registry, registry
from search.domain import engines
from search.domain.folding import foldings
from search.domain.guard import QueryError, bounded, clean
from search.domain.matching import with_forms
from search.domain.tiers import tiers
from search.engines.paging import BadCursor
from search.interface import (
    And,
    Engine,
    EngineUnavailable,
    Or,
    Query,
    Results,
    SeenBy,
    Tag,
    Tier,
    Unsupported,
)

FEW = 3
"""With fewer hits than this, what is one slip away is looked for, too."""

_log = logging.getLogger(__name__)


def lookup(
    text: str,
    *,
    viewer: Viewer,
    languages: Sequence[str] = (),
    orthography: str | None = None,
    lexicon: str | None = None,
    types: Sequence[str] = (),
    filters: Sequence[tuple[str, str]] = (),
    facets: Sequence[str] = (),
    limit: int = 20,
    cursor: str = "",
    fresh: bool = False,
) -> Results:
    """The documents that a text finds, best first, as far as the viewer may see them.

    `languages` restricts the documents to these languages (codes of profiles); `orthography` says which
    orthography the query is written in (else every one that could own it is tried); `lexicon` is the
    `Document.parent` to stay in; `filters` are (facet, value) pairs that must hold; `facets` names what to
    count: language, parent, type, script or a document's own facets. `fresh` asks the database instead of the
    index: a person who just published finds their entry. Each hit tells by which form it was found. While
    there is no index the database answers, and the results are `degraded`: no slips, no filters, and only the
    facets language, parent and type. Raises QueryError (`code`, `params`, translated by `str()`) for what
    cannot be looked up.
    """
    asked, limit = clean(text), bounded(limit)
    seen = SeenBy(viewer)
    where = And((seen, *conditions(languages, lexicon, types, filters)))
    results, used = answer(asked, orthography, where, limit=limit, cursor=cursor, facets=facets, fresh=fresh)
    hits = with_forms(results.hits, used, seen)
    slips = [hit.form.text for hit in hits if hit.tier == "fuzzy" and hit.form is not None]
    return results._replace(hits=hits, suggestions=tuple(dict.fromkeys(slips)))


def conditions(
    languages: Sequence[str] = (),
    lexicon: str | None = None,
    types: Sequence[str] = (),
    filters: Sequence[tuple[str, str]] = (),
) -> list[Query]:
    """What the person chose, as parts of a query."""
    found: list[Query] = [
        Or(tuple(Tag(name, value) for value in values))
        for name, values in (("language", languages), ("type", types))
        if values
    ]
    if lexicon is not None:
        found.append(Tag("parent", lexicon))
    found.extend(Tag(name, value) for name, value in filters)
    return found


def answer(
    text: str,
    orthography: str | None,
    where: Query,
    *,
    limit: int,
    cursor: str = "",
    facets: Sequence[str] = (),
    fresh: bool = False,
    fuzzy: bool = True,
) -> tuple[Results, Sequence[Tier]]:
    """Results without forms, and the tiers that gave them. The database answers when the index cannot."""
    if not fresh:
        try:
            return _from(engines.index(), text, orthography, where, limit, cursor, facets, fuzzy)
        except EngineUnavailable as error:
            _log.warning("The database answers a look-up: %s", error)
    able = engines.DATABASE.capabilities.facets or frozenset()
    known = tuple(name for name in facets if name in able)
    try:
        results, used = _from(engines.DATABASE, text, orthography, where, limit, cursor, known, False)
    except Unsupported:  # a filter by what rows do not have: nothing can be told of it without an index
        results, used = Results((), 0), ()
    return results._replace(degraded=not fresh), used


def _from(
    engine: Engine,
    text: str,
    orthography: str | None,
    where: Query,
    limit: int,
    cursor: str,
    facets: Sequence[str],
    fuzzy: bool,
) -> tuple[Results, Sequence[Tier]]:
    slips = cursor.startswith("~")  # a cursor knows whether slips were looked for when its page was made
    used = _tiers(text, orthography, slips)
    try:
        results = engine.lookup(used, where, limit=limit, cursor=cursor.removeprefix("~"), facets=facets)
    except BadCursor as error:
        raise QueryError("bad_cursor") from error
    if fuzzy and not cursor and results.total < FEW:
        used = _tiers(text, orthography, True)
        results = engine.lookup(used, where, limit=limit, facets=facets)
        slips = True
    if slips and results.cursor:
        results = results._replace(cursor=f"~{results.cursor}")
    return results, used


def _tiers(text: str, orthography: str | None, fuzzy: bool) -> tuple[Tier, ...]:
    return _kept_tiers(registry(), text, orthography, fuzzy)


@lru_cache(maxsize=2048)
def _kept_tiers(profiles: Registry, text: str, orthography: str | None, fuzzy: bool) -> tuple[Tier, ...]:
    """Folding by a dozen profiles costs more than searching; other profiles (in tests) are another key."""
    return tuple(tiers(foldings(text, orthography), fuzzy=fuzzy))
