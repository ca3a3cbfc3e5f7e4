"""The whole site starts with one command, survives the death of a part, stops cleanly, and says what is in its way."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from queue import Queue

import pytest

from tests import database

REPOSITORY = Path(__file__).resolve().parents[2]
Serve = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def serve(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Serve]:
    """Starts the site in a data folder of its own, with a database that is migrated already."""
    folder = tmp_path / "data"
    folder.mkdir()
    environment = database.another(request.config.cache.mkdir("nhasan"), "sqlite", folder)
    started = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "manage.py", "serve", "--no-demo", *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        started.append(subprocess.Popen(command, cwd=REPOSITORY, env=environment, **pipes))  # type: ignore[call-overload]
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Lines:
    """What a process prints, read as it comes."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        self.seen: list[str] = []
        self._queue: Queue[str] = Queue()
        stream = process.stdout
        threading.Thread(target=lambda: [self._queue.put(line) for line in stream], daemon=True).start()

    def until(self, text: str, seconds: float = 90) -> str:
        """Read on until a line holds `text`, and give that line."""
        while True:
            line = self._queue.get(timeout=seconds)
            self.seen.append(line)
            if text in line:
                return line


def front_page(port: int) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", "/")
        with connection.getresponse() as response:
            return response.status


def children(pid: int) -> dict[int, str]:
    """The processes that a process started, with their command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == pid:
                    found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
    return found


@pytest.mark.slow
def test_the_site_opens_loses_a_worker_gets_a_new_one_and_closes(serve: Serve, tmp_path: Path) -> None:
    port = free_port()
    process = serve("--port", str(port))
    lines = Lines(process)
    assert f"http://localhost:{port}/" in lines.until("is open")
    assert front_page(port) == 200
    assert not any("password" in line for line in lines.seen), "no demo logins were asked for"

    before = children(process.pid)
    assert {
        word for word in ("granian", "--queue index", "--queue default") if word in " ".join(before.values())
    } == {
        "granian",
        "--queue index",
        "--queue default",
    }
    victim = next(pid for pid, command in before.items() if "--queue index" in command)
    os.kill(victim, signal.SIGKILL)
    lines.until("worker (index) ended (signal SIGKILL)")
    lines.until("Working on: index")
    assert front_page(port) == 200

    # A second one would write to the same index and the same files.
    other = serve("--port", str(free_port()))
    output, _ = other.communicate(timeout=60)
    assert other.returncode == 1
    assert "already runs from this data folder" in output

    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not [pid for pid in before if Path(f"/proc/{pid}").exists()]
    with pytest.raises(OSError, match="refused"):
        front_page(port)


def test_a_taken_port_is_said_before_anything_is_prepared(serve: Serve, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = serve("--port", str(taken.getsockname()[1]))
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Choose another port: bin/run --port" in output
    assert "Traceback" not in output
    assert not (tmp_path / "data" / "static").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--port", "99999"], "port 99999"), (["--host", "no.such.host.invalid"], "no.such")],
)
def test_an_address_that_makes_no_sense_is_refused(serve: Serve, arguments: list[str], said: str) -> None:
    process = serve(*arguments)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said in output
    assert "Traceback" not in output
