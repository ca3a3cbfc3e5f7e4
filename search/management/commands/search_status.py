"""`manage.py search_status`: which engine, is it in step, what differs from the database, and mending that."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from search.domain.status import Status, status

SAMPLE = 10


class Command(BaseCommand):
    """Ends with status 1 when something is wrong."""

    help = "Say how the search index is: engine, documents, changes that wait, differences from the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument(
            "--sample", action="store_true", help="compare a tenth of the database with the index"
        )
        parser.add_argument("--full", action="store_true", help="compare all of it")
        parser.add_argument("--repair", action="store_true", help="compare all of it and mend what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the state."""
        every = 1 if options["full"] else SAMPLE if options["sample"] else 0
        found = status(every=every, repair=options["repair"])
        if options["json"]:
            told = asdict(found)
            told.update(told.pop("health"))
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self._say(found)
        if found.health.problems or found.differences > 0:
            raise SystemExit(1)

    def _say(self, found: Status) -> None:
        now = found.health
        say = self.stdout.write
        say(f"engine       {found.engine} {found.version or '(does not answer)'}")
        say(f"index        {now.folder or '-'} {now.made_at}")
        say(f"previous     {now.previous or '-'}")
        say(f"documents    {now.documents} of {now.published} published")
        say(f"waiting      {now.pending} changes, the oldest for {found.oldest:.0f} s")
        if found.repaired:
            say(f"repaired     {found.repaired} objects")
        if found.differences >= 0:
            say(f"differences  {found.differences} (looked at {found.share:.0%} of the database)")
        for problem in now.problems:
            say(f"! {problem.message}\n  {problem.command}")
