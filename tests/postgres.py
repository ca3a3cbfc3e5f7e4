"""Run a command beside a real PostgreSQL that lives only as long as the command:

    python -m tests.postgres COMMAND [ARGUMENT …]

The server of Debian's package is started in a temporary folder, reachable through a socket in it and nowhere else, as
an unprivileged user if need be (PostgreSQL refuses to run as root). NHASAN_DATABASE_URL tells the command where.
Whatever happens, the server is stopped and its folder removed; the exit code is the command's.
"""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

# Nothing here outlives the run, so nothing need survive a power cut.
FAST = (
    "fsync=off",
    "autovacuum=off",  # it would find the tables of a test's open transaction empty, and tell the planner so
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
    "listen_addresses=",
)
START_SECONDS = 60


class NoServer(Exception):
    """PostgreSQL is not installed, or did not start; the message says which."""


def programs() -> Path:
    """The folder of the newest PostgreSQL server on this machine; NoServer if there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).resolve().parent
    raise NoServer("PostgreSQL is not installed. On Debian or Ubuntu: apt install postgresql")


@contextmanager
def server() -> Iterator[str]:
    """A running PostgreSQL; gives the address of a database named nhasan on it, which is not created."""
    folder = Path(tempfile.mkdtemp(prefix="nhasan-postgres-"))
    process: subprocess.Popen[bytes] | None = None
    try:
        user, account = _owner()
        if account:
            shutil.chown(folder, user)
        folder.chmod(0o755)
        data, log = folder / "data", folder / "log"
        bin_folder = programs()
        initdb = [
            bin_folder / "initdb",
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "nhasan",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        made = subprocess.run([*initdb, "--no-sync"], capture_output=True, cwd="/", **account)
        if made.returncode:
            raise NoServer(f"initdb failed: {made.stderr.decode(errors='replace').strip()}")
        options = [part for option in (*FAST, f"unix_socket_directories={folder}") for part in ("-c", option)]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [bin_folder / "postgres", "-D", data, *options],
                stdout=output,
                stderr=output,
                cwd="/",
                **account,
            )
        _wait(process, bin_folder, folder, log)
        yield f"postgresql://nhasan@{quote(str(folder), safe='')}/nhasan"
    finally:
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)  # "fast": connections are closed, not waited for
            process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> tuple[str, dict[str, Any]]:
    """Who runs the server, and what subprocess has to be told for that."""
    if os.geteuid() != 0:
        return getpass.getuser(), {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return name, {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise NoServer("PostgreSQL does not run as root, and there is no user postgres or nobody to run it.")


def _wait(process: subprocess.Popen[bytes], bin_folder: Path, folder: Path, log: Path) -> None:
    ready = [bin_folder / "pg_isready", "-q", "-h", folder]
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise NoServer(f"PostgreSQL did not start: {log.read_text(errors='replace').strip()}")


def _stop(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def main(command: Sequence[str]) -> int:
    """Run the command beside a server; gives its exit code, 3 if there is no server."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)
    try:
        with server() as address:
            return subprocess.run(
                command, env={**os.environ, "NHASAN_DATABASE_URL": address}, check=False
            ).returncode
    except NoServer as error:
        print(f"tests.postgres: {error}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
