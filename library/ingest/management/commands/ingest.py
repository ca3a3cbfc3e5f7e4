"""Take folders of scans, recordings and films into a collection, from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.domain.gate import visible
from access.domain.viewer import viewer_for
from access.models import User
from dictionary.formats.errors import FileError as AnyFileError
from jobs.domain.context import Progress
from jobs.imports import runs
from jobs.imports.types import ImportRefused, Message
from jobs.models import ImportRow, ImportRun
from languages import LanguageError, registry
from library.domain.kinds import kinds
from library.imports.names import lookup
from library.imports.telling import busy, phase, said, summary, unusable
from library.ingest import plan, sources
from library.ingest.importer import NAME
from library.ingest.problems import Problem
from library.ingest.sidecar import described
from library.models import Collection

REFUSED_ROWS: Final = 1
_MOST_TOLD: Final = 200
_SHOWN: Final = 8
# The same paths and table go on where a run was that ended in the midst of it.
_UNFINISHED: Final = (
    ImportRun.State.UPLOADED, ImportRun.State.CHECKING, ImportRun.State.CHECKED, ImportRun.State.APPLYING,
    ImportRun.State.FAILED,
)  # fmt: skip


class Command(BaseCommand):
    """Checks everything first, then takes it in; the same again changes nothing."""

    help = (
        "Take in folders of scans and films. Ends with 0: all taken; 1: something was not; 2: nothing can be."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "paths", type=Path, nargs="+", metavar="PATH", help="folders, zip archives, files"
        )
        parser.add_argument("--collection", required=True, metavar="SLUG", help="into which the records go")
        parser.add_argument(
            "--sidecar", type=Path, metavar="FILE", help="the table that describes them (CSV, XLSX)"
        )
        parser.add_argument("--kind", default="", help="of the records, where the table does not say it")
        parser.add_argument(
            "--language", action="append", default=[], metavar="TAG",
            help="of the records, where the table does not say it; what they are read and heard in",
        )  # fmt: skip
        parser.add_argument("--check", action="store_true", help="only say what would happen; write nothing")
        parser.add_argument(
            "--publish", action="store_true", help="publish the records; else they are drafts"
        )
        parser.add_argument(
            "--duplicates",
            action="store_true",
            help="take files as well whose bytes are in the library already",
        )
        parser.add_argument("--user", default="", metavar="NAME", help="who takes them in")
        parser.add_argument(
            "--background", action="store_true", help="after the check, let the workers do it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Find, check, apply, tell."""
        user = self.user(options)
        try:
            made = self.items(options, user)
        except AnyFileError as error:
            raise unusable(str(error)) from None
        except ImportRefused as error:
            raise unusable(f"{error.where}: {_text(error.message)}") from None
        except Problem as problem:
            raise unusable(_text(problem.message)) from None
        except OSError as error:
            raise unusable(f"{error.filename or ''}: {error.strerror or error}") from None
        if not made:
            raise unusable(_("There is nothing to take in here."))
        run = self.run_of(made, options, user)
        self.bring_in(run, made, options)

    def user(self, options: Mapping[str, Any]) -> User | None:
        """Who takes the files in: with a name, that user's rights hold."""
        if not options["user"]:
            return None
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise unusable(_("There is no user “%(name)s”.") % {"name": options["user"]})
        wanted = ["library.add_record", "library.add_recordfile"]
        wanted += ["library.publish_record"] if options["publish"] else []
        if not user.has_perms(wanted):
            raise unusable(_("“%(name)s” may not do this.") % {"name": user})
        return user

    def items(self, options: Mapping[str, Any], user: User | None) -> list[plan.Item]:
        """What is to be made of the files."""
        if options["kind"] and options["kind"] not in kinds():
            raise unusable(_("There is no kind of record “%(kind)s”. There are: %(kinds)s.") % {
                "kind": options["kind"], "kinds": ", ".join(kinds())
            })  # fmt: skip
        for tag in options["language"]:
            try:
                registry().orthography(tag)
            except LanguageError as error:
                raise unusable(_("“%(tag)s” is not a language tag.") % {"tag": tag}) from error
        table = options["sidecar"].resolve(strict=True) if options["sidecar"] else None
        listing = sources.found(options["paths"], leave_out=table)
        rows = described(table, lookup()) if table else None
        made = plan.items(listing, rows, plan.Defaults(options["kind"], tuple(options["language"])))
        if user is not None and not user.has_perm("library.set_record_protocol"):
            made = plan.unprotected(made)
        return made

    def run_of(self, made: list[plan.Item], options: Mapping[str, Any], user: User | None) -> ImportRun:
        """The import of these items: one that was interrupted, or a new one."""
        found = Collection.objects.filter(slug=options["collection"])
        # One that the person may not see is as one that is not there.
        collection = (found if user is None else visible(found, viewer_for(user), drafts=True)).first()
        if collection is None:
            raise unusable(_("There is no collection “%(slug)s” here.") % {"slug": options["collection"]})
        params = {"collection": collection.pk, "publish": options["publish"], "count": len(made)}
        title = ", ".join(path.resolve().name for path in options["paths"])
        try:
            fresh = runs.create(
                NAME,
                BytesIO(plan.written(made)),
                file_name="files.jsonl",
                params=params,
                user=user,
                title=title,
            )
        except ImportRefused as error:
            raise unusable(_text(error.message)) from None
        same = ImportRun.objects.filter(
            importer=NAME, file_sha256=fresh.file_sha256, state__in=_UNFINISHED, user=user
        )
        for run in same.exclude(pk=fresh.pk).order_by("-pk"):
            if run.params == params:
                runs.discard(fresh)
                self.stderr.write(_("Going on with what was interrupted."))
                return run
        return fresh

    def bring_in(self, run: ImportRun, made: list[plan.Item], options: Mapping[str, Any]) -> None:
        """Check, apply, and tell."""
        quiet = options["verbosity"] == 0
        progress = None if quiet else self.progress
        try:
            if run.checked_at is None or (
                "apply" not in runs.phases_open(run) and run.state not in runs.BUSY
            ):
                phase(run, "check", progress)
            if options["check"]:
                if not quiet:
                    self.show(made)
            else:
                if options["duplicates"]:
                    codes = ("duplicate", "duplicate-hidden")
                    numbers = runs.undecided(run).filter(code__in=codes).values_list("number", flat=True)
                    runs.decide(run, "theirs", list(numbers))
                if options["background"] and "apply" in runs.phases_open(run):
                    runs.start(run, "apply")
                    self.stdout.write(_("The workers go on with it; see Reports → Imports."))
                    return
                if runs.pending(run).exists():
                    phase(run, "apply", progress)
        except OperationalError as error:
            raise busy(error) from None
        self.tell(run, check_only=options["check"], quiet=quiet)

    def progress(self, progress: Progress) -> None:
        """One line for each step forward."""
        of = f"/{progress.total}" if progress.total else ""
        self.stderr.write(f"{progress.done}{of}  {progress.message}")

    def show(self, made: list[plan.Item]) -> None:
        """What would be made: a line for each record, with its files."""
        for item in made:
            if item.error is None:
                names = ", ".join(part.file.base for part in item.parts[:_SHOWN])
                more = " …" if len(item.parts) > _SHOWN else ""
                self.stdout.write(f"{item.kind}: {item.label} ({len(item.parts)}: {names}{more})")

    def tell(self, run: ImportRun, *, check_only: bool, quiet: bool) -> None:
        """How it went; every problem with its place. Raises CommandError where something was not taken."""
        verdicts, outcomes = runs.counts(run)
        rows = ImportRow.objects.filter(run=run).exclude(message="").order_by("number")[:_MOST_TOLD]
        told = [f"{row.where}: {said(row.message, row.message_params)}" for row in rows]
        left = verdicts["refused"] + runs.undecided(run).count()
        if check_only or not runs.written(run).exists():
            runs.discard(run)
        for line in told:
            self.stderr.write(line)
        if not quiet:
            self.stdout.write(summary(verdicts, outcomes, check_only=check_only))
        if left:
            text = ngettext("%(n)s was not taken.", "%(n)s were not taken.", left)
            raise CommandError(text % {"n": left}, returncode=REFUSED_ROWS)


def _text(message: Message) -> str:
    return said(message.text, message.params)
