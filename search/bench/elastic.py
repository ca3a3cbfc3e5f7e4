"""The comparison with Elasticsearch's own client: the same requests raw, the same documents through parallel_bulk."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk

from access.domain.viewer import Viewer
from languages import registry
from search.bench.contenders import TOP, TOP_WORDS, Case
from search.bench.corpus import TEXT_FIELDS, document, entries
from search.bench.measure import measure, questions
from search.domain.analysis import PLAIN
from search.domain.folding import foldings
from search.domain.guard import clean
from search.domain.tiers import tiers
from search.engines.elastic.connection import Connection, Server, client_of
from search.engines.elastic.life import ElasticLife
from search.engines.elastic.mapping import identity, source_of
from search.engines.terms import PREFIX, UNIT, body
from search.interface import Fuzzy, Prefix, SeenBy, Term, Tier, Words

_SORT = [{"_score": "desc"}, {"place": "asc"}]


def run(server: Server, number: int, queries: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Build the same index twice and ask the second one both ways; both are removed in the end."""
    life = ElasticLife(Connection(server))
    made = [life.create(TEXT_FIELDS, "") for _ in range(2)]
    try:
        raw_s = _raw_bulk(client_of(server), made[0], number)
        before = _peak_mb()
        ours_s = _our_bulk(life, made[1], number)
        grown = _peak_mb() - before
        client = client_of(server)
        size = client.indices.stats(index=made[1], metric="store")["_all"]["total"]["store"]["size_in_bytes"]
        bulk = {
            "ours_s": round(ours_s, 1),
            "parallel_bulk_s": round(raw_s, 1),
            "ratio_of_speed": round(raw_s / ours_s, 2),
            "bytes_per_document": round(size / number),
            "memory_grown_mb": round(grown, 1),
        }
        say(f"bulk  {bulk}")
        asked = questions(number, queries)
        ours, raw = _ours(life, made[1]), _raw(client, made[1])
        cases = []
        for case, ask in ours.items():
            if case in raw:
                measure(
                    raw[case], asked[case]
                )  # the server compiles what it is asked often: both find it warm
            mine = measure(ask, asked[case])
            line: dict[str, Any] = {
                "case": case,
                "p50_ms": round(mine.p50_ms, 2),
                "p99_ms": round(mine.p99_ms, 2),
            }
            if case in raw:
                theirs = measure(raw[case], asked[case])
                line |= {
                    "raw_p50_ms": round(theirs.p50_ms, 2),
                    "ratio_to_raw": round(mine.p50_ms / theirs.p50_ms, 2),
                }
            cases.append(line)
            say("  ".join(f"{name} {value}" for name, value in line.items()))
        return {"entries": number, "queries": queries, "bulk": bulk, "cases": cases}
    finally:
        for name in made:
            life.discard(name)


def _our_bulk(life: ElasticLife, name: str, number: int) -> float:
    start = time.perf_counter()
    with life.writer(name, bulk=True) as writer:
        writer.add(document(entry) for entry in entries(number))
        writer.commit()
    return time.perf_counter() - start


def _raw_bulk(client: Elasticsearch, name: str, number: int) -> float:
    fields = frozenset(TEXT_FIELDS)
    actions = (
        {
            "_index": name,
            "_id": identity(one.type, one.pk),
            "_source": source_of(one, fields),
            "version": one.version,
            "version_type": "external_gte",
        }
        for one in map(document, entries(number))
    )
    start = time.perf_counter()
    for done, told in parallel_bulk(
        client.options(request_timeout=120), actions, thread_count=4, chunk_size=1_000
    ):
        if not done:
            raise RuntimeError(str(told))
    client.options(request_timeout=120).indices.refresh(index=name)
    return time.perf_counter() - start


def _viewer() -> SeenBy:
    return SeenBy(Viewer(None, frozenset({1}), frozenset(), False, date.today()))


def _scopes() -> frozenset[str]:
    return frozenset({PLAIN, *(one.tag for one in registry().orthographies)})


def _ours(life: ElasticLife, name: str) -> Mapping[str, Case]:
    engine, where, scopes = life.reader(name), _viewer(), _scopes()

    def keyed(make: type[Term] | type[Prefix], whole: bool, facets: tuple[str, ...] = ()) -> Case:
        return lambda text: engine.lookup(
            [Tier("exact", make("exact", text, scopes), whole)], where, limit=TOP, facets=facets
        )

    return {
        "exact": keyed(Term, True),
        "prefix": keyed(Prefix, False),
        "fuzzy": lambda text: engine.lookup([Tier("fuzzy", Fuzzy("letter", text))], where, limit=TOP),
        "two_terms": lambda text: engine.words(Words("meaning", tuple(text.split())), where, limit=TOP_WORDS),
        "facets": keyed(Prefix, False, ("language",)),
        "lookup": lambda text: engine.lookup(tiers(foldings(clean(text))), where, limit=TOP),
    }


def _raw(client: Elasticsearch, name: str) -> Mapping[str, Case]:
    """The plainest request for each case, over the same index and with the same totals."""
    ends = [UNIT + scope for scope in sorted(_scopes())]

    def asked(query: dict[str, Any], size: int = TOP, **more: Any) -> Any:
        return client.search(
            index=name, query=query, size=size, sort=_SORT, track_total_hits=True, **more
        ).body

    def keyed(field: str) -> Callable[[str], dict[str, Any]]:
        return lambda text: {
            "constant_score": {"filter": {"terms": {field: [text[:PREFIX] + end for end in ends]}}}
        }

    def exact(text: str) -> dict[str, Any]:
        return {"constant_score": {"filter": {"terms": {"exact": [text + end for end in ends]}}}}

    def words(text: str) -> dict[str, Any]:
        return {
            "bool": {"must": [{"term": {body("meaning"): token}} for token in dict.fromkeys(text.split())]}
        }

    begins = keyed("exact_p")
    return {
        "exact": lambda text: asked(exact(text)),
        "prefix": lambda text: asked(begins(text)),
        "fuzzy": lambda text: asked(
            {"fuzzy": {"fuzzy": {"value": text, "fuzziness": 1, "rewrite": "constant_score"}}}
        ),
        "two_terms": lambda text: asked(words(text), size=TOP_WORDS),
        "facets": lambda text: asked(
            begins(text), aggs={"language": {"terms": {"field": "language", "size": 65_000}}}
        ),
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
