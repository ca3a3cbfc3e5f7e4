"""The benchmark runs, and tells what it promises."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from search.engines.elastic.connection import Connection


def test_the_benchmark_compares_all_contenders_in_one_run(settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path
    out = StringIO()
    call_command("bench_search", "--entries", "150", "--queries", "12", "--json", stdout=out)
    told = json.loads(out.getvalue())
    cases = {case["case"]: case for case in told["cases"]}
    assert {"exact", "prefix", "fuzzy", "two_terms", "facets", "lookup"} <= set(cases)
    for name in ("exact", "prefix", "fuzzy", "two_terms", "facets"):
        case = cases[name]
        assert 0 < case["p50_ms"] <= case["p99_ms"]
        assert case["ratio_to_raw"] > 0
    assert told["build"]["ours"]["size_mb"] > 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.elasticsearch
def test_raw_requests_to_elasticsearch_answer_the_same_and_both_indexes_are_removed(
    settings, elastic: Connection
) -> None:
    settings.SEARCH_NODES = list(elastic.server.urls)
    settings.NHASAN_SEARCH_PREFIX = elastic.server.prefix
    out = StringIO()
    asked = ("--engine", "elasticsearch", "--entries", "300", "--queries", "15", "--json")
    call_command("bench_search", *asked, stdout=out)
    told = json.loads(out.getvalue())
    cases = {case["case"]: case for case in told["cases"]}
    for name in ("exact", "prefix", "fuzzy", "two_terms", "facets"):
        assert cases[name]["ratio_to_raw"] > 0
    assert 0 < cases["lookup"]["p50_ms"] <= cases["lookup"]["p99_ms"]
    assert told["bulk"]["ratio_of_speed"] > 0
    left = elastic.tell(lambda client: client.indices.get(index=f"{elastic.server.prefix}-*").body)
    assert left == {}
