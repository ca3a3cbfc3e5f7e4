"""`manage.py search_rebuild`: build a new index beside the current one and switch to it, or go back."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.domain.rebuild import RebuildFailed, rebuild, roll_back

EVERY = 2.0  # seconds between two lines of progress


class Command(BaseCommand):
    """The site stays open meanwhile: the current index answers until the new one is proven."""

    help = "Build the search index anew from the database, with no downtime; --rollback goes back to the one before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("--rollback", action="store_true", help="go back to the previous index")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild or roll back."""
        quiet = options["verbosity"] == 0
        try:
            if options["rollback"]:
                folder = roll_back()
                if not quiet:
                    self.stdout.write(f"{folder} answers again. Changes made since then follow in a moment.")
                return
            report = rebuild(_ignore if quiet else self._progress())
        except RebuildFailed as error:
            raise CommandError(_REASONS[error.code] % error.params) from error
        if not quiet:
            self.stdout.write(
                f"{report.documents} documents in {report.folder}; "
                f"{report.replayed} changes replayed, look-up rows of {report.mended} objects made anew."
            )

    def _progress(self) -> Any:
        last = started = time.monotonic()

        def tell(done: int, total: int) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= EVERY:
                last = now
                rate = done / (now - started)
                self.stdout.write(f"{done} of {total} ({100 * done // max(total, 1)} %), {rate:.0f} a second")

        return tell


def _ignore(done: int, total: int) -> None:
    return


_REASONS = {
    "count": "The new index holds %(index)s documents, the database %(database)s: it was thrown away.",
    "canary": "%(type)s %(pk)s is not found in the new index: it was thrown away.",
    "no_server": "The search server does not do it: %(reason)s",
    "no_previous": "There is no previous index to go back to.",
}
