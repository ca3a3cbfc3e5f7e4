"""Running text: which documents speak of these words, and where in a text they stand."""

from __future__ import annotations

from collections.abc import Sequence

from access.domain.viewer import Viewer
from languages import registry
from search.domain import analysis, engines
from search.domain.guard import QueryError, bounded, clean
from search.domain.lookup import conditions
from search.engines.paging import BadCursor
from search.interface import And, EngineUnavailable, Not, Or, Query, Results, SeenBy, Tag, Words


def search(
    text: str,
    *,
    viewer: Viewer,
    fields: Sequence[str],
    languages: Sequence[str] = (),
    orthography: str | None = None,
    lexicon: str | None = None,
    types: Sequence[str] = (),
    filters: Sequence[tuple[str, str]] = (),
    without: Sequence[tuple[str, str]] = (),
    facets: Sequence[str] = (),
    limit: int = 20,
    cursor: str = "",
    require_all: bool = True,
) -> Results:
    """Documents whose running text in any of these fields has the words of a query, best first.

    `without` are (facet, value) pairs that must not hold; the rest is as in `lookup`.
    The words are folded by every orthography that could own them. While there is no index nothing is found,
    and the results are `degraded`. Raises QueryError as `lookup` does.
    """
    asked, limit = clean(text), bounded(limit)
    readings = _readings(asked, orthography)
    query: Query = Or(tuple(Words(field, tokens, require_all) for field in fields for tokens in readings))
    left_out = (Not(Tag(name, value)) for name, value in without)
    where = And((SeenBy(viewer), *conditions(languages, lexicon, types, filters), *left_out))
    try:
        return engines.index().words(query, where, limit=limit, cursor=cursor, facets=facets)
    except BadCursor as error:
        raise QueryError("bad_cursor") from error
    except EngineUnavailable:
        return Results((), 0, {name: {} for name in facets}, degraded=True)


def highlights(text: str, orthography: str, query: str) -> tuple[tuple[int, int], ...]:
    """Where in a text the words of a query stand, as (start, end) in code points."""
    writing = analysis.orthography(orthography)
    wanted = {token for tokens in _readings(query, orthography) for token in tokens}
    return tuple(
        (token.start, token.end)
        for token in writing.tokens(text)
        if writing.fold(token.text, "letter") in wanted
    )


def _readings(text: str, orthography: str | None) -> list[tuple[str, ...]]:
    """The folded words of a query, once for each way in which an orthography reads them."""
    tags = [orthography] if orthography is not None else [one.tag for one in registry().owners(text)]
    read = dict.fromkeys(analysis.words(tag, text) for tag in (*tags, "und"))
    return [tokens for tokens in read if tokens]
