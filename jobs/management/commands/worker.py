"""`manage.py worker`: run the jobs of some queues, or start a process for each of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jobs.domain.kinds import queues
from jobs.domain.processes import die_with_parent
from jobs.domain.worker import work

RESTART_AFTER = 2.0
STOP_WITHIN = 30.0


class Command(BaseCommand):
    """Serves queues until it is told to stop (SIGTERM, Ctrl-C); a job that runs goes on later, elsewhere."""

    help = "Run jobs. Without --queue: all queues one after the other; --all starts a process for each queue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument(
            "--queue", action="append", dest="queues", metavar="NAME", help="serve this queue"
        )
        parser.add_argument("--all", action="store_true", help="start one process for each queue")
        parser.add_argument("--once", action="store_true", help="run at most one job")
        parser.add_argument("--exit-when-idle", action="store_true", help="end when nothing is left to do")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work."""
        named = options["queues"] or list(queues())
        unknown = sorted(set(named) - set(queues()))
        if unknown:
            raise CommandError(f"There is no queue {', '.join(unknown)}; there are: {', '.join(queues())}.")
        stop = threading.Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, ask_to_stop)
            signal.signal(signal.SIGINT, ask_to_stop)
        if options["all"]:
            self._a_process_for_each(named, stop)
            return
        self.stdout.write(f"Working on: {', '.join(named)}")
        ran = work(named, stop, once=options["once"], until_idle=options["exit_when_idle"])
        self.stdout.write(f"Stopped after {ran} jobs.")

    def _a_process_for_each(self, named: list[str], stop: threading.Event) -> None:
        """Start a worker for each queue, start again what dies, and pass the wish to stop on."""
        running = {name: _start(name) for name in named}
        while not stop.wait(RESTART_AFTER):
            for name, process in running.items():
                if process.poll() is not None:
                    self.stderr.write(
                        f"The worker of {name} ended ({process.returncode}); starting it again."
                    )
                    running[name] = _start(name)
        for process in running.values():
            process.terminate()
        for process in running.values():
            try:
                process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()


def _start(name: str) -> subprocess.Popen[bytes]:
    root = str(settings.BASE_DIR)
    environment = {
        **os.environ,
        "NHASAN_DATA_DIR": str(settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings"),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "django", "worker", "--queue", name],
        cwd=root,
        env=environment,
        preexec_fn=die_with_parent,
    )
