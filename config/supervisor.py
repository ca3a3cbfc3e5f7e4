"""Keep a few programs running: start them, start again what died, stop them all together."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jobs.domain.processes import die_with_parent

POLL_SECONDS = 0.2
STOP_SECONDS = 15.0
LONGEST_PAUSE = 30.0
# A program that ran for so long is taken to be well; its next pause is short again.
STEADY_SECONDS = 60.0


@dataclass(frozen=True)
class Program:
    """A program to keep running: what people call it, and its command."""

    name: str
    command: tuple[str, ...]


@dataclass
class _Running:
    """A program's present state: its process, since when, and how long to pause before it is started again."""

    process: subprocess.Popen[bytes]
    since: float
    pause: float = 1.0
    again_at: float | None = None


def supervise(
    programs: Sequence[Program],
    *,
    ready: Callable[[], bool],
    announce: Callable[[], None],
    say: Callable[[str], None],
) -> int:
    """Run the programs until SIGINT or SIGTERM; gives 0 then, 1 when one ends before `ready()` first held.

    `announce` is called once, when ready. A program that dies later is started again, after a pause that doubles
    while it keeps dying. However this ends, no program is left running: not even when this process is killed.
    """
    stopping: list[int] = []
    before = {
        number: signal.signal(number, lambda received, frame: stopping.append(received))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    running: dict[Program, _Running] = {}
    announced = False
    try:
        for program in programs:
            running[program] = _Running(_start(program), time.monotonic())
        while not stopping:
            for program, state in running.items():
                if not _look_after(program, state, say) and not announced:
                    return 1
            if not announced and ready():
                announced = True
                announce()
            time.sleep(POLL_SECONDS)
        return 0
    finally:
        _stop([state.process for state in running.values()])
        for number, handler in before.items():
            signal.signal(number, handler)


def _start(program: Program) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches this process alone, which then stops the programs in order.
    return subprocess.Popen(program.command, start_new_session=True, preexec_fn=die_with_parent)


def _look_after(program: Program, state: _Running, say: Callable[[str], None]) -> bool:
    """Start a dead program again when its pause is over; gives False when it has just been found dead."""
    now = time.monotonic()
    code = state.process.poll()
    if code is None:
        return True
    if state.again_at is None:
        if now - state.since > STEADY_SECONDS:
            state.pause = 1.0
        state.again_at = now + state.pause
        say(f"{program.name} ended ({_reason(code)}); starting it again in {state.pause:.0f} s")
        state.pause = min(state.pause * 2, LONGEST_PAUSE)
        return False
    if now >= state.again_at:
        state.process, state.since, state.again_at = _start(program), now, None
    return True


def _reason(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask all to end at once, wait, and end by force what has not ended by then."""
    for process in processes:
        process.terminate()
    end = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
