"""Running tools on files from outside: each in a process group of its own, within limits, watched.

A tool is stopped when it takes too long, when it makes no progress, or when whoever asked wants to stop; with it goes
everything that it started. When this process is killed, its tool goes as well.
"""

from __future__ import annotations

import contextlib
import functools
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.utils.translation import gettext_noop

from media_pipeline.domain.errors import StepFailed, StepSkipped

_LAUNCH: Final = str(Path(__file__).resolve().parent.parent / "programs" / "launch.py")
_ROOT: Final = str(Path(__file__).resolve().parent.parent.parent)
_LOOK_EVERY: Final = 0.2
_LAST_LINES: Final = 40
_LONGEST_LINE: Final = 2_000
_OUTPUT: Final = 32 << 20
_NO_ROOM: Final = 1 << 20

MISSING: Final = gettext_noop("%(tool)s is not installed here. Install it with: apt install %(package)s")
TOO_LONG: Final = gettext_noop("%(tool)s was stopped: it took longer than %(seconds)s seconds.")
STALLED: Final = gettext_noop("%(tool)s was stopped: it made no progress for %(seconds)s seconds.")
FULL: Final = gettext_noop("There is no room left on the disk. Make room, then try again.")
TOO_LARGE: Final = gettext_noop("%(tool)s was stopped: a file that it wrote grew beyond %(megabytes)s MB.")
NO_MEMORY: Final = gettext_noop("%(tool)s needed more than %(megabytes)s MB of memory.")
BROKEN: Final = gettext_noop("The file is broken or incomplete: %(tool)s could not read it.")

PACKAGES: Final = {
    "ffmpeg": "ffmpeg",
    "ffprobe": "ffmpeg",
    "tesseract": "tesseract-ocr",
    "clamscan": "clamav",
}


@dataclass(frozen=True)
class Done:
    """How a tool ended: its exit code, what it wrote to stdout, the last lines of stderr."""

    code: int
    out: bytes
    detail: str


def find(tool: str) -> str:
    """The path of a tool; raises StepSkipped, which says what to install, when it is not there."""
    found = shutil.which(tool)
    if found is None:
        raise StepSkipped(MISSING, {"tool": tool, "package": PACKAGES.get(tool, tool)})
    return found


def version(tool: str, option: str = "--version") -> str:
    """The first line of what a tool says of its version; asked once as long as the program stays the same."""
    path = find(tool)
    return _version(path, option, Path(path).stat().st_mtime_ns)


@functools.lru_cache(maxsize=32)
def _version(path: str, option: str, changed: int) -> str:
    done = subprocess.run([path, option], capture_output=True, text=True, timeout=60, check=False)
    return (done.stdout or done.stderr).splitlines()[0].strip()[:100]


def program(name: str, *arguments: str) -> list[str]:
    """The command of one of our own programs (`media_pipeline.programs`)."""
    return [sys.executable, "-m", f"media_pipeline.programs.{name}", *arguments]


def run(
    command: Sequence[str],
    *,
    folder: Path,
    name: str = "",
    seconds: float | None = None,
    should_stop: Callable[[], None] | None = None,
    progress: Callable[[str], float | None] | None = None,
    on_line: Callable[[str], None] | None = None,
    environment: Mapping[str, str] | None = None,
    check: bool = True,
) -> Done:
    """Run a tool in `folder`, which is also where it may put temporary files.

    `seconds` is the longest it may take (NHASAN_TOOL_SECONDS unless given). `should_stop` is called all the while
    and may raise. `progress` reads lines of stdout and gives a number when one tells how far the tool is; without
    it the processor time of the tool counts. `on_line` is told every line of stdout. With either of them stdout is
    not kept. `environment` is added to the few variables that a tool sees. With `check`, a tool that fails raises
    StepFailed in plain words.
    """
    tool = name or Path(command[0]).name
    limits = _Limits(tool, seconds or settings.NHASAN_TOOL_SECONDS)
    # Isolated (-I), but for our own programs, which are found by the folder of the project.
    launched = [sys.executable, "-I", "-S", _LAUNCH, *limits.arguments(), *command]
    variables = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": _ROOT,
        "PYTHONDONTWRITEBYTECODE": "1",
        "VIPS_CONCURRENCY": "2",
        "VIPS_DISC_THRESHOLD": "64m",
    } | dict(environment or {})
    if "TESSDATA_PREFIX" in os.environ:
        variables["TESSDATA_PREFIX"] = os.environ["TESSDATA_PREFIX"]
    process = subprocess.Popen(
        launched,
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, lines = _follow(process, limits, should_stop, progress, on_line)
    finally:
        # Whatever happened: nothing of the group stays behind.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    done = Done(process.returncode, out, "\n".join(lines))
    if check and done.code:
        raise failure(done, limits.tool, folder)
    return done


def full(folder: Path) -> bool:
    """Whether there is no room left where the folder lies; not every tool says so, or even notices."""
    return shutil.disk_usage(folder).free < _NO_ROOM


def failure(done: Done, tool: str, folder: Path) -> StepFailed:
    """Why a tool failed, in plain words."""
    detail = done.detail
    if full(folder) or "No space left on device" in detail or "Disk quota exceeded" in detail:
        return StepFailed(FULL, detail=detail)
    if done.code == -signal.SIGXFSZ or "File too large" in detail:
        megabytes = settings.NHASAN_TOOL_FILE_BYTES // 1_000_000
        return StepFailed(TOO_LARGE, {"tool": tool, "megabytes": megabytes}, detail)
    if done.code == -signal.SIGXCPU:
        return StepFailed(TOO_LONG, {"tool": tool, "seconds": settings.NHASAN_TOOL_SECONDS}, detail)
    if any(
        sign in detail
        for sign in ("MemoryError", "Cannot allocate memory", "std::bad_alloc", "out of memory")
    ):
        megabytes = settings.NHASAN_TOOL_MEMORY // 1_000_000
        return StepFailed(NO_MEMORY, {"tool": tool, "megabytes": megabytes}, detail)
    return StepFailed(BROKEN, {"tool": tool}, detail or f"exit code {done.code}")


@dataclass(frozen=True)
class _Limits:
    tool: str
    seconds: float

    def arguments(self) -> list[str]:
        memory, largest = settings.NHASAN_TOOL_MEMORY, settings.NHASAN_TOOL_FILE_BYTES
        # Processor time on all cores together: beyond this the clock has run out anyway.
        return [str(memory), str(largest), str(int(self.seconds * (os.cpu_count() or 1)) + 1)]


def _follow(
    process: subprocess.Popen[bytes],
    limits: _Limits,
    should_stop: Callable[[], None] | None,
    progress: Callable[[str], float | None] | None,
    on_line: Callable[[str], None] | None,
) -> tuple[bytes, Sequence[str]]:
    """Read both pipes to their ends, and look at the clock; gives stdout and the last lines of stderr."""
    stdout, stderr = process.stdout, process.stderr
    assert stdout is not None and stderr is not None
    out, pending = bytearray(), {stdout: b"", stderr: b""}
    lines: deque[str] = deque(maxlen=_LAST_LINES)
    begin = moved = time.monotonic()
    mark: float | None = None
    with selectors.DefaultSelector() as selector:
        for pipe in (stdout, stderr):
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            for key, _events in selector.select(_LOOK_EVERY):
                pipe: IO[bytes] = key.fileobj  # type: ignore[assignment, no-redef]
                piece = os.read(pipe.fileno(), 1 << 16)
                if not piece:
                    selector.unregister(pipe)
                    continue
                if pipe is stdout and progress is None and on_line is None:
                    out += piece[: max(0, _OUTPUT - len(out))]
                    continue
                *whole, rest = (pending[pipe] + piece).replace(b"\r", b"\n").split(b"\n")
                pending[pipe] = rest[:_LONGEST_LINE]
                for line in (each[:_LONGEST_LINE].decode("utf-8", "replace") for each in whole):
                    if pipe is stderr:
                        lines.append(line)
                        continue
                    if on_line is not None:
                        on_line(line)
                    if progress is not None and (at := progress(line)) is not None and at != mark:
                        mark, moved = at, time.monotonic()
            if should_stop is not None:
                should_stop()
            now = time.monotonic()
            if progress is None and (used := _processor_time(process.pid)) != mark:
                mark, moved = used, now
            if now - begin > limits.seconds:
                raise StepFailed(
                    TOO_LONG, {"tool": limits.tool, "seconds": int(limits.seconds)}, "\n".join(lines)
                )
            if now - moved > settings.NHASAN_TOOL_STALL_SECONDS:
                shown: dict[str, str | int] = {
                    "tool": limits.tool,
                    "seconds": int(settings.NHASAN_TOOL_STALL_SECONDS),
                }
                raise StepFailed(STALLED, shown, "\n".join(lines))
    if pending[stderr]:
        lines.append(pending[stderr].decode("utf-8", "replace"))
    process.wait(timeout=limits.seconds)
    return bytes(out), lines


def _processor_time(pid: int) -> float:
    """The clock ticks that a process and its ended children used, by Linux's /proc; -1 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return -1.0
    return float(sum(int(field) for field in fields[11:15]))
