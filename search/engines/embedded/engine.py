"""The embedded engine: answers queries from the current index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import tantivy
from tantivy import Occur

from search.documents import Document, family_of, pk_of
from search.engines.embedded import directories
from search.engines.embedded.reader import Reader
from search.engines.embedded.schema import COLUMNS, schema
from search.engines.embedded.writer import Writer
from search.engines.life import Manifest
from search.engines.paging import Found, Scored, hit_of, scored_page, tier_page
from search.engines.terms import UNIT, VERSION
from search.interface import Capabilities, EngineUnavailable, Hit, Query, Results, Tier

_ASCENDING = tantivy.Order.Asc
_VALUES = 65_000  # tantivy's limit of buckets

P = ParamSpec("P")
R = TypeVar("R")


def guarded(function: Callable[P, R]) -> Callable[P, R]:
    """Turn the errors of a broken index into EngineUnavailable, panics of the library included."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (ValueError, OSError) as error:
            if not isinstance(error, OSError) and type(error) is not ValueError:
                raise  # a bad cursor, text that is no text: the caller's
            raise EngineUnavailable(str(error)) from error
        except BaseException as error:
            if type(error).__name__ == "PanicException":
                raise EngineUnavailable(str(error)) from error
            raise

    return call


class EmbeddedEngine:
    """tantivy over the folder `root`; see `search.interface.Engine`."""

    name = "tantivy"
    capabilities = Capabilities()

    def __init__(self, root: Path, folder: Path | None = None) -> None:
        """`folder` reads that index whether it is current or not."""
        self.root = root
        self._reader = Reader(root, folder)

    def write(self, documents: Iterable[Document], deleted: Iterable[tuple[str, int]] = ()) -> None:
        """Write and commit as the one writer; raises directories.Busy while another process writes."""
        with Writer(self.root) as writer:
            writer.write(documents, deleted)
        self._reader.look_again()

    def start(self, text_fields: Sequence[str] = (), profiles: str = "") -> None:
        """Make an empty index the current one, if there is none that this version can write."""
        with directories.locked(self.root):
            folder = directories.current(self.root)
            manifest = directories.manifest_of(folder) if folder is not None else None
            if manifest is not None and manifest.version == VERSION:
                return
            folder = directories.create(self.root, Manifest(VERSION, tuple(text_fields), profiles))
            tantivy.Index(schema(text_fields), str(folder))
            directories.switch(self.root, folder)

    def look_again(self) -> None:
        """Somebody wrote just now in this process."""
        self._reader.look_again()

    @guarded
    def lookup(
        self, tiers: Sequence[Tier], where: Query, *, limit: int, cursor: str = "", facets: Sequence[str] = ()
    ) -> Results:
        """See `Engine.lookup`."""
        state = self._reader.state()
        plan, searcher = state.plan, state.searcher
        clauses = plan.where(where)
        steps = [plan.step(tier.query) for tier in tiers] if clauses is not None else [None] * len(tiers)

        def search(
            index: int, after: int | None, size: int, before: Sequence[Found] | None
        ) -> tuple[Sequence[Found], int | None]:
            step = steps[index]
            if step is None:
                return (), 0
            parts = [(Occur.MustNot, earlier.query) for earlier in steps[:index] if earlier is not None]
            if clauses:
                parts.extend(clauses)
            if after is not None:
                unsigned = tantivy.FieldType.Unsigned
                later = tantivy.Query.range_query(state.index.schema, "order", unsigned, after, None, False)
                parts.append((Occur.Must, later))
            else:
                for head, expected in step.heads:
                    if expected >= size:
                        best = _ranked(searcher, head, parts, size)
                        if best.count >= size:  # whoever is not in the head comes after all that are
                            return best.hits, None if parts else step.number
            found = _ranked(searcher, step.query, parts, size)
            return found.hits, found.count

        page = tier_page(len(tiers), search, limit, cursor)
        families = plan.families()
        hits = tuple(
            [
                hit_of(
                    tiers[index],
                    families.get(family_of(order)) or _type(searcher, address),
                    pk_of(order),
                    order,
                )
                for index, (order, address) in page.hits
            ]
        )
        total, counted = page.total, {}
        if total is None or facets:
            union = _union([step.query for step in steps if step is not None], clauses)
            if total is None:
                total = 0 if union is None else _count(searcher, union)
            counted = _facets(searcher, union, facets)
        return Results(hits, total, counted, page.cursor)

    @guarded
    def words(
        self, query: Query, where: Query, *, limit: int, cursor: str = "", facets: Sequence[str] = ()
    ) -> Results:
        """See `Engine.words`."""
        state = self._reader.state()
        plan, searcher = state.plan, state.searcher
        clauses, scored = plan.where(where), plan.query(query)
        if clauses is None or scored is None:
            return Results((), 0, {name: {} for name in facets})
        # Conditions must not add to the score.
        parts = [
            (occur, part if occur == Occur.MustNot else tantivy.Query.const_score_query(part, 0.0))
            for occur, part in clauses
        ]
        whole = tantivy.Query.boolean_query([(Occur.Must, scored), *parts]) if parts else scored
        total = 0

        def fetch(size: int) -> Sequence[Scored]:
            nonlocal total
            found: Any = searcher.search(whole, size)
            total = found.count
            orders = searcher.fast_field_values("order", [address for _score, address in found.hits])
            return [
                Scored(score, int(order or 0), address)
                for (score, address), order in zip(found.hits, orders, strict=True)
            ]

        page, following = scored_page(fetch, limit, cursor)
        families, located = plan.families(), plan.locates()
        hits = tuple(
            [
                Hit(
                    families.get(family_of(order)) or _type(searcher, address),
                    pk_of(order),
                    order,
                    score=score,
                    locator=searcher.doc(address).get_first("locator") or "" if located else "",
                )
                for score, order, address in page
            ]
        )
        return Results(hits, total, _facets(searcher, whole, facets), following)

    @guarded
    def count(self, where: Query | None = None) -> int:
        """See `Engine.count`."""
        state = self._reader.state()
        if where is None:
            return state.searcher.num_docs
        query = state.plan.query(where)
        return 0 if query is None else _count(state.searcher, query)

    @guarded
    def versions(self, type: str, low: int, high: int) -> Mapping[int, int]:  # noqa: A002
        """The versions of the documents of a type with primary keys from low to high: for the sweep."""
        state = self._reader.state()
        searcher, layout = state.searcher, state.index.schema
        unsigned = tantivy.FieldType.Unsigned
        query = tantivy.Query.boolean_query(
            [
                (Occur.Must, tantivy.Query.term_query(layout, "type", type)),
                (Occur.Must, tantivy.Query.range_query(layout, "pk", unsigned, low, high)),
            ]
        )
        number = _count(searcher, query)
        if not number:
            return {}
        addresses = [address for _score, address in searcher.search(query, number, False).hits]
        pks = searcher.fast_field_values("pk", addresses)
        versions = searcher.fast_field_values("version", addresses)
        return {int(pk or 0): int(version or 0) for pk, version in zip(pks, versions, strict=True)}

    @guarded
    def documents(self) -> Iterator[tuple[str, int]]:
        """Names of all documents, in no order: for tests that nothing is doubled or lost."""
        searcher = self._reader.state().searcher
        everything = searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1), False)
        return iter([_named(searcher, address) for _score, address in everything.hits])


def _named(searcher: tantivy.Searcher, address: Any) -> tuple[str, int]:
    kind, _unit, pk = searcher.doc(address)["id"][0].partition(UNIT)
    return kind, int(pk)


def _type(searcher: tantivy.Searcher, address: Any) -> str:
    """The type of a document whose family does not tell it."""
    return _named(searcher, address)[0]


def _count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    found: Any = searcher.search(query, 1, True, "order", 0, _ASCENDING)
    return int(found.count)


def _ranked(
    searcher: tantivy.Searcher, query: tantivy.Query, parts: Sequence[tuple[Occur, tantivy.Query]], size: int
) -> Any:
    """The first documents by order that satisfy a query and these clauses, and their number."""
    if parts:
        query = tantivy.Query.boolean_query([*parts, (Occur.Must, query)])
    return searcher.search(query, size, True, "order", 0, _ASCENDING)


def _union(
    queries: Sequence[tantivy.Query], clauses: Sequence[tuple[Occur, tantivy.Query]] | None
) -> tantivy.Query | None:
    if not queries or clauses is None:
        return None
    if len(queries) == 1:
        union = queries[0]
    else:
        union = tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])
    return tantivy.Query.boolean_query([(Occur.Must, union), *clauses]) if clauses else union


def _facets(
    searcher: tantivy.Searcher, query: tantivy.Query | None, names: Sequence[str]
) -> dict[str, dict[str, int]]:
    if query is None or not names:
        return {name: {} for name in names}
    wanted = {
        name: {
            "terms": {
                "field": name if name in COLUMNS or name == "language" else _facet(name),
                "size": _VALUES,
            }
        }
        for name in names
    }
    answer = searcher.aggregate(query, wanted)
    return {
        name: {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"] if bucket["key"]}
        for name in names
    }


def _facet(name: str) -> str:
    return "facet." + name.replace(".", "\\.")
