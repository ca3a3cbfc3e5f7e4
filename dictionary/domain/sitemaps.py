"""Site maps of the apps above: which pages of theirs anybody may see. The index of site maps asks here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

SPAN: Final = 10_000
"""How many primary keys one site map covers: a file may hold 50,000 addresses, and each page has one a language."""


@dataclass(frozen=True)
class SiteMap:
    """Pages of one kind. `spans` gives the numbers of the files that have any, `pages` those of one file.

    A page is its path in the first language of the interface, and the day of its last change ("" if not known); one
    that does not stand in all languages, or elsewhere in them, gives its paths by language. The
    callables ask the gate for the public themselves.
    """

    name: str
    spans: Callable[[], Iterable[int]]
    pages: Callable[[int], Iterable[tuple[str | Mapping[str, str], str]]]


_registered: dict[str, SiteMap] = {}


def register(site_map: SiteMap) -> None:
    """Add a kind of pages, or replace the one of the same name."""
    _registered[site_map.name] = site_map


def registered() -> tuple[SiteMap, ...]:
    """All kinds, by name."""
    return tuple(_registered[name] for name in sorted(_registered))


def find(name: str) -> SiteMap | None:
    """The kind of this name."""
    return _registered.get(name)
