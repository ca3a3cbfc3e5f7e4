"""`manage.py bench_search`: look-ups side by side with raw tantivy, raw SQLite and dictd, in one run."""

from __future__ import annotations

import json
import platform
import tempfile
from argparse import ArgumentParser
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from search.bench import elastic
from search.bench.measure import run
from search.domain import engines
from search.interface import EngineUnavailable


class Command(BaseCommand):
    """Works in a folder of its own; the site's index is not touched."""

    help = "Measure look-ups against raw tantivy, raw SQLite and dictd over the same made-up entries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument(
            "--entries", type=int, default=20_000, help="how many entries (1000000: some minutes)"
        )
        parser.add_argument("--queries", type=int, default=1_000, help="how many queries a case")
        parser.add_argument("--json", action="store_true", help="print JSON alone")
        parser.add_argument(
            "--engine",
            choices=("embedded", "elasticsearch"),
            default="embedded",
            help="elasticsearch: our requests beside raw ones, on the server in NHASAN_SEARCH_URL",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, measure, print."""
        number, queries = max(options["entries"], 100), max(options["queries"], 10)
        quiet = options["json"]
        say: Any = (lambda line: None) if quiet else self.stdout.write
        if options["engine"] == "elasticsearch":
            found = self._elastic(number, queries, say)
        else:
            with tempfile.TemporaryDirectory(prefix="bench-", dir=settings.DATA_DIR) as folder:
                found = run(number, queries, Path(folder), say)
        found["machine"] = f"{platform.machine()}, {platform.system()} {platform.release()}, {_processor()}"
        found["date"] = datetime.now(UTC).date().isoformat()
        found["versions"] = {"python": platform.python_version(), "tantivy": version("tantivy")}
        if quiet:
            self.stdout.write(json.dumps(found))
        else:
            memory = f", memory {found['memory_mb']} MB" if "memory_mb" in found else ""
            self.stdout.write(f"{found['machine']}, {found['date']}{memory}")

    def _elastic(self, number: int, queries: int, say: Any) -> dict[str, Any]:
        server = engines.server()
        if server is None:
            raise CommandError("NHASAN_SEARCH_URL must name the server.")
        aside = replace(server, prefix=f"{server.prefix}-bench", timeout=30.0, write_timeout=300.0)
        try:
            return elastic.run(aside, number, queries, say)
        except EngineUnavailable as error:
            raise CommandError(str(error)) from error


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
