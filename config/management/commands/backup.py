"""Write the whole site into one file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config.backup.archive import BackupError
from config.backup.create import backup


class Command(BaseCommand):
    """`manage.py backup OUT`: see the help text."""

    help = "Writes database, files and settings (no secrets) into a new file, while the site runs. See docs/backup.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to write."""
        parser.add_argument("out", type=Path, help="the file to make, for instance nhasan.zip")

    def handle(self, *args: Any, out: Path, **options: Any) -> None:
        """Make it and say what is in it."""
        try:
            done = backup(out)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("%(out)s: %(rows)d rows, %(files)d files, %(size).1f MB")
            % {"out": out, "rows": done.rows, "files": done.files, "size": done.size / 1e6}
        )
