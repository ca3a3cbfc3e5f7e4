"""A query through the eyes of every orthography that could own it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from languages import Orthography, registry
from search.documents import Keys
from search.domain import analysis


@dataclass(frozen=True)
class Folded:
    """A query folded by one or more orthographies that fold it alike: its keys, and who they are (`scopes`)."""

    keys: Keys
    scopes: frozenset[str]

    @property
    def marked(self) -> bool:
        """Whether a mark was typed: without any, every marked key of the letters agrees."""
        return self.keys.marked != self.keys.letter


def foldings(text: str, orthography: str | None = None) -> tuple[Folded, ...]:
    """The query folded by `orthography`, or by every profile that could own it; always by the plain folding,
    too."""
    if orthography is not None:
        writings: Iterable[Orthography] = (analysis.orthography(orthography),)
    else:
        writings = registry().owners(text)
    alike: dict[Keys, set[str]] = {}
    for writing in (*writings, analysis.plain()):
        alike.setdefault(Keys(*writing.keys(text)), set()).add(analysis.scope_of(writing))
    return tuple(Folded(keys, frozenset(scopes)) for keys, scopes in alike.items())
