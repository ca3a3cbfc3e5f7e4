"""Three nodes, each part of the index on two of them: one is killed, and neither readers nor writers lose anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dictionary.domain.publish import Change, apply_many
from search.domain import index_writer
from search.domain.rebuild import rebuild
from tests import elasticsearch_server
from tests.search import failing
from tests.search.conftest import without_server
from tests.search.failing import (
    PATIENCE,
    TAG,
    answers_again,
    caught_up,
    connection,
    count,
    degraded,
    first_word,
    names,
    problems,
    published,
)
from tests.search.house import entry

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


@pytest.fixture
def cluster() -> Iterator[elasticsearch_server.Cluster]:
    """Three nodes of their own."""
    found: elasticsearch_server.Cluster | None = None
    try:
        found = elasticsearch_server.Cluster(3)
        found.start()
    except elasticsearch_server.NoServer as error:
        if found is not None:
            found.close()
        without_server(error)
    assert found is not None
    yield found
    found.close()


def becomes(status: str, nodes: int) -> None:
    """Wait until the cluster has so many nodes, and this status."""
    connection().tell(
        lambda client: client.options(request_timeout=PATIENCE).cluster.health(
            wait_for_status=status, wait_for_nodes=str(nodes), timeout=f"{PATIENCE:.0f}s"
        )
    )


def test_a_node_of_three_is_killed_and_comes_back(
    cluster: elasticsearch_server.Cluster, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    site = failing.prepare(settings)
    site.point(*cluster.urls, SHARDS=3, REPLICAS=1, TIMEOUT_MS=3_000)
    site.begin()
    try:
        words = first_word()
        apply_many(words, [Change(f"w{at}", entry(TAG, f"krablem{at}")) for at in range(60)])
        caught_up()
        rebuild()
        becomes("green", 3)
        answers_again()
        before = names()
        assert len(before) == len(set(before)) == 61

        cluster.nodes[0].kill()  # the one that every process asks first, and perhaps the one that leads
        published(words, *(f"while{at}" for at in range(5)))
        by_database = sum(degraded() for _ in range(20))  # each of them finds the word
        caught_up()
        answers_again()
        assert by_database < 20
        becomes("yellow", 2)
        during = names()
        assert len(during) == len(set(during)) == 66
        assert set(before) < set(during)

        cluster.nodes[0].start()
        published(words, "after")
        caught_up()
        becomes("green", 3)
        answers_again()
        assert count() == len(set(names())) == 67
        assert problems() == {}
    finally:
        index_writer.close()
