"""The benchmark runs, and tells what it promises."""

from __future__ import annotations

import json
from io import StringIO

from django.core.management import call_command


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
