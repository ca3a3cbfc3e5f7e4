"""The life of indexes on a server: `PREFIX-…` by name, `PREFIX` and `PREFIX-previous` as the aliases of two of them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.dsl import Index

from search.engines.elastic import indexes
from search.engines.elastic.connection import Connection
from search.engines.elastic.engine import ElasticEngine
from search.engines.elastic.mapping import layout, mapping, settings
from search.engines.elastic.writer import ElasticWriter
from search.engines.life import Manifest
from search.engines.terms import VERSION


class ElasticLife:
    """See `search.engines.life.Life`; an index is named as on the server."""

    exclusive = False

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._alias = connection.server.prefix
        self._before = f"{connection.server.prefix}-previous"
        self._ours = re.compile(re.escape(self._alias) + r"-\d{8}t\d{6}-[0-9a-f]{6}")

    def engine_version(self) -> str:
        """See `Life.engine_version`; of several nodes, those that differ."""
        told = self._connection.ask(
            lambda client: client.nodes.info(metric="http", filter_path="nodes.*.version").body
        )
        return ", ".join(sorted({node["version"] for node in told["nodes"].values()}))

    def current(self) -> str:
        """See `Life.current`."""
        return self._connection.ask(lambda client: indexes.behind(client, self._alias))

    def previous(self) -> str:
        """See `Life.previous`."""
        return self._connection.ask(lambda client: indexes.behind(client, self._before))

    def manifest(self, name: str) -> Manifest | None:
        """See `Life.manifest`."""
        return self._connection.ask(lambda client: indexes.manifest(client, name))

    def fits(self, manifest: Manifest, text_fields: Sequence[str]) -> bool:
        """See `Life.fits`: also what the server was told of its fields must be what it would be told today."""
        if manifest.version != VERSION or not set(text_fields) <= set(manifest.text_fields):
            return False
        told = self._connection.ask(lambda client: indexes.told_of(client, self._alias))
        return bool(told.get("layout") == layout(manifest.text_fields))

    def create(self, text_fields: Sequence[str], profiles: str, heads: Sequence[int] = ()) -> str:
        """See `Life.create`; there are no heads here."""
        now = datetime.now(UTC)
        name = f"{self._alias}-{now:%Y%m%dt%H%M%S}-{uuid.uuid4().hex[:6]}"
        server = self._connection.server
        noted = indexes.note(text_fields, profiles, now.isoformat(timespec="milliseconds"))

        def make(client: Elasticsearch) -> None:
            index = Index(name, using=client)
            index.settings(**settings(server.shards, server.replicas))
            index.aliases(**{indexes.only(name): {}})
            body = index.to_dict()
            body["mappings"] = {**mapping(text_fields), "_meta": noted}
            client.indices.create(index=name, body=body, wait_for_active_shards=1)

        self._connection.tell(make)
        return name

    def writer(self, name: str = "", *, wait: bool = True, bulk: bool = False) -> ElasticWriter:
        """See `Life.writer`; there is nothing to wait for."""
        return ElasticWriter(self._connection, name or self._alias, bulk=bulk)

    def reader(self, name: str) -> ElasticEngine:
        """See `Life.reader`."""
        return ElasticEngine(self._connection, name)

    def locked(self) -> AbstractContextManager[None]:
        """See `Life.locked`: writers of other machines go on."""
        return nullcontext()

    def switch(self, name: str) -> None:
        """See `Life.switch`."""

        def switch(client: Elasticsearch) -> None:
            before = indexes.behind(client, self._alias)
            self._point(client, name, before if before != name else indexes.behind(client, self._before))
            self._sweep(client, name)

        self._connection.tell(switch)

    def roll_back(self) -> str:
        """See `Life.roll_back`."""

        def back(client: Elasticsearch) -> str:
            before, now = indexes.behind(client, self._before), indexes.behind(client, self._alias)
            if before:
                self._point(client, before, now)
            return before

        return self._connection.tell(back)

    def discard(self, name: str) -> None:
        """See `Life.discard`."""
        self._connection.tell(lambda client: client.indices.delete(index=name, ignore_unavailable=True))

    def _point(self, client: Elasticsearch, now: str, before: str) -> None:
        """Set both aliases in one request, which the cluster applies as a whole."""
        actions: list[dict[str, Any]] = [
            {"remove": {"index": f"{self._alias}-*", "alias": alias, "must_exist": False}}
            for alias in (self._alias, self._before)
        ]
        actions.append({"add": {"index": now, "alias": self._alias}})
        if before:
            actions.append({"add": {"index": before, "alias": self._before}})
        client.indices.update_aliases(actions=actions)

    def _sweep(self, client: Elasticsearch, current: str) -> None:
        """Remove our indexes that were begun before this one and that no alias names: older ones, and those of
        rebuilds that died or were overtaken. One that was begun later is being filled."""
        keep = {current, indexes.behind(client, self._before)}
        told = client.indices.get_mapping(index=f"{self._alias}-*", filter_path="*.mappings._meta").body
        made = {
            name: found["mappings"]["_meta"] for name, found in told.items() if self._ours.fullmatch(name)
        }
        for name, noted in made.items():
            if name not in keep and "layout" in noted and _begun(noted) <= _begun(made[current]):
                client.indices.delete(index=name, ignore_unavailable=True)


def _begun(noted: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(noted["made_at"])
