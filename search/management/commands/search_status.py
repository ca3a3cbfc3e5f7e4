"""`manage.py search_status`: is there an index, and is it in step?"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from search.domain.health import health


class Command(BaseCommand):
    """Ends with status 1 when something is wrong."""

    help = "Say how the search index is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the state."""
        found = health()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found), ensure_ascii=False))
        else:
            self.stdout.write(f"index      {found.folder or '-'} {found.made_at}")
            self.stdout.write(f"previous   {found.previous or '-'}")
            self.stdout.write(f"documents  {found.documents} of {found.published} published")
            self.stdout.write(f"waiting    {found.pending} changes")
            for problem in found.problems:
                self.stdout.write(f"! {problem.message}\n  {problem.command}")
        if found.problems:
            raise SystemExit(1)
