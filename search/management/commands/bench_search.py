"""`manage.py bench_search`: look-ups side by side with raw tantivy, raw SQLite and dictd, in one run."""

from __future__ import annotations

import json
import platform
import tempfile
from argparse import ArgumentParser
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from search.bench.measure import run


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

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, measure, print."""
        number, queries = max(options["entries"], 100), max(options["queries"], 10)
        quiet = options["json"]
        with tempfile.TemporaryDirectory(prefix="bench-", dir=settings.DATA_DIR) as folder:
            found = run(number, queries, Path(folder), (lambda line: None) if quiet else self.stdout.write)
        found["machine"] = f"{platform.machine()}, {platform.system()} {platform.release()}, {_processor()}"
        found["date"] = datetime.now(UTC).date().isoformat()
        found["versions"] = {"python": platform.python_version(), "tantivy": version("tantivy")}
        if quiet:
            self.stdout.write(json.dumps(found))
        else:
            self.stdout.write(f"{found['machine']}, {found['date']}, memory {found['memory_mb']} MB")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
