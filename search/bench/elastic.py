"""Look-ups in Elasticsearch: our requests beside the plainest ones that answer the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from elasticsearch import Elasticsearch

from access.domain.viewer import Viewer
from search.bench.contenders import TOP, TOP_WORDS, Case
from search.bench.elastic_bulk import Bulk
from search.bench.measure import measure, measure_both, questions
from search.domain.folding import foldings
from search.domain.guard import clean
from search.domain.tiers import tiers
from search.engines.elastic.connection import Connection, Server, client_of
from search.engines.elastic.life import ElasticLife
from search.engines.elastic.mapping import identity
from search.engines.terms import PREFIX, UNIT, body
from search.interface import Fuzzy, Prefix, Query, Results, SeenBy, Term, Tier, Words

_BY_PLACE = [{"place": "asc"}]
_BEST_FIRST = [{"_score": "desc"}, *_BY_PLACE]


def run(server: Server, number: int, queries: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Fill an index both ways and ask it both ways; what was made is removed in the end.

    Raises RuntimeError when the raw requests do not answer the same as ours.
    """
    life, client = ElasticLife(Connection(server)), client_of(server).options(request_timeout=server.timeout)
    asked = questions(number, queries)
    name, bulk = Bulk(life, client).filled(number)
    try:
        say(f"bulk  {bulk}")
        ours, raw = _ours(life, name), _raw(client, name)
        cases = [_line(case, ask, raw.get(case), asked[case], say) for case, ask in ours.items()]
        return {"entries": number, "queries": queries, "bulk": bulk, "cases": cases}
    finally:
        life.discard(name)


def _line(
    case: str, ask: Case, raw: Case | None, texts: Sequence[str], say: Callable[[str], None]
) -> dict[str, Any]:
    """Measure a case; beside the raw request each query is put to both, one after the other."""
    line: dict[str, Any] = {"case": case}
    if raw is None:
        mine = measure(ask, texts)
    else:
        for text in texts:  # which warms up as well
            _check(case, text, ask(text), raw(text))
        mine, theirs = measure_both(ask, raw, texts)
        line |= {
            "raw_p50_ms": round(theirs.p50_ms, 2),
            "raw_p99_ms": round(theirs.p99_ms, 2),
            "ratio_to_raw": round(mine.p50_ms / theirs.p50_ms, 2),
        }
    line |= {"p50_ms": round(mine.p50_ms, 2), "p99_ms": round(mine.p99_ms, 2)}
    say("  ".join(f"{name} {value}" for name, value in line.items()))
    return line


def _viewer() -> SeenBy:
    return SeenBy(Viewer(None, frozenset({1}), frozenset(), False, date.today()))


def _ours(life: ElasticLife, name: str) -> Mapping[str, Case]:
    engine, where = life.reader(name), _viewer()

    def tier(query: Query, *facets: str) -> Results:
        return engine.lookup([Tier("exact", query)], where, limit=TOP, facets=facets)

    def whole(text: str) -> Results:
        return engine.lookup(tiers(foldings(clean(text))), where, limit=TOP)

    return {
        "exact": lambda text: tier(Term("exact", text)),
        "prefix": lambda text: tier(Prefix("exact", text)),
        "fuzzy": lambda text: tier(Fuzzy("letter", text)),
        "two_terms": lambda text: engine.words(Words("meaning", tuple(text.split())), where, limit=TOP_WORDS),
        "facets": lambda text: tier(Prefix("exact", text), "language"),
        "lookup": whole,
        "typing": whole,
    }


def _raw(client: Elasticsearch, name: str) -> Mapping[str, Case]:
    """The plainest request that answers the same over the same index: as many hits, by name, in the same order, and all
    counted. It knows nothing of viewers: it leaves out the filter of what this one may see."""

    def asked(query: dict[str, Any], size: int = TOP, best_first: bool = False, **more: Any) -> Any:
        return client.search(
            index=name, query=query, size=size, sort=_BEST_FIRST if best_first else _BY_PLACE, track_total_hits=True,
            **more,
        ).body  # fmt: skip

    def begins(text: str) -> dict[str, Any]:
        return {"term": {"exact_p": text[:PREFIX] + UNIT}}

    def words(text: str) -> dict[str, Any]:
        return {"bool": {"must": [{"term": {body("meaning"): one}} for one in dict.fromkeys(text.split())]}}

    def near(text: str) -> dict[str, Any]:
        return {"fuzzy": {"fuzzy": {"value": text, "fuzziness": 1, "rewrite": "constant_score"}}}

    by_language = {"language": {"terms": {"field": "language", "size": 1_000}}}
    return {
        "exact": lambda text: asked({"term": {"exact": text + UNIT}}),
        "prefix": lambda text: asked(begins(text)),
        "fuzzy": lambda text: asked(near(text)),
        "two_terms": lambda text: asked(words(text), TOP_WORDS, best_first=True),
        "facets": lambda text: asked(begins(text), aggs=by_language),
    }


def _check(case: str, text: str, ours: Results, raw: Mapping[str, Any]) -> None:
    """Raise RuntimeError unless both gave the same number of hits, total, facets, and, where places alone tell the
    order, the same hits."""
    theirs = [hit["_id"] for hit in raw["hits"]["hits"]]
    mine = [identity(hit.type, hit.pk) for hit in ours.hits]
    counts = {
        one["key"]: one["doc_count"]
        for one in raw.get("aggregations", {}).get("language", {}).get("buckets", ())
    }
    same = len(mine) == len(theirs) if case == "two_terms" else mine == theirs
    if not (
        same and ours.total == raw["hits"]["total"]["value"] and ours.facets.get("language", {}) == counts
    ):
        raise RuntimeError(f"{case}: the answers to {text!r} differ.")
