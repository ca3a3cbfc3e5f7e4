"""Import a dictionary file into a lexicon, from the command line."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dictionary.formats.errors import FileError
from dictionary.formats.opening import FORMATS, one_file
from dictionary.imports import running
from jobs.domain.context import Progress
from jobs.imports import runs
from jobs.imports.types import ImportRefused
from languages import LanguageError
from languages.legacy import convert

REFUSED_ROWS = 1
UNUSABLE_FILE = 2
_MOST_TOLD = 50
_EVERY = 2.0


def _legacy(given: list[str]) -> dict[str, str]:
    """Field → encoding; "" is every field. Raises CommandError for an encoding that is not known."""
    wanted = {}
    for one in given:
        field, _sign, name = one.rpartition("=")
        try:
            convert("", name)
        except LanguageError as error:
            said = _("There is no old encoding “%(name)s”. There are: %(known)s.") % error.params
            raise CommandError(said, returncode=UNUSABLE_FILE) from None
        wanted[field] = name
    return wanted


class Command(BaseCommand):
    """Checks every row first, then writes; the same file again changes nothing."""

    help = "Import a dictionary file. Ends with 0: all rows taken; 1: rows were refused or left; 2: unusable file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "path", type=Path, help="the file, or the folder of a CLDF data set or LIFT export"
        )
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument("--lexicon", required=True, metavar="SLUG", help="it is made when it is new")
        parser.add_argument(
            "--language", default="", metavar="CODE", help="of the words; chooses rows of a CLDF set"
        )
        parser.add_argument("--orthography", default="", metavar="TAG", help="of the words, such as vi-Latn")
        parser.add_argument(
            "--mapping", type=Path, metavar="FILE", help="what the columns mean (TOML or JSON)"
        )
        parser.add_argument(
            "--legacy", action="append", default=[], metavar="[FIELD=]NAME",
            help="an encoding from before Unicode: of all text, or of a column (LIFT, CLDF: of a language)",
        )  # fmt: skip
        parser.add_argument("--title", default="", help="of a new lexicon")
        parser.add_argument("--licence", default="", help="of a new lexicon, as an SPDX identifier")
        parser.add_argument("--check", action="store_true", help="only say what would happen; write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the import."""
        asked = running.Asked(
            format=options["format"], slug=options["lexicon"], language=options["language"],
            orthography=options["orthography"], mapping=options["mapping"], title=options["title"],
            licence=options["licence"], legacy=_legacy(options["legacy"]),
        )  # fmt: skip
        self.quiet = options["verbosity"] == 0
        try:
            with one_file(options["path"], asked.format) as path:
                self.bring_in(asked, path, path.name, check_only=options["check"])
        except FileError as error:
            raise CommandError(str(error), returncode=UNUSABLE_FILE) from None
        except (running.Broken, running.Failed) as error:
            raise CommandError(str(error), returncode=UNUSABLE_FILE) from None
        except ImportRefused as error:
            said = _(error.message.text) % error.message.params
            raise CommandError(said, returncode=UNUSABLE_FILE) from None
        except OperationalError as error:
            said = _("The database is busy or cannot be reached (%(detail)s). Try again.") % {"detail": error}
            raise CommandError(said, returncode=UNUSABLE_FILE) from None
        except ValidationError as error:
            raise CommandError("; ".join(error.messages), returncode=UNUSABLE_FILE) from None

    def bring_in(self, asked: running.Asked, path: Path, name: str, *, check_only: bool) -> None:
        """Check, apply, and tell."""
        lexicon, wish = running.lexicon_for(asked, path, name)
        run = None
        try:
            run = running.create(wish, path, name, title=f"{lexicon.title}: {name}")
            running.phase(run, "check", self.progress)
            self.end_progress()
            for warning in running.warnings(run):
                self.stderr.write(self.style.WARNING(warning))
            if not check_only and runs.pending(run).exists():
                running.phase(run, "apply", self.progress)
        finally:
            self.end_progress()
            counted = runs.counts(run) if run else ({}, {})
            verdicts, outcomes = counted
            told = [
                (verdict, running.told(run, verdict, _MOST_TOLD))
                for verdict in ("refused", "conflict")
                if run
            ]
            if run and (check_only or not runs.written(run).exists()):
                runs.discard(run)
        self.tell(verdicts, outcomes, told, check_only=check_only)

    def tell(
        self, verdicts: dict[str, int], outcomes: dict[str, int], told: Any, *, check_only: bool
    ) -> None:
        """The summary on stdout, the rows that were not taken on stderr."""
        left = verdicts["refused"] + verdicts["conflict"]
        for verdict, rows in told:
            for row in rows:
                self.stderr.write(
                    f"{row.where}: {row.label}: {row.why}" if row.label else f"{row.where}: {row.why}"
                )
            if verdicts[verdict] > len(rows):
                more = verdicts[verdict] - len(rows)
                self.stderr.write(ngettext("… and %(n)s more.", "… and %(n)s more.", more) % {"n": more})
        lines = (
            [
                (_("would be added"), verdicts["add"]), (_("would be changed"), verdicts["change"]),
                (_("no change"), verdicts["same"]), (_("conflicts"), verdicts["conflict"]),
                (_("refused"), verdicts["refused"]),
            ]
            if check_only
            else [
                (_("added"), outcomes["added"]), (_("changed"), outcomes["changed"]),
                (_("no change"), verdicts["same"]), (_("conflicts"), verdicts["conflict"]),
                (_("refused"), verdicts["refused"]),
            ]
        )  # fmt: skip
        if not self.quiet:
            self.stdout.write(", ".join(f"{name}: {number}" for name, number in lines))
        if left:
            said = ngettext("%(n)s row was not taken.", "%(n)s rows were not taken.", left) % {"n": left}
            raise CommandError(said, returncode=REFUSED_ROWS)

    _last = 0.0
    _shown = False

    def progress(self, now: Progress) -> None:
        """One line that moves on a terminal; elsewhere a line now and then."""
        if self.quiet or not now.message:
            return
        terminal = sys.stderr.isatty()
        moment = time.monotonic()
        if not terminal and moment - self._last < _EVERY:
            return
        self._last, self._shown = moment, terminal
        part = f" {now.done * 100 // now.total} %" if now.total else ""
        text = f"{now.message}{part}"
        self.stderr.write(f"\r{text:<70}" if terminal else text, ending="" if terminal else "\n")

    def end_progress(self) -> None:
        """Leave the line of progress."""
        if self._shown:
            self.stderr.write("")
            self._shown = False
