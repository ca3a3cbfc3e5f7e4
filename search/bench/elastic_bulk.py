"""Writing to Elasticsearch in bulk: our writer beside the client's own `parallel_bulk`, over the same documents."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk

from search.bench.corpus import TEXT_FIELDS, document, entries, pages
from search.documents import Document
from search.engines.elastic.life import ElasticLife
from search.engines.elastic.mapping import identity, source_of
from search.engines.elastic.writer import HELD_FOR

PREPARED = 20_000
"""Documents that are made before the clock runs: making them takes longer than writing them, and both ways alike."""
TURNS = 3
LONGEST_MERGE = 1_800  # seconds
PAGES = 10_000  # pages of running text, for sizing

Way = Callable[[str, Iterable[Document]], float]
"""Write documents to the index of this name; gives the seconds that it took."""


class Bulk:
    """Both ways of writing to one server."""

    def __init__(self, life: ElasticLife, client: Elasticsearch) -> None:
        self._life = life
        self._client = client.options(request_timeout=300)

    def filled(self, number: int) -> tuple[str, dict[str, Any]]:
        """The name of an index with so many entries, which the caller removes, and what was measured on the way.

        `ours_s` and `parallel_bulk_s` count making the documents, as a rebuild does; `ratio_of_writing` is the speed
        of our writing over that of the client's where they were there already. Memory is how much the peak of this
        process grew during our bulk. A page is one of running text alone.
        """
        name = self._life.create(TEXT_FIELDS, "")
        try:
            before = _peak_mb()  # nothing else may have grown it yet
            ours_s = self._ours(name, map(document, entries(number)))
            grown = _peak_mb() - before
            raw_s = self._aside(self._raw, map(document, entries(number)))
            prepared = list(islice(map(document, entries(number)), PREPARED))
            alone = [
                (self._aside(self._ours, prepared), self._aside(self._raw, prepared)) for _ in range(TURNS)
            ]
            page_ms, page_bytes = self._pages(min(number, PAGES))
            before_merging = self._settled(name)["store"]["size_in_bytes"]
            told = self._merged(name, number)
        except BaseException:
            self._life.discard(name)
            raise
        return name, {
            "ours_s": round(ours_s, 1),
            "parallel_bulk_s": round(raw_s, 1),
            "ratio_of_speed": round(raw_s / ours_s, 2),
            "ratio_of_writing": round(
                min(raw for _ours, raw in alone) / min(ours for ours, _raw in alone), 2
            ),
            "memory_grown_mb": round(grown, 1),
            "bytes_before_merging": round(before_merging / number),
            "bytes_per_document": round(told["store"]["size_in_bytes"] / number),
            "segments": told["segments"]["count"],
            "page_ms": page_ms,
            "bytes_per_page": page_bytes,
        }

    def _pages(self, number: int) -> tuple[float, int]:
        """Milliseconds and bytes of a page of running text, measured over so many."""
        name = self._life.create(TEXT_FIELDS, "")
        try:
            seconds = self._ours(name, pages(number))
            size = self._merged(name, number)["store"]["size_in_bytes"]
            return round(1000 * seconds / number, 2), round(size / number)
        finally:
            self._life.discard(name)

    def _aside(self, way: Way, documents: Iterable[Document]) -> float:
        """The seconds that it takes to write to an index that is removed again."""
        name = self._life.create(TEXT_FIELDS, "")
        try:
            return way(name, documents)
        finally:
            self._life.discard(name)

    def _ours(self, name: str, documents: Iterable[Document]) -> float:
        start = time.perf_counter()
        with self._life.writer(name, bulk=True) as writer:
            writer.add(documents)
            writer.commit()
        return time.perf_counter() - start

    def _raw(self, name: str, documents: Iterable[Document]) -> float:
        fields = frozenset(TEXT_FIELDS)
        actions = (
            {
                "_index": name,
                "_id": identity(one.type, one.pk),
                "_source": source_of(one, fields),
                "version": one.version,
                "version_type": "external_gte",
            }
            for one in documents
        )
        start = time.perf_counter()
        for done, told in parallel_bulk(self._client, actions, thread_count=4, chunk_size=1_000):
            if not done:
                raise RuntimeError(str(told))
        self._client.indices.refresh(index=name)
        return time.perf_counter() - start

    def _merged(self, name: str, number: int) -> Any:
        """What the server says of an index of so many documents when it is merged."""
        with self._life.writer(name) as writer:
            writer.merge(HELD_FOR if number >= PAGES else 0.0)
        return self._settled(name, merged=True)

    def _settled(self, name: str, *, merged: bool = False) -> Any:
        """What the server says of an index, once what it began to merge is merged, or all of it."""
        until = time.monotonic() + LONGEST_MERGE
        while time.monotonic() < until:
            told = self._client.indices.stats(index=name, metric="store,merge,segments")
            whole = told["_all"]["total"]
            left = merged and whole["segments"]["count"] > told["_shards"]["successful"]
            if not (whole["merges"]["current"] or left):
                return whole
            time.sleep(1)
        raise RuntimeError("The server does not finish merging.")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
