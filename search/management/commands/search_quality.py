"""`manage.py search_quality`: score the look-up against the samples of what people type."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from access.domain.viewer import anonymous
from search.domain.quality import read, score


class Command(BaseCommand):
    """The starter lexicons must be loaded: the samples ask for their words."""

    help = "Print a score per language: how often the expected entry is found within the expected rank."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument(
            "--folder", type=Path, default=Path(settings.BASE_DIR) / "tests" / "search" / "quality"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Score every sample of the folder."""
        paths = sorted(options["folder"].glob("*.csv"))
        if not paths:
            raise CommandError(f"There is no sample (CODE.csv) in {options['folder']}.")
        try:
            scores = [score(path.stem, read(path), anonymous()) for path in paths]
        except ValueError as error:
            raise CommandError(str(error)) from error
        asked = sum(one.asked for one in scores)
        whole = round(sum(one.score * one.asked for one in scores) / max(asked, 1), 3)
        if options["json"]:
            told = {"asked": asked, "score": whole, "languages": [asdict(one) for one in scores]}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for one in scores:
            self.stdout.write(f"{one.language:8} {one.score:6.1%}  mrr {one.mrr:.3f}  of {one.asked}")
            for miss in one.misses:
                place = "not found" if miss.rank is None else f"at {miss.rank}"
                self.stdout.write(
                    f"    {miss.where}: {miss.query} → {miss.expected}: {place}, should be {miss.max_rank}"
                )
        self.stdout.write(f"all      {whole:6.1%}  of {asked}")
