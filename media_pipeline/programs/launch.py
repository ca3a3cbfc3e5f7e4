"""Set the limits of a process, then become the command: `launch.py MEMORY FILE_BYTES CPU_SECONDS COMMAND …`.

The limits hold for the command and whatever it starts. When the process that started this one goes, however it
goes, Linux ends the command. It is a program and not a `preexec_fn`, which must not be used beside threads.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Never comes back, unless the command cannot be started."""
    memory, file_bytes, cpu, *command = sys.argv[1:]
    parent = os.getppid()
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)
    for limit, value in (
        (resource.RLIMIT_AS, int(memory)),
        (resource.RLIMIT_FSIZE, int(file_bytes)),
        (resource.RLIMIT_CPU, int(cpu)),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (value, value) if hard == -1 or value <= hard else (hard, hard))
    os.execvp(command[0], command)  # noqa: S606 - no shell, on purpose


if __name__ == "__main__":
    main()
