"""Programs are kept running, and none is left behind, whatever happens to who keeps them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
# A program that says its number (one line a start), then waits.
WAITER = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
KEEPER = f"""
import sys
from pathlib import Path
from config.supervisor import Program, supervise
book = Path(sys.argv[1])
programs = [Program("waiter", (sys.executable, "-c", {WAITER!r}, str(book)))]
if "--broken" in sys.argv:
    programs.append(Program("broken", (sys.executable, "-c", "raise SystemExit(7)")))
say = lambda text: print(text, flush=True)
ready = lambda: book.exists() and "--broken" not in sys.argv
sys.exit(supervise(programs, ready=ready, announce=lambda: say("READY"), say=say))
"""


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", KEEPER, str(tmp_path / "book"), *arguments]
        started.append(subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def pids(book: Path, count: int) -> list[int]:
    until(lambda: book.exists() and len(book.read_text().split()) >= count)
    return [int(line) for line in book.read_text().split()]


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_a_program_that_is_killed_is_started_again_and_stopped_at_the_end(
    keeper: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = keeper()
    assert process.stdout
    assert process.stdout.readline() == "READY\n"
    (first,) = pids(tmp_path / "book", 1)
    os.kill(first, signal.SIGKILL)
    assert "waiter ended (signal SIGKILL)" in process.stdout.readline()
    second = pids(tmp_path / "book", 2)[1]
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert gone(second)


def test_a_program_that_ends_before_all_is_ready_ends_the_whole(
    keeper: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = keeper("--broken")
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "broken ended (exit code 7)" in output
    assert "READY" not in output
    book = tmp_path / "book"
    assert all(gone(pid) for pid in map(int, book.read_text().split())) if book.exists() else True


def test_nothing_is_left_running_when_the_keeper_itself_is_killed(
    keeper: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = keeper()
    (pid,) = pids(tmp_path / "book", 1)
    process.kill()
    until(lambda: gone(pid))
