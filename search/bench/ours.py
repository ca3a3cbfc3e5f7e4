"""Our own side of the comparison: the engine through its interface, and the whole look-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import tantivy

from access.domain.viewer import Viewer
from languages import registry
from search.bench.contenders import TOP, TOP_WORDS, Case
from search.bench.corpus import TEXT_FIELDS, Entry, document
from search.domain.analysis import PLAIN
from search.domain.folding import foldings
from search.domain.guard import clean
from search.domain.tiers import tiers
from search.engines.embedded import directories
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.embedded.schema import VERSION, schema
from search.engines.embedded.writer import Writer
from search.interface import Fuzzy, Prefix, SeenBy, Term, Tier, Words

BATCH = 100_000


class Ours:
    """An index as the site has it."""

    name = "ours"

    def __init__(self, folder: Path) -> None:
        self._root = folder
        self._engine = EmbeddedEngine(folder)

    def build(self, entries: Iterable[Entry]) -> None:
        """Index the entries with all their keys."""
        folder = directories.create(self._root, directories.Manifest(VERSION, TEXT_FIELDS, ""))
        tantivy.Index(schema(TEXT_FIELDS), str(folder))
        with Writer(self._root, folder, heap=256_000_000) as writer:
            writer.add((document(entry) for entry in entries), new=True)
            writer.commit()
        directories.switch(self._root, folder)

    def cases(self) -> Mapping[str, Case]:
        """The cases of the comparison, for a visitor who may see everything that is public."""
        engine = self._engine
        where = SeenBy(Viewer(None, frozenset({1}), frozenset(), False, date.today()))
        scopes = frozenset({PLAIN, *(one.tag for one in registry().orthographies)})

        def exact(text: str) -> Any:
            return engine.lookup([Tier("exact", Term("exact", text, scopes))], where, limit=TOP)

        def prefix(text: str) -> Any:
            return engine.lookup([Tier("exact", Prefix("exact", text, scopes), False)], where, limit=TOP)

        def fuzzy(text: str) -> Any:
            return engine.lookup([Tier("fuzzy", Fuzzy("letter", text))], where, limit=TOP)

        def words(text: str) -> Any:
            return engine.words(Words("meaning", tuple(text.split())), where, limit=TOP_WORDS)

        def facets(text: str) -> Any:
            tier = Tier("exact", Prefix("exact", text, scopes), False)
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
