"""The engines of this site: the index, and the database for when there is none."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from languages import registry
from search.domain.sources import sources
from search.engines.database import DatabaseEngine
from search.engines.embedded.engine import EmbeddedEngine

DATABASE = DatabaseEngine()


def root() -> Path:
    """The folder of the index; see `search.engines.embedded.directories`."""
    return Path(settings.DATA_DIR) / "search"


def index() -> EmbeddedEngine:
    """The index engine of this process."""
    return _index(root())


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
def _index(folder: Path) -> EmbeddedEngine:
    return EmbeddedEngine(folder)
