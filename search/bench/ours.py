"""Our own side of the comparison: the engine through its interface, and the whole look-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import tantivy

from access.domain.viewer import Viewer
from search.bench.contenders import TOP, TOP_WORDS, Case
from search.bench.corpus import RANKS, TEXT_FIELDS, Entry, document
from search.domain.folding import foldings
from search.domain.guard import clean
from search.domain.tiers import tiers
from search.engines.embedded import directories
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.embedded.schema import HEADS, schema
from search.engines.embedded.writer import Writer
from search.engines.life import Manifest
from search.engines.terms import VERSION
from search.interface import Fuzzy, Prefix, SeenBy, Term, Tier, Words, order_of


class Ours:
    """An index as the site has it."""

    name = "ours"

    def __init__(self, folder: Path) -> None:
        self._root = folder
        self._engine = EmbeddedEngine(folder)

    def build(self, entries: Iterable[Entry], number: int) -> None:
        """Index the entries with all their keys."""
        heads = tuple(order_of(RANKS // share, 0) for share in HEADS)
        folder = directories.create(self._root, Manifest(VERSION, TEXT_FIELDS, "", heads=heads))
        tantivy.Index(schema(TEXT_FIELDS), str(folder))
        with Writer(self._root, folder, heap=256_000_000) as writer:
            writer.fill((document(entry) for entry in entries), number)
        directories.switch(self._root, folder)

    def cases(self) -> Mapping[str, Case]:
        """The cases of the comparison, for a visitor who may see everything that is public."""
        engine = self._engine
        where = SeenBy(Viewer(None, frozenset({1}), frozenset(), False, date.today()))

        def exact(text: str) -> Any:
            return engine.lookup([Tier("exact", Term("exact", text))], where, limit=TOP)

        def prefix(text: str) -> Any:
            return engine.lookup([Tier("exact", Prefix("exact", text), False)], where, limit=TOP)

        def fuzzy(text: str) -> Any:
            return engine.lookup([Tier("fuzzy", Fuzzy("letter", text))], where, limit=TOP)

        def words(text: str) -> Any:
            return engine.words(Words("meaning", tuple(text.split())), where, limit=TOP_WORDS)

        def facets(text: str) -> Any:
            tier = Tier("exact", Prefix("exact", text), False)
            return engine.lookup([tier], where, limit=TOP, facets=("language",))

        def whole(text: str) -> Any:
            return engine.lookup(tiers(foldings(clean(text))), where, limit=TOP)

        return {
            "exact": exact,
            "prefix": prefix,
            "fuzzy": fuzzy,
            "two_terms": words,
            "facets": facets,
            "lookup": whole,
            "typing": whole,
        }
