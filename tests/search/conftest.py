"""Engines under test, each with an index of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, cast
from uuid import uuid4

import pytest

from search.domain import engines, index_writer
from search.engines.database import DatabaseEngine
from search.engines.elastic.connection import Connection, Server
from search.engines.elastic.engine import ElasticEngine
from search.engines.elastic.life import ElasticLife
from search.engines.embedded.engine import EmbeddedEngine
from search.interface import Engine
from tests import elasticsearch_server
from tests.search.agreement import PROPERTY, Agreed

TEXT_FIELDS = ("meaning", "example")


@pytest.fixture(scope="session")
def empty_engines(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], list[Engine]]:
    """Makes all engines, empty."""
    folder = tmp_path_factory.mktemp("engines")

    def make() -> list[Engine]:
        embedded = EmbeddedEngine(Path(mkdtemp(dir=folder)))
        embedded.start(TEXT_FIELDS)
        return [DatabaseEngine(), embedded]

    return make


@pytest.fixture
def agreed(request: pytest.FixtureRequest) -> Agreed:
    """Counts the cases that several engines answered alike; the sum of all tests stands below the test run."""
    found = Agreed()
    request.node.user_properties.append((PROPERTY, found.cases))
    return found


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """The address of a real Elasticsearch, started here unless `bin/test` did. Skips where none can be had."""
    url = os.environ.get("TEST_SEARCH_URL")
    if url and url != "none":
        yield url
        return
    server: elasticsearch_server.Server | None = None
    try:
        if url == "none":
            raise elasticsearch_server.NoServer("see the line at the beginning")
        server = elasticsearch_server.Server()
        server.start()
    except elasticsearch_server.NoServer as error:
        without_server(error)
    assert server is not None
    yield server.url
    server.close()


def without_server(error: elasticsearch_server.NoServer) -> None:
    """Skip, or fail where CI is set."""
    if os.environ.get("CI"):
        pytest.fail(f"There is no Elasticsearch: {error}")
    pytest.skip(f"There is no Elasticsearch: {error}")


@pytest.fixture
def elastic(elasticsearch_url: str) -> Iterator[Connection]:
    """A connection with a prefix of its own; what it made on the server is removed."""
    connection = Connection(Server((elasticsearch_url,), prefix=f"t{uuid4().hex[:12]}", timeout=20.0))
    yield connection
    made = connection.tell(
        lambda client: list(client.indices.get(index=f"{connection.server.prefix}-*").body)
    )
    if made:
        connection.tell(lambda client: client.indices.delete(index=made))


def emptied(connection: Connection, shards: int = 1) -> ElasticEngine:
    """An engine whose index is new; indexes from before are gone."""
    connection = Connection(replace(connection.server, shards=shards))
    life = ElasticLife(connection)
    for name in (life.current(), life.previous()):
        if name:
            life.discard(name)
    life.switch(life.create(TEXT_FIELDS, "profiles"))
    return ElasticEngine(connection)


@pytest.fixture
def elastic_site(elastic: Connection, tmp_path: Path, settings: Any) -> Iterator[ElasticEngine]:
    """The site's own index on a server, empty."""
    settings.DATA_DIR = tmp_path
    settings.SEARCH_NODES = list(elastic.server.urls)
    settings.NHASAN_SEARCH_PREFIX = elastic.server.prefix
    settings.NHASAN_SEARCH_TIMEOUT_MS = 20_000
    life = engines.life()
    life.switch(life.create(engines.text_fields(), engines.profiles_hash()))
    yield cast(ElasticEngine, engines.index())
    index_writer.close()


@pytest.fixture
def index(tmp_path: Path, settings: Any) -> Iterator[EmbeddedEngine]:
    """The site's own index, empty, in a folder of this test."""
    settings.DATA_DIR = tmp_path
    found = engines.index()
    found.start(engines.text_fields(), engines.profiles_hash())
    yield found
    index_writer.close()
