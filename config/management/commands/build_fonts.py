"""`manage.py build_fonts`: make the web fonts of all languages from the system's fonts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import fonts
from languages import registry


class Command(BaseCommand):
    """Run by bin/setup; a second run takes what is there."""

    help = "Make the web fonts of all languages from the system's fonts, in the data folder."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build and say what was made and what is missing."""
        report = fonts.build(registry().orthographies, settings.FONT_FOLDERS, settings.FONTS_BUILT)
        for made in report.built:
            if made.fresh or options["verbosity"] > 1:
                self.stdout.write(f"{made.family} ({made.script}): {made.size / 1000:.1f} kB")
        for family, scripts in report.missing:
            self.stderr.write(
                f"{family} is not installed: {', '.join(scripts)} will show in whatever font a visitor's device has. "
                "On Debian and Ubuntu: apt install fonts-noto-core"
            )
