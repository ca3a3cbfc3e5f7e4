"""The engine over Elasticsearch: one request for a whole look-up, whatever the number of tiers.

Tiers are alternatives of one query, each with a constant score that falls from tier to tier; hits are sorted by that
score, then by place. Score and place of the last hit are the cursor, the same one that other engines give.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.dsl import Q, Search
from elasticsearch.dsl.query import Query as Asked

from search.documents import Document
from search.engines.elastic import indexes
from search.engines.elastic.connection import Connection
from search.engines.elastic.mapping import COLUMNS, WINDOW, named, order_from, place_of
from search.engines.elastic.plan import query as planned
from search.engines.elastic.plan import where as conditions
from search.engines.elastic.writer import ElasticWriter
from search.engines.paging import Scored, decode, encode, hit_of, scored_page
from search.engines.terms import VERSION
from search.interface import Capabilities, EngineUnavailable, Hit, Query, Results, Tier

LOOK_EVERY = 10.0  # seconds after which it is asked again with what the index was made
_VALUES = 65_000  # below the limit of buckets of one answer
_PAGE = 10_000
_NOTHING: tuple[Asked, ...] = ()


class ElasticEngine:
    """Asks the current index, or `index`; see `search.interface.Engine`."""

    name = "elasticsearch"
    capabilities = Capabilities()

    def __init__(self, connection: Connection, index: str = "") -> None:
        self._connection = connection
        self._index = index or connection.server.prefix
        self._looked_at = float("-inf")

    def write(self, documents: Iterable[Document], deleted: Iterable[tuple[str, int]] = ()) -> None:
        """See `Engine.write`."""
        with ElasticWriter(self._connection, self._index) as writer:
            writer.add(documents, deleted)
            writer.commit()

    def look_again(self) -> None:
        """Somebody switched just now in this process."""
        self._looked_at = float("-inf")

    def lookup(
        self, tiers: Sequence[Tier], where: Query, *, limit: int, cursor: str = "", facets: Sequence[str] = ()
    ) -> Results:
        """See `Engine.lookup`."""
        tier, order = decode(cursor)
        number = len(tiers)
        ranked, filters = _ranked(tuple(one.query for one in tiers)), conditions(where)
        if ranked is None or filters is None:
            return Results((), 0, {name: {} for name in facets})
        search = self._search(Q("bool", filter=filters), facets)
        search = search.sort("_score", "place")[: limit + 1]
        if cursor:
            # Between two scores: after all of the tier before, before the first of this one.
            after = [number - tier + 0.5, 0] if order is None else [number - tier, place_of(order)]
            search = search.extra(search_after=after)
        answer = self._ask(search, ranked)
        found = [(number - round(hit["sort"][0]), hit) for hit in answer["hits"]["hits"]]
        hits = tuple(
            hit_of(tiers[at], *named(hit["_id"]), order_from(hit["sort"][1])) for at, hit in found[:limit]
        )
        following = ""
        if len(found) > limit:
            last = found[limit - 1][0]
            following = encode(found[limit][0], hits[-1].order if last == found[limit][0] else None)
        return Results(hits, answer["hits"]["total"]["value"], _counted(answer, facets), following)

    def words(
        self, query: Query, where: Query, *, limit: int, cursor: str = "", facets: Sequence[str] = ()
    ) -> Results:
        """See `Engine.words`."""
        filters, scored = conditions(where), planned(query)
        if filters is None or scored is None:
            return Results((), 0, {name: {} for name in facets})
        search = self._search(Q("bool", must=[scored], filter=filters), facets)
        search = search.sort("_score", "place").extra(docvalue_fields=["locator"])
        search = search.params(search_type="dfs_query_then_fetch")
        answer: Mapping[str, Any] = {}

        def fetch(size: int) -> Sequence[Scored]:
            nonlocal answer
            answer = self._ask(search[: min(size, WINDOW)])
            return [Scored(hit["sort"][0], order_from(hit["sort"][1]), hit) for hit in answer["hits"]["hits"]]

        page, following = scored_page(fetch, limit, cursor)
        hits = tuple(_scored_hit(one) for one in page)
        return Results(hits, answer["hits"]["total"]["value"], _counted(answer, facets), following)

    def count(self, where: Query | None = None) -> int:
        """See `Engine.count`."""
        filters: Sequence[Asked] | None = _NOTHING if where is None else conditions(where)
        if filters is None:
            return 0
        answer = self._ask(self._search(Q("bool", filter=list(filters)), ())[:0])
        return int(answer["hits"]["total"]["value"])

    def versions(self, type: str, low: int, high: int) -> Mapping[int, int]:  # noqa: A002
        """The versions of the documents of a type with primary keys from low to high: for the sweep."""
        within = Q("bool", filter=[Q("term", type=type), Q("range", pk={"gte": low, "lte": high})])
        search = self._search(within, ()).sort("pk").extra(docvalue_fields=["version"])
        return {hit["sort"][0]: hit["fields"]["version"][0] for hit in self._all(search)}

    def documents(self) -> Iterator[tuple[str, int]]:
        """Names of all documents, in no order."""
        search = self._search(Q("match_all"), ()).sort("place", "pk", "type")
        return iter([named(hit["_id"]) for hit in self._all(search)])

    def _all(self, search: Search[Any]) -> Iterator[Mapping[str, Any]]:
        after: list[Any] | None = None
        while True:
            asked = search[:_PAGE] if after is None else search[:_PAGE].extra(search_after=after)
            hits = self._ask(asked)["hits"]["hits"]
            yield from hits
            if len(hits) < _PAGE:
                return
            after = hits[-1]["sort"]

    def _search(self, query: Asked, facets: Sequence[str]) -> Search[Any]:
        search = Search(index=self._index).query(query).extra(track_total_hits=True)
        search = search.params(allow_partial_search_results=False)
        for name in facets:
            field = name if name in COLUMNS else f"facet.{name}"
            search.aggs.bucket(name, "terms", field=field, size=_VALUES, shard_size=_VALUES)
        return search

    def _ask(self, search: Search[Any], ranked: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        self._check()
        body = search.to_dict()
        if ranked is not None:
            body["query"]["bool"]["must"] = ranked
        return self._connection.ask(lambda client: _sent(client, search, body))

    def _check(self) -> None:
        """Refuse an index that another version of this site made, looking now and then: answers would differ."""
        if time.monotonic() - self._looked_at > LOOK_EVERY:
            manifest = self._connection.ask(lambda client: indexes.manifest(client, self._index))
            if manifest is None:
                raise EngineUnavailable("There is no search index yet.")
            if manifest.version != VERSION:
                raise EngineUnavailable("The search index is of another version of this site.")
            self._looked_at = time.monotonic()


def _sent(client: Elasticsearch, search: Search[Any], body: dict[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = client.search(
        index=search._index,
        body=body,
        **search._params,  # type: ignore[arg-type]
    ).body
    return found


@lru_cache(maxsize=512)
def _ranked(queries: tuple[Query, ...]) -> Mapping[str, Any] | None:
    """The queries of all tiers as one whose score tells the tier, written out; None when none can match."""
    parts = [(len(queries) - at, planned(query)) for at, query in enumerate(queries)]
    scored = [
        Q("constant_score", filter=part, boost=float(boost)) for boost, part in parts if part is not None
    ]
    return dict(Q("dis_max", queries=scored).to_dict()) if scored else None


def _scored_hit(one: Scored) -> Hit:
    hit: Any = one.handle
    kind, pk = named(hit["_id"])
    locator = hit.get("fields", {}).get("locator", [""])[0]
    return Hit(kind, pk, one.order, score=one.score, locator=locator)


def _counted(answer: Mapping[str, Any], names: Sequence[str]) -> dict[str, dict[str, int]]:
    return {
        name: {
            bucket["key"]: bucket["doc_count"]
            for bucket in answer["aggregations"][name]["buckets"]
            if bucket["key"]
        }
        for name in names
    }
