"""A circuit breaker: after a failure nobody waits for the server again until it is time to try."""

from __future__ import annotations

import threading
import time

LONGEST = 60.0  # seconds between two tries, however often they failed


class Breaker:
    """Closed while all is well. A failure opens it for `pause` seconds, each further one for twice as long. One node of
    several that is `missed` opens it only when as many in a row were missed as there are nodes.

    While it is open `closed()` is False at once. When the pause is over, one caller is let through to try; the
    others are still refused until that one reports `succeeded` or `failed`. Thread-safe.
    """

    def __init__(self, pause: float, nodes: int = 1) -> None:
        self._pause = pause
        self._nodes = nodes
        self._missed = 0
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until = 0.0
        self.reason = ""

    def closed(self) -> bool:
        """Whether the caller may ask the server."""
        if not self._failures:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._open_until:
                return False
            # This caller tries; if it never comes back, another may after a pause.
            self._open_until = now + self._length()
            return True

    def failed(self, reason: str) -> None:
        """The server did not answer."""
        with self._lock:
            self._failures += 1
            self._open_until = time.monotonic() + self._length()
            self.reason = reason

    def missed(self, reason: str) -> None:
        """One node did not answer in time; the next caller will ask another one."""
        with self._lock:
            self._missed += 1
            missed_all = self._missed >= self._nodes
        if missed_all or self._failures:
            self.failed(reason)

    def succeeded(self) -> None:
        """The server answered."""
        if self._failures or self._missed:
            with self._lock:
                self._failures = self._missed = 0
                self.reason = ""

    def _length(self) -> float:
        return min(self._pause * 2.0 ** (self._failures - 1), max(LONGEST, self._pause))
