"""Engines under test, each with an index of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from search.domain import engines, index_writer
from search.engines.database import DatabaseEngine
from search.engines.embedded.engine import EmbeddedEngine
from search.interface import Engine

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
def index(tmp_path: Path, settings: Any) -> Iterator[EmbeddedEngine]:
    """The site's own index, empty, in a folder of this test."""
    settings.DATA_DIR = tmp_path
    found = engines.index()
    found.start(engines.text_fields(), engines.profiles_hash())
    yield found
    index_writer.close()
