"""A browser driven without any library: Chromium on a pipe, as its DevTools protocol describes.

One request at a time is all that a proof needs: send a command, read until its answer comes.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from types import TracebackType
from typing import Any, Final, Self

from ime.errors import BuildError

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE: Final = 60.0  # seconds for one answer
_STOP: Final = 5.0
# The browser reads from 3 and writes to 4; nothing of either may be overwritten before it is copied.
_START: Final = """
import fcntl, os, sys
pipes = [fcntl.fcntl(int(pipe), fcntl.F_DUPFD, 10) for pipe in sys.argv[1:3]]
for number, pipe in zip((3, 4), pipes):
    os.dup2(pipe, number)
os.closerange(10, max(pipes) + 1)
os.execv(sys.argv[3], sys.argv[3:])
"""


def executable() -> str | None:
    """Where the browser is, if there is one."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


class Chromium:
    """A browser with one page. Use it as a context manager: it ends with the block, and its profile is removed."""

    def __init__(self, path: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)
        read_here, write_there = os.pipe()
        read_there, write_here = os.pipe()
        options = (
            "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe",
            "--disable-background-networking", "--disable-dev-shm-usage", f"--user-data-dir={self._folder.name}",
        )  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, str(read_there), str(write_there), path, *options],
            pass_fds=(read_there, write_there),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": self._folder.name},
        )
        os.close(read_there)
        os.close(write_there)
        self._read, self._write = read_here, write_here
        self._rest = b""
        self._number = 0
        self._session = ""

    def __enter__(self) -> Self:
        try:
            target = self.send("Target.createTarget", url="about:blank")["targetId"]
            self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the browser."""
        for descriptor in (self._read, self._write):
            os.close(descriptor)
        try:
            self._process.wait(_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """What a command of the protocol answers; BuildError for an error, or if none comes."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data) :]
        until = time.monotonic() + _PATIENCE
        while True:
            answer = self._next(until)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise _failed(f"{method}: {answer['error']['message']}")
                result: dict[str, Any] = answer["result"]
                return result

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page, awaited; BuildError if it throws."""
        answer = self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise _failed(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def _next(self, until: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._read], [], [], max(0.0, until - time.monotonic()))
            part = os.read(self._read, 1 << 20) if ready else b""
            if not part:
                raise _failed("it does not answer")
            self._rest += part
        message, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found


def version(path: str) -> str:
    """What the browser says its version is."""
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    numbers = [word for word in said.split() if word[:1].isdigit()]
    return numbers[0] if numbers else said.strip()


def _failed(said: str) -> BuildError:
    return BuildError("engine_failed", f"Chromium: {said}", said=said)
