"""Look a text up: in any script, with or without marks, as written or as it sounds."""

from __future__ import annotations

from collections.abc import Sequence

from access.domain.viewer import Viewer
from search.results import Results


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
    index: a person who just published finds their entry. Raises `QueryError` (code, params) for a text that
    cannot be looked up.
    """
    raise NotImplementedError
