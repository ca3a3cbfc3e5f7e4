"""Import records of another catalogue or of a table, from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dictionary.formats.errors import FileError as CommonFileError
from jobs.imports import runs
from jobs.imports.types import ImportRefused
from jobs.models import ImportRow, ImportRun
from languages import LanguageError
from languages.legacy import convert
from library.domain.kinds import kinds
from library.formats.table import mapping_of
from library.imports.importer import NAME
from library.imports.source import FORMATS, Wish
from library.imports.telling import busy, phase, said, summary, unusable
from library.models import Collection

REFUSED_ROWS = 1
_MOST_TOLD = 50


class Command(BaseCommand):
    """Checks every record first, then writes; the same file again changes nothing."""

    help = "Import records. Ends with 0: all taken; 1: some were refused or left; 2: unusable file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument("--collection", default="", metavar="SLUG", help="into which the records go")
        parser.add_argument("--kind", default="", help="of the records, where the file does not say it")
        parser.add_argument(
            "--mapping", type=Path, metavar="FILE", help="what the columns of a table mean (TOML)"
        )
        parser.add_argument(
            "--legacy", action="append", default=[], metavar="[COLUMN=]NAME",
            help="an encoding from before Unicode: of a table, or of one column",
        )  # fmt: skip
        parser.add_argument("--draft", action="store_true", help="do not publish the records")
        parser.add_argument("--check", action="store_true", help="only say what would happen; write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the import."""
        try:
            wish = self.wish(options)
            if not options["path"].is_file():
                raise unusable(_("There is no file “%(path)s”.") % {"path": options["path"]})
            with options["path"].open("rb") as stream:
                name = options["path"].name
                run = runs.create(
                    NAME, stream, file_name=name, params=wish.as_params(), user=None, title=name
                )
        except CommonFileError as error:
            raise unusable(str(error)) from None
        except ImportRefused as error:
            raise unusable(said(error.message.text, error.message.params)) from None
        except OSError as error:
            raise unusable(str(error)) from None
        self.bring_in(run, check_only=options["check"], quiet=options["verbosity"] == 0)

    def wish(self, options: Mapping[str, Any]) -> Wish:
        """What was asked for. Raises CommandError, FileError."""
        collection = 0
        if options["collection"]:
            found = Collection.objects.filter(slug=options["collection"]).first()
            if found is None:
                raise unusable(_("There is no collection “%(slug)s” here.") % {"slug": options["collection"]})
            collection = found.pk
        if options["kind"] and options["kind"] not in kinds():
            raise unusable(_("There is no kind of record “%(kind)s”. There are: %(kinds)s.") % {
                "kind": options["kind"], "kinds": ", ".join(kinds())
            })  # fmt: skip
        legacy = {}
        for one in options["legacy"]:
            column, _sign, name = one.rpartition("=")
            try:
                convert("", name)
            except LanguageError as error:
                text = _("There is no old encoding “%(name)s”. There are: %(known)s.") % error.params
                raise unusable(text) from None
            legacy[column] = name
        mapping = mapping_of(options["mapping"]) if options["mapping"] else None
        return Wish(options["format"], collection, options["kind"], not options["draft"], mapping, legacy)

    def bring_in(self, run: ImportRun, *, check_only: bool, quiet: bool) -> None:
        """Check, apply, and tell."""
        try:
            phase(run, "check")
            for one in run.advice:
                pair = f" {one['before']} → {one['after']}" if one["before"] else ""
                self.stderr.write(said(one["message"], one["message_params"]) + pair)
            if not check_only and runs.pending(run).exists():
                phase(run, "apply")
        except OperationalError as error:
            raise busy(error) from None
        finally:
            verdicts, outcomes = runs.counts(run)
            rows = ImportRow.objects.filter(run=run).exclude(message="").order_by("number")[:_MOST_TOLD]
            told = [f"{row.where}: {row.label}: {said(row.message, row.message_params)}" for row in rows]
            if check_only or not runs.written(run).exists():
                runs.discard(run)
        for line in told:
            self.stderr.write(line)
        if not quiet:
            self.stdout.write(summary(verdicts, outcomes, check_only=check_only))
        left = verdicts["refused"] + verdicts["conflict"]
        if left:
            text = ngettext("%(n)s record was not taken.", "%(n)s records were not taken.", left)
            raise CommandError(text % {"n": left}, returncode=REFUSED_ROWS)
