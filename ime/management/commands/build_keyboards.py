"""`manage.py build_keyboards`: build the packages of keyboards, for a folder or for the site's pages."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ime.building import build_into
from ime.domain import publishing
from ime.domain.kit import kit, supplies
from ime.domain.publishing import Task, due, publish, tasks
from ime.interfaces.choosing import chosen
from ime.models import Build
from ime.targets import TARGETS
from jobs.domain.words import say

PROCESSES = 2


class Command(BaseCommand):
    """See the help text."""

    help = (
        "Build the packages of all keyboards, or of one language or keyboard. With --out the files are written there; "
        "without it what is due is published on the site. Exit code 1: something could not be built."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to build, and where to."""
        parser.add_argument(
            "code", nargs="?", default="", help="a language's code, or a keyboard's id; else all"
        )
        parser.add_argument("--out", type=Path, help="a folder: DIR/KEYBOARD/TARGET/… is written")
        parser.add_argument("--target", action="append", choices=sorted(TARGETS), help="only this target")
        parser.add_argument("--anew", action="store_true", help="publish also what is not due")

    def handle(
        self, *args: Any, code: str, out: Path | None, target: list[str] | None, anew: bool, **options: Any
    ) -> None:
        """Build; progress goes to the standard error."""
        every = tasks(chosen(code), target or ())
        if not every:
            raise CommandError("None of these keyboards can be built for this target.")
        failed = self._write(every, out) if out else self._publish(every if anew else tuple(due(every)))
        if failed:
            sys.exit(1)

    def _write(self, every: tuple[Task, ...], out: Path) -> int:
        """Build into a folder, two keyboards at a time; says how many failed."""
        given = supplies({task.keyboard for task in every})
        wanted = [
            (name, [task.target.id for task in some])
            for name, some in groupby(every, lambda task: task.keyboard.id)
        ]
        done = failed = 0
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
            running = [pool.submit(build_into, name, targets, given, out) for name, targets in wanted]
            for future in running:
                for outcome in future.result():
                    done += 1
                    self.stderr.write(
                        f"[{done}/{len(every)}] {outcome.keyboard} {outcome.target}", ending=" "
                    )
                    if outcome.problem:
                        failed += 1
                        self.stderr.write(f"FAILED: {outcome.problem}")
                    else:
                        self.stderr.write(f"{outcome.seconds:.1f} s")
                        self.stdout.write(str(outcome.path))
        return failed

    def _publish(self, every: tuple[Task, ...]) -> int:
        """Publish on the site, one after the other; says how many failed."""
        with_kit, failed = kit(), 0
        for number, task in enumerate(every, 1):
            build = publish(task, with_kit)
            self.stderr.write(f"[{number}/{len(every)}] {task.name}", ending=" ")
            if build.state == Build.State.FAILED:
                failed += 1
                self.stderr.write(f"FAILED: {say(build.error, build.error_params)}")
            else:
                self.stderr.write(build.package.release if build.package else "")
        for task in every:
            if package := publishing.latest(task.keyboard.id, task.target.id):
                self.stdout.write(f"{task.name} {package.release} {package.sha256}")
        return failed
