"""The kinds and the importer of `probe` are known in every test of jobs."""

from __future__ import annotations

import pytest

from tests.jobs import probe


@pytest.fixture(autouse=True, scope="session")
def _probe_kinds() -> None:
    probe.register_all()
