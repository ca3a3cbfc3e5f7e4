"""Run the whole site on this machine: prepare it, then keep web server and workers running. What bin/run calls."""

from __future__ import annotations

import fcntl
import os
import socket
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import demo, startup
from config.supervisor import Program, supervise
from jobs.domain.kinds import QUEUES


class Command(BaseCommand):
    """`manage.py serve`: see the help text."""

    help = "Prepares the site (database, fonts, static files, demo house, index) and runs web server and workers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, and whether to furnish the house."""
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for all of this machine"
        )
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-demo", action="store_true", help="no demo lexicons and logins")

    def handle(self, *args: Any, host: str, port: int, no_demo: bool, **options: Any) -> None:
        """Prepare, run until Ctrl-C or SIGTERM; CommandError when the port or the data folder is taken."""
        # What the programs say is to be read at once, also where it goes through a pipe to a log.
        os.environ.setdefault("PYTHONUNBUFFERED", "1")
        if settings.LOCAL:
            os.environ.setdefault("NHASAN_BASE_URL", _address(host, port))
        with _alone():
            _refuse_taken(host, port)
            self._prepare(demo_house=settings.LOCAL and not no_demo)
            code = supervise(
                programs(host, port),
                ready=lambda: _answers(host, port),
                announce=lambda: self._announce(host, port, logins=settings.LOCAL and not no_demo),
                say=self._say,
            )
        self._say("stopped")
        sys.exit(code)

    def _prepare(self, *, demo_house: bool) -> None:
        self._step("database", startup.migrate)
        self._step("fonts and static files", startup.fonts_and_static_files)
        if demo_house:
            self._step("demo house", startup.demo_house)
        self._step("search index", startup.index)

    def _step(self, name: str, step: Callable[[], bool]) -> None:
        self._say(f"{name} …")
        begin = time.monotonic()
        done = step()
        self._say(f"{name}: {'ready' if done else 'nothing to do'} ({time.monotonic() - begin:.1f} s)")

    def _announce(self, host: str, port: int, *, logins: bool) -> None:
        base = _address(host, port)
        lines = ["", f"Nhà Sàn is open:  {base}/", f"Admin:            {base}/admin/", ""]
        if logins:
            lines += ["Demo logins (user / password), a user for each role:"]
            lines += [f"  {login.name:<14} {login.password}" for login in demo.logins()]
        else:
            lines += ["An administrator's login is made with: manage.py createsuperuser"]
        self.stdout.write("\n".join([*lines, "", "Ctrl-C stops it.", ""]))
        self.stdout.flush()

    def _say(self, text: str) -> None:
        self.stdout.write(f"serve: {text}")
        self.stdout.flush()


def _address(host: str, port: int) -> str:
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104
    return f"http://{shown}:{port}"


def programs(host: str, port: int) -> tuple[Program, ...]:
    """What makes up the running site: the web server, and a worker for each queue."""
    threads = str(settings.WEB_THREADS)
    web = (
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws",
        "--workers", str(settings.WEB_PROCESSES), "--blocking-threads", threads, "--respawn-failed-workers",
        "--log-level", "warning", "config.wsgi:application",
    )  # fmt: skip
    manage = str(settings.BASE_DIR / "manage.py")
    return (
        Program("web server", web),
        *(
            Program(f"worker ({queue})", (sys.executable, manage, "worker", "--queue", queue))
            for queue in QUEUES
        ),
    )


@contextmanager
def _alone() -> Iterator[None]:
    """Let one `serve` at a time work on a data folder."""
    with (settings.DATA_DIR / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CommandError(
                f"The site already runs from this data folder: {settings.DATA_DIR}\n"
                "Stop it first, or set NHASAN_DATA_DIR to another folder."
            ) from None
        yield


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError:
            raise CommandError(f"There is no port {port}; choose one from 1024 to 65535.") from None
        except OSError as error:
            raise CommandError(
                f"Cannot listen on {host}, port {port}: {error.strerror}.\n"
                "Perhaps another program is there. Choose another port: bin/run --port 8001"
            ) from None


def _answers(host: str, port: int) -> bool:
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    try:
        with socket.create_connection((target, port), timeout=1):
            return True
    except OSError:
        return False
