"""The engines of this site: the index, and the database for when there is none."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from languages import registry
from search.domain.sources import sources
from search.engines.database import DatabaseEngine
from search.engines.elastic.connection import Connection, Server
from search.engines.elastic.engine import ElasticEngine
from search.engines.elastic.life import ElasticLife
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.embedded.life import EmbeddedLife
from search.engines.life import IndexEngine, Life

DATABASE = DatabaseEngine()


def index() -> IndexEngine:
    """The index engine of this process: the embedded one, or that of the server in NHASAN_SEARCH_URL."""
    found = server()
    return _embedded(root()) if found is None else _elastic(found)


def life() -> Life:
    """Where the indexes of that engine are made, switched and removed."""
    found = server()
    return EmbeddedLife(root()) if found is None else ElasticLife(_connection(found))


def root() -> Path:
    """The folder of the embedded index; see `search.engines.embedded.directories`."""
    return Path(settings.DATA_DIR) / "search"


def server() -> Server | None:
    """The server that the settings name; None for the embedded engine."""
    if not settings.SEARCH_NODES:
        return None
    return Server(
        urls=tuple(settings.SEARCH_NODES),
        api_key=settings.NHASAN_SEARCH_API_KEY,
        ca_file=settings.NHASAN_SEARCH_CA_FILE,
        prefix=settings.NHASAN_SEARCH_PREFIX,
        timeout=settings.NHASAN_SEARCH_TIMEOUT_MS / 1000,
        write_timeout=float(settings.NHASAN_SEARCH_WRITE_TIMEOUT),
        pause=float(settings.NHASAN_SEARCH_PAUSE),
        shards=settings.NHASAN_SEARCH_SHARDS,
        replicas=settings.NHASAN_SEARCH_REPLICAS,
    )


def text_fields() -> tuple[str, ...]:
    """The fields of running text that the documents of all sources have."""
    return tuple(sorted({name for source in sources() for name in source.text_fields}))


def profiles_hash() -> str:
    """One hash over all profiles, short: an index made with another one finds less than it should."""
    from hashlib import sha256

    every = "\n".join(
        f"{one.tag} {one.hash}" for one in sorted(registry().orthographies, key=lambda one: one.tag)
    )
    return sha256(every.encode()).hexdigest()[:16]


@cache
def _embedded(folder: Path) -> EmbeddedEngine:
    return EmbeddedEngine(folder)


@cache
def _elastic(server: Server) -> ElasticEngine:
    return ElasticEngine(_connection(server))


@cache
def _connection(server: Server) -> Connection:
    return Connection(server)
