"""Engines under test, each with an index of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest

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
