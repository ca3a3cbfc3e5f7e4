"""Put a backup in place of what the site holds."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config.backup.archive import BackupError
from config.backup.restore import restore


class Command(BaseCommand):
    """`manage.py restore IN`: see the help text."""

    help = "Replaces database and files by those of a backup, all or nothing. Stop the site first. See docs/backup.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to restore, and over what."""
        parser.add_argument("backup", type=Path, help="a file that manage.py backup made")
        parser.add_argument("--force", action="store_true", help="replace what the site holds")
        parser.add_argument(
            "--no-index", action="store_true", help="leave building the search index for later"
        )

    def handle(self, *args: Any, backup: Path, force: bool, no_index: bool, **options: Any) -> None:
        """Restore, build the indexes again, and say what there is now."""
        try:
            done = restore(backup, force=force)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("Restored %(rows)d rows and %(files)d files.") % {"rows": done.rows, "files": done.files}
        )
        if not no_index:
            call_command("update_index", verbosity=0)
            call_command("search_rebuild", verbosity=options["verbosity"], stdout=self.stdout)
