"""Furnish the house with the starter lexicons, some festivals and pages."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from config import demo


class Command(BaseCommand):
    """`manage.py load_demo`: see the help text."""

    help = (
        "Imports the starter lexicons (dictionary/starter), some festivals and pages. Run again, it changes nothing "
        "that is in place."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring them in, one line each."""
        demo.load_lexicons(lambda line: self.stdout.write(line))
        demo.load_festivals(lambda line: self.stdout.write(line))
        demo.load_pages(lambda line: self.stdout.write(line))
