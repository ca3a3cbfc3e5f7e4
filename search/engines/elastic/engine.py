"""The engine over Elasticsearch: one search for a whole look-up, whatever the number of tiers.

Tiers are alternatives of one query, each with a constant score that falls from tier to tier; hits are sorted by that
score, then by place. Score and place of the last hit are the cursor, the same one that other engines give. Where marks
were typed, the spellings in the dictionary of the index are asked for first (`search.engines.elastic.spelt`).

No stored field is read for a hit: its place tells its primary key, and columns tell the rest.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Query as Asked

from search.documents import Document, pk_of
from search.engines.elastic import indexes
from search.engines.elastic.connection import Connection
from search.engines.elastic.mapping import COLUMNS, WINDOW, order_from, place_of
from search.engines.elastic.plan import query as planned
from search.engines.elastic.plan import where as conditions
from search.engines.elastic.spelt import JSON, Dictionary, read, remembering
from search.engines.elastic.writer import ElasticWriter
from search.engines.paging import Scored, decode, encode, hit_of, scored_page
from search.engines.terms import VERSION
from search.interface import Capabilities, EngineUnavailable, Hit, Query, Results, Tier

LOOK_EVERY = 10.0  # seconds after which it is asked again with what the index was made
_VALUES = 65_000  # below the limit of buckets of one answer
_PAGE = 10_000
_LAST = 2**63 - 1  # after every place


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
        dictionary = self._dictionary()
        filters = conditions(where, dictionary)
        if filters is None:
            return Results((), 0, {name: {} for name in facets})
        plans = [planned(one.query, dictionary) for one in tiers]
        found = {at: query for at, query in enumerate(plans) if query is not None}
        if not found:
            return Results((), 0, {name: {} for name in facets})
        body = _body(facets, limit + 1)
        alone = next(iter(found)) if len(found) == 1 else None
        if alone is None:
            body["query"] = _ranked({number - at: query for at, query in found.items()}, filters)
            body["sort"] = ["_score", "place"]
            if cursor:
                # Between two scores: after all of the tier before, before the first of this one.
                score, place = (number - tier + 0.5, 0) if order is None else (number - tier, place_of(order))
                body["search_after"] = [score, place]
        else:  # nothing to score: places alone tell the order
            body["query"] = _filtered([found[alone], *filters])
            body["sort"] = ["place"]
            if tier > alone:
                body["search_after"] = [_LAST]
            elif tier == alone and order is not None:
                body["search_after"] = [place_of(order)]
        answer = self._ask(body)
        hits = []
        for hit in answer["hits"]["hits"]:
            at = number - round(hit["sort"][0]) if alone is None else alone
            order = order_from(hit["sort"][-1])
            hits.append((at, hit_of(tiers[at], hit["fields"]["type"][0], pk_of(order), order)))
        following = ""
        if len(hits) > limit:
            (last, end), (first, _hit) = hits[limit - 1], hits[limit]
            following = encode(first, end.order if last == first else None)
        page = tuple(hit for _tier, hit in hits[:limit])
        return Results(page, answer["hits"]["total"]["value"], _counted(answer, facets), following)

    def words(
        self, query: Query, where: Query, *, limit: int, cursor: str = "", facets: Sequence[str] = ()
    ) -> Results:
        """See `Engine.words`."""
        dictionary = self._dictionary()
        filters, scored = conditions(where, dictionary), planned(query, dictionary)
        if filters is None or scored is None:
            return Results((), 0, {name: {} for name in facets})
        body = _body(facets, 0, "locator")
        body["query"] = {"bool": {"must": scored.to_dict(), "filter": [one.to_dict() for one in filters]}}
        body["sort"] = ["_score", "place"]
        answer: Mapping[str, Any] = {}

        def fetch(size: int) -> Sequence[Scored]:
            nonlocal answer
            answer = self._ask(body | {"size": min(size, WINDOW)}, "&search_type=dfs_query_then_fetch")
            return [Scored(hit["sort"][0], order_from(hit["sort"][1]), hit) for hit in answer["hits"]["hits"]]

        page, following = scored_page(fetch, limit, cursor)
        hits = tuple(_scored_hit(one) for one in page)
        return Results(hits, answer["hits"]["total"]["value"], _counted(answer, facets), following)

    def count(self, where: Query | None = None) -> int:
        """See `Engine.count`."""
        filters = [] if where is None else conditions(where, self._dictionary())
        if filters is None:
            return 0
        return int(self._ask(_body((), 0) | {"query": _filtered(filters)})["hits"]["total"]["value"])

    def versions(self, type: str, low: int, high: int) -> Mapping[int, int]:  # noqa: A002
        """The versions of the documents of a type with primary keys from low to high: for the sweep."""
        body = _body((), _PAGE, "version")
        body["query"] = _filtered([Q("term", type=type), Q("range", pk={"gte": low, "lte": high})])
        body["sort"] = ["pk"]
        return {hit["sort"][0]: hit["fields"]["version"][0] for hit in self._all(body)}

    def documents(self) -> Iterator[tuple[str, int]]:
        """Names of all documents, in no order."""
        body = _body((), _PAGE, "pk") | {"query": {"match_all": {}}, "sort": ["place", "pk", "type"]}
        return ((hit["fields"]["type"][0], hit["fields"]["pk"][0]) for hit in self._all(body))

    def _all(self, body: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
        while True:
            hits = self._ask(body)["hits"]["hits"]
            yield from hits
            if len(hits) < _PAGE:
                return
            body = body | {"search_after": hits[-1]["sort"]}

    def _dictionary(self) -> Dictionary:
        """The terms of the index, for one request."""
        seconds = self._connection.server.timeout

        def asked(field: str, start: str) -> Sequence[str]:
            self._check()
            return self._connection.ask(lambda client: read(client, self._index, seconds, field, start))

        return remembering(asked)

    def _ask(self, body: Mapping[str, Any], parameters: str = "") -> Mapping[str, Any]:
        self._check()
        target = f"/{quote(self._index)}/_search?allow_partial_search_results=false{parameters}"
        return self._connection.ask(
            lambda client: client.perform_request("POST", target, headers=JSON, body=body).body
        )

    def _check(self) -> None:
        """Refuse an index that another version of this site made, looking now and then: answers would differ."""
        if time.monotonic() - self._looked_at > LOOK_EVERY:
            manifest = self._connection.ask(lambda client: indexes.manifest(client, self._index))
            if manifest is None:
                raise EngineUnavailable("There is no search index yet.")
            if manifest.version != VERSION:
                raise EngineUnavailable("The search index is of another version of this site.")
            self._looked_at = time.monotonic()


def _body(facets: Sequence[str], size: int, *columns: str) -> dict[str, Any]:
    """A search that counts all and reads columns only, without its query and its order."""
    body: dict[str, Any] = {
        "size": size,
        "track_total_hits": True,
        "stored_fields": "_none_",
        "docvalue_fields": ["type", *columns],
    }
    if facets:
        body["aggs"] = {
            name: {
                "terms": {
                    "field": name if name in COLUMNS else f"facet.{name}",
                    "size": _VALUES,
                    "shard_size": _VALUES,
                }
            }
            for name in facets
        }
    return body


def _filtered(filters: Sequence[Asked]) -> dict[str, Any]:
    """All of these, without a score."""
    return {"bool": {"filter": [one.to_dict() for one in filters]}}


def _ranked(scored: Mapping[int, Asked], filters: Sequence[Asked]) -> dict[str, Any]:
    """The queries of several tiers as one whose score tells the tier, among what satisfies the filters."""
    tiers = [Q("constant_score", filter=query, boost=float(score)) for score, query in scored.items()]
    return {
        "bool": {
            "must": Q("dis_max", queries=tiers).to_dict(),
            "filter": [one.to_dict() for one in filters],
        }
    }


def _scored_hit(one: Scored) -> Hit:
    columns: Mapping[str, Any] = one.handle["fields"]
    locator = columns.get("locator", [""])[0]
    return Hit(columns["type"][0], pk_of(one.order), one.order, score=one.score, locator=locator)


def _counted(answer: Mapping[str, Any], names: Sequence[str]) -> dict[str, dict[str, int]]:
    return {
        name: {
            bucket["key"]: bucket["doc_count"]
            for bucket in answer["aggregations"][name]["buckets"]
            if bucket["key"]
        }
        for name in names
    }
