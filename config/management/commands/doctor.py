"""Say in plain words what is missing or wrong."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.checks import WARNING
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from config.doctor import Finding, examine


class Command(BaseCommand):
    """`manage.py doctor`: see the help text."""

    help = "Says what is missing or wrong, and what to do. Exit code: 0 nothing, 1 something does not work, 2 cautions."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to answer."""
        parser.add_argument(
            "--json", action="store_true", help="for a program: a list of subjects and problems"
        )
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default=None)

    def handle(self, *args: Any, json: bool, language: str | None, **options: Any) -> None:
        """Examine and report; ends with the exit code."""
        with translation.override(language or settings.LANGUAGE_CODE):
            findings = examine()
            self.stdout.write(as_json(findings) if json else as_text(findings))
        if any(finding.serious for finding in findings):
            sys.exit(1)
        if any(finding.problems for finding in findings):
            sys.exit(2)


def as_text(findings: tuple[Finding, ...]) -> str:
    """A line a subject, its problems and what to do below it."""
    lines = []
    for finding in findings:
        lines.append(f"{'✔' if not finding.problems else '✘'} {finding.subject}")
        for problem in finding.problems:
            lines.append(f"    {problem.msg}")
            if problem.hint:
                lines.append(f"    → {problem.hint}")
    wrong = sum(len(finding.problems) for finding in findings)
    lines.append(_("Nothing is wrong.") if not wrong else _("To look after: %d") % wrong)
    return "\n".join(lines)


def as_json(findings: tuple[Finding, ...]) -> str:
    """The same for a program."""
    told = [
        {
            "subject": finding.subject,
            "problems": [
                {
                    "id": problem.id,
                    "serious": problem.level > WARNING,
                    "message": str(problem.msg),
                    "hint": problem.hint and str(problem.hint),
                }
                for problem in finding.problems
            ],
        }
        for finding in findings
    ]
    return json.dumps(told, ensure_ascii=False, indent=1)
