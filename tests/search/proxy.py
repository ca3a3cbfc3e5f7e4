"""A proxy in front of a real server: what is said through it arrives later, or in other words."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from urllib.parse import urlsplit


def _as_it_is(data: bytes) -> bytes:
    return data


class Proxy:
    """Passes connections on to the server of a URL while it is open.

    `delay` (seconds) holds back each part of an answer; `rewrite` changes what is asked.
    """

    def __init__(
        self, url: str, *, delay: float = 0.0, rewrite: Callable[[bytes], bytes] = _as_it_is
    ) -> None:
        self._parts = urlsplit(url)
        self.delay = delay
        self._rewrite = rewrite
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = [self._listening]
        self._threads: list[threading.Thread] = []
        self._closed = threading.Event()
        self.port = self._listening.getsockname()[1]

    @property
    def url(self) -> str:
        """The address of the proxy, with the user and password of the server."""
        return self._parts._replace(
            netloc=f"{self._parts.username}:{self._parts.password}@127.0.0.1:{self.port}"
        ).geturl()

    def __enter__(self) -> Proxy:
        self._run(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(10)

    def _run(self, function: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                asking, _address = self._listening.accept()
                server = socket.create_connection((self._parts.hostname or "", self._parts.port or 0))
            except OSError:
                return
            self._open += [asking, server]
            self._run(self._pass_on, asking, server, self._rewrite)
            self._run(self._pass_on, server, asking, self._later)

    def _later(self, data: bytes) -> bytes:
        self._closed.wait(self.delay)
        return data

    def _pass_on(
        self, source: socket.socket, target: socket.socket, change: Callable[[bytes], bytes]
    ) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(change(data))
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
