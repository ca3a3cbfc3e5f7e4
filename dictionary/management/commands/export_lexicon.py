"""Write a lexicon to a file, from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.domain.gate import may_see
from access.domain.viewer import administrator, anonymous
from dictionary.domain.exporting import KINDS, export
from dictionary.models import Lexicon


class Command(BaseCommand):
    """The file is there when it is whole, or not at all."""

    help = "Write a lexicon to a file: everything, or with --as-public what anyone may see."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("slug", help="of the lexicon")
        parser.add_argument("--format", choices=sorted(KINDS), required=True)
        parser.add_argument("--out", type=Path, required=True, metavar="PATH")
        parser.add_argument("--as-public", action="store_true", help="only what anyone may see")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the export."""
        public = options["as_public"]
        viewer = anonymous() if public else administrator()
        lexicon = Lexicon.objects.filter(slug=options["slug"]).first()
        if lexicon is None or not may_see(lexicon, viewer):
            raise CommandError(_("There is no lexicon “%(slug)s” here.") % {"slug": options["slug"]})
        try:
            outcome = export(lexicon, options["format"], options["out"], viewer, drafts=not public)
        except OSError as error:
            said = _("The file cannot be written: %(detail)s.") % {"detail": error.strerror or error}
            raise CommandError(said) from None
        if options["verbosity"]:
            n = outcome.entries
            self.stdout.write(
                ngettext("%(n)s entry written to %(path)s.", "%(n)s entries written to %(path)s.", n)
                % {"n": n, "path": options["out"]}
            )
