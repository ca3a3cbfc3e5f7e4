"""Where else a word stands: what the library knows of it. The library registers how to ask (`AppConfig.ready`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from access.domain.viewer import Viewer
from search.domain.guard import QueryError


class Mention(NamedTuple):
    """So many of these speak of it, and where they are listed."""

    label: str
    number: int
    address: str


_sources: list[Callable[[str, Viewer], tuple[Mention, ...]]] = []


def register(source: Callable[[str, Viewer], tuple[Mention, ...]]) -> None:
    """Have `source` asked where a text is mentioned, as far as the viewer may know. It must be cheap."""
    if source not in _sources:
        _sources.append(source)


def of(text: str, viewer: Viewer) -> tuple[Mention, ...]:
    """Where a text is mentioned; nothing for one that cannot be looked up."""
    try:
        return tuple(mention for source in _sources for mention in source(text, viewer))
    except QueryError:
        return ()
