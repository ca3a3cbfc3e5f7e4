"""Write records to a file, from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.domain.gate import visible
from access.domain.viewer import administrator, anonymous
from library.imports.exporting import FORMATS, export
from library.models import Collection, Record


class Command(BaseCommand):
    """The file is there when it is whole, or not at all."""

    help = "Write records to a file: everything, or with --as-public what anyone may see."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument("--out", type=Path, required=True, metavar="PATH")
        parser.add_argument(
            "--collection", default="", metavar="SLUG", help="only the records of this collection"
        )
        parser.add_argument("--as-public", action="store_true", help="only what anyone may see")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the export."""
        public, slug = options["as_public"], options["collection"]
        viewer = anonymous() if public else administrator()
        records = visible(Record.objects.all(), viewer, drafts=not public)
        if slug:
            if not visible(Collection.objects.filter(slug=slug), viewer, drafts=True).exists():
                raise CommandError(_("There is no collection “%(slug)s” here.") % {"slug": slug})
            records = records.filter(collection__slug=slug)
        try:
            outcome = export(records, options["format"], options["out"])
        except OSError as error:
            said = _("The file cannot be written: %(detail)s.") % {"detail": error.strerror or error}
            raise CommandError(said) from None
        for title, why in outcome.refused:
            self.stderr.write(f"{title}: {why}")
        if options["verbosity"]:
            n = outcome.records
            said = ngettext("%(n)s record written to %(path)s.", "%(n)s records written to %(path)s.", n)
            self.stdout.write(said % {"n": n, "path": options["out"]})
        if outcome.refused:
            n = len(outcome.refused)
            said = ngettext("%(n)s record was not written.", "%(n)s records were not written.", n)
            raise CommandError(said % {"n": n}, returncode=1)
