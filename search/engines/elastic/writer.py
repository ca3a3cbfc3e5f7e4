"""Writing: documents in batches of bounded size, each item answered for, and no more under way than the server takes.

A document's version is the external version of the index, so that a late or repeated write cannot go backwards.
"""

from __future__ import annotations

import json
import logging
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from types import TracebackType
from typing import Any, NamedTuple

from elasticsearch import ApiError, Elasticsearch

from search.documents import Document
from search.domain import audiences
from search.engines.elastic import indexes
from search.engines.elastic.connection import Connection
from search.engines.elastic.mapping import identity, source_of
from search.engines.terms import VERSION
from search.interface import EngineUnavailable

Names = Iterable[tuple[str, int]]

CHUNK = 1_000
BYTES = 4_000_000  # of one request
UNDER_WAY = 4  # requests at a time, in bulk
TRIES = 6
LARGE = 50_000  # documents from which on merging is worth while
HELD_FOR = 40.0  # seconds; Elasticsearch looks every thirty what it need not keep any longer
FIRST_PAUSE = 0.25  # seconds before the first try again, doubled each time

_log = logging.getLogger(__name__)


class Item(NamedTuple):
    """One document to be written or deleted, as lines of a bulk request."""

    name: str
    lines: bytes


class ElasticWriter:
    """Writes to the index behind `index` (a name or an alias); see `search.engines.life.Writer`.

    An item that the server refuses for good is logged and left out; one that it cannot take now is tried again, and
    in the end EngineUnavailable is raised: nothing is passed over in silence.
    """

    def __init__(self, connection: Connection, index: str, *, bulk: bool = False) -> None:
        self._connection = connection
        self._asked_for = index
        self._index = index
        self._fields: frozenset[str] = frozenset()
        self._pool = ThreadPoolExecutor(UNDER_WAY) if bulk else None
        self._sent: deque[Future[None]] = deque()
        self.refused = 0

    def __enter__(self) -> ElasticWriter:
        tell = self._connection.tell
        manifest = tell(lambda client: indexes.manifest(client, self._asked_for))
        if manifest is None or manifest.version != VERSION:
            raise EngineUnavailable("There is no search index to write to.")
        self._fields = frozenset(manifest.text_fields)
        name = tell(lambda client: indexes.behind(client, self._asked_for)) or self._asked_for
        self._index = indexes.only(name)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def add(self, documents: Iterable[Document], deleted: Names = (), *, new: bool = False) -> int:
        """See `Writer.add`; `new` makes no difference here."""
        gone = [identity(*name) for name in deleted]
        for at in range(0, len(gone), CHUNK):
            self._send(list(self._deletions(gone[at : at + CHUNK])))
        added = 0
        iterator = iter(documents)
        while chunk := list(islice(iterator, CHUNK)):
            audiences.ids_of({document.audience for document in chunk})
            for batch in _batches(self._item(document) for document in chunk):
                self._send(batch)
            added += len(chunk)
        return added

    def fill(self, documents: Iterable[Document], total: int) -> int:
        """See `Writer.fill`; a large index is merged as well."""
        added = self.add(documents, new=True)
        self.commit()
        if added >= LARGE:
            self.merge()
        return added

    def merge(self, after: float = HELD_FOR) -> None:
        """Have the server make one segment of all, in its own time: a third of the bytes, and one dictionary to look
        into.

        Waits for so many seconds before, until it lets go of what it keeps for copies of a shard to catch up by: merged
        earlier, that would stay for as long as the segment.
        """
        self._connection.tell(lambda client: client.indices.flush(index=self._index))
        time.sleep(after)
        self._connection.tell(
            lambda client: client.indices.forcemerge(
                index=self._index, max_num_segments=1, wait_for_completion=False
            )
        )

    def commit(self) -> None:
        """Wait for all that is under way, then make it visible."""
        while self._sent:
            self._sent.popleft().result()
        self._connection.tell(lambda client: client.indices.refresh(index=self._index))

    def _item(self, document: Document) -> Item:
        name = identity(document.type, document.pk)
        return Item(name, _lines("index", name, document.version, source_of(document, self._fields)))

    def _deletions(self, names: list[str]) -> Iterator[Item]:
        """Deletions that a later write of the same document can follow, and an earlier one cannot undo."""
        found = self._connection.tell(
            lambda client: client.mget(index=self._index, ids=names, source=False).body["docs"]
        )
        for one in found:
            if one.get("found"):
                yield Item(one["_id"], _lines("delete", one["_id"], one["_version"]))

    def _send(self, batch: list[Item]) -> None:
        if not batch:
            return
        if self._pool is None:
            self._deliver(batch)
            return
        while len(self._sent) >= UNDER_WAY:
            self._sent.popleft().result()
        self._sent.append(self._pool.submit(self._deliver, batch))

    def _deliver(self, batch: list[Item]) -> None:
        """Write these, trying again what the server could not take; halves of what was too much at once."""
        pause, reason = FIRST_PAUSE, ""
        waiting = batch
        for attempt in range(TRIES):
            if attempt:
                time.sleep(pause)
                pause *= 2
            size = max(len(waiting) >> attempt, 1)
            left: list[Item] = []
            for at in range(0, len(waiting), size):
                again, why = self._written(waiting[at : at + size])
                left.extend(again)
                reason = why or reason
            if not left:
                return
            waiting = left
        raise EngineUnavailable(f"Elasticsearch took {len(batch) - len(waiting)} of {len(batch)}: {reason}")

    def _written(self, batch: list[Item]) -> tuple[list[Item], str]:
        """Those that are to be tried again, and why."""
        lines = b"".join(item.lines for item in batch)

        def send(client: Elasticsearch) -> Any:
            try:
                return client.bulk(
                    operations=[lines.rstrip(b"\n")],  # type: ignore[list-item]
                    index=self._index,
                    require_alias=True,
                    # How long a part of the index that is gone is waited for.
                    timeout=f"{max(int(self._connection.server.write_timeout / 2), 1)}s",
                    filter_path=["errors", "items.*.status", "items.*.error.type", "items.*.error.reason"],
                ).body
            except ApiError as error:
                if error.status_code in {413, 429}:
                    return None
                raise

        answer = self._connection.tell(send)
        if answer is None:
            return batch, "too many or too large requests"
        if not answer["errors"]:
            return [], ""
        again: list[Item] = []
        reason = ""
        for item, told in zip(batch, answer["items"], strict=True):
            result = next(iter(told.values()))
            status, error = result["status"], result.get("error", {})
            if status < 300 or status == 409 or (status == 404 and not error):
                continue  # 409: the index has this version or a later one; 404: it was gone already
            if error.get("type") == "index_not_found_exception":
                raise EngineUnavailable("The search index is gone.")
            if error.get("type") == "unavailable_shards_exception":
                raise EngineUnavailable("A part of the search index is gone.")
            if error.get("type") == "cluster_block_exception":
                raise EngineUnavailable("The search index takes no changes: is the disk of the server full?")
            if status in {429, 503}:
                again.append(item)
                reason = error.get("reason", str(status))
            else:
                self.refused += 1
                _log.error("%s cannot be indexed: %s", item.name, error.get("reason", status))
        return again, reason


def _lines(operation: str, name: str, version: int, source: dict[str, Any] | None = None) -> bytes:
    head = {operation: {"_id": name, "version": version, "version_type": "external_gte"}}
    lines = json.dumps(head, separators=(",", ":")) + "\n"
    if source is not None:
        lines += json.dumps(source, ensure_ascii=False, separators=(",", ":")) + "\n"
    return lines.encode()


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    size = 0
    for item in items:
        if batch and size + len(item.lines) > BYTES:
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += len(item.lines)
    if batch:
        yield batch
