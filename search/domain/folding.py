"""A query through the eyes of every orthography that could own it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from languages import Orthography, registry
from search.documents import Keys
from search.domain import analysis


@dataclass(frozen=True)
class Folded:
    """A query folded by one or more orthographies that fold it alike: its keys, and who they are (`scopes`).

    `pattern` and `pattern_prefix` are regular expressions over marked keys (see `queries.Pattern`); `marked`
    says that the query has marks at all: without any, every marked key of its letters agrees.
    """

    keys: Keys
    scopes: frozenset[str]
    pattern: str
    pattern_prefix: str

    @property
    def marked(self) -> bool:
        """Whether a mark was typed."""
        return self.keys.marked != self.keys.letter


def foldings(text: str, orthography: str | None = None) -> tuple[Folded, ...]:
    """The query folded by `orthography`, or by every profile that could own it; always by the plain folding,
    too."""
    if orthography is not None:
        writings: Iterable[Orthography] = (analysis.orthography(orthography),)
    else:
        writings = registry().owners(text)
    alike: dict[tuple[Keys, str], set[str]] = {}
    prefixes: dict[tuple[Keys, str], str] = {}
    for writing in (*writings, analysis.plain()):
        keys = Keys(*writing.keys(text))
        group = (keys, writing.pattern(text))
        if group not in prefixes:
            prefixes[group] = writing.pattern(text, prefix=True)
        alike.setdefault(group, set()).add(analysis.scope_of(writing))
    return tuple(
        Folded(keys, frozenset(scopes), pattern, prefixes[keys, pattern])
        for (keys, pattern), scopes in alike.items()
    )
