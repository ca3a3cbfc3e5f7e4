"""The way to the server: who it is, how long it may take, and what its errors mean to a caller."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit, urlunsplit

from elastic_transport import ConnectionError as Unreachable
from elastic_transport import ConnectionTimeout, TransportError
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError

from search.engines.elastic.breaker import Breaker
from search.interface import EngineUnavailable

R = TypeVar("R")


@dataclass(frozen=True)
class Server:
    """Where the server is and how it is asked. `urls` are the nodes; user and password may stand in the first.

    `timeout` bounds a look-up, `write_timeout` a batch of changes (seconds); after a failure nothing is asked
    for `pause` seconds.
    """

    urls: tuple[str, ...]
    api_key: str = ""
    ca_file: str = ""
    prefix: str = "nhasan"
    timeout: float = 2.0
    write_timeout: float = 60.0
    pause: float = 5.0
    shards: int = 1
    replicas: int = 0


class Connection:
    """Clients of one server in this process: opened lazily, again after a fork. Thread-safe."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._lock = threading.Lock()
        # By process and timeout; 0: as it was made.
        self._clients: dict[tuple[int, float], Elasticsearch] = {}
        self._readers = Breaker(server.pause, len(server.urls))
        self._writers = Breaker(server.pause, len(server.urls))

    def ask(self, function: Callable[[Elasticsearch], R]) -> R:
        """What the server answers within the time a reader may wait. Raises EngineUnavailable for whatever
        goes wrong, at once while the server is known not to answer."""
        return self._through(self._readers, self.server.timeout, function)

    def tell(self, function: Callable[[Elasticsearch], R]) -> R:
        """As `ask`, within the time a writer may wait."""
        return self._through(self._writers, self.server.write_timeout, function)

    def _through(self, breaker: Breaker, timeout: float, function: Callable[[Elasticsearch], R]) -> R:
        if not breaker.closed():
            raise EngineUnavailable(breaker.reason)
        try:
            answer = function(self._opened(timeout))
        except (ApiError, TransportError, UnsupportedProductError) as error:
            reason = describe(error)
            if isinstance(error, ConnectionTimeout):
                breaker.missed(reason)
            elif is_down(error):
                breaker.failed(reason)
            else:
                breaker.succeeded()
            raise EngineUnavailable(reason) from error
        breaker.succeeded()
        return answer

    def _opened(self, timeout: float) -> Elasticsearch:
        """The client of this process that waits so long."""
        key = os.getpid(), timeout
        client = self._clients.get(key)
        if client is None:
            with self._lock:
                root = self._clients.get((key[0], 0.0)) or client_of(self.server)
                client = root.options(request_timeout=timeout)
                mine = {one: known for one, known in self._clients.items() if one[0] == key[0]}
                self._clients = {(key[0], 0.0): root, **mine, key: client}
        return client


def client_of(server: Server) -> Elasticsearch:
    """A client for these nodes. A node that does not answer is passed over for another; none is asked twice."""
    options: dict[str, Any] = {}
    hosts: list[str] = []
    for url in server.urls:
        parts = urlsplit(url)
        host = parts.hostname or "localhost"
        host = f"[{host}]" if ":" in host else host
        port = parts.port or (443 if parts.scheme == "https" else 9200)
        hosts.append(urlunsplit((parts.scheme, f"{host}:{port}", parts.path, "", "")))
        if parts.username and "basic_auth" not in options:
            options["basic_auth"] = (unquote(parts.username), unquote(parts.password or ""))
    if server.api_key:
        options.pop("basic_auth", None)
        options["api_key"] = server.api_key
    if server.ca_file:
        options["ca_certs"] = server.ca_file
    return Elasticsearch(
        hosts,
        max_retries=len(hosts) - 1,
        retry_on_timeout=False,
        retry_on_status=(502, 503) if len(hosts) > 1 else (),
        dead_node_backoff_factor=1.0,
        **options,
    )


_OF_AN_INDEX = frozenset({"search_phase_execution_exception", "no_shard_available_action_exception"})
"""What is wrong with one index, said at once, while others of the same server answer: the one that a rebuild makes."""


def is_down(error: Exception) -> bool:
    """Whether asking again at once would be as vain: no connection, no answer in time, no right to ask."""
    if isinstance(error, ApiError):
        if error.error in _OF_AN_INDEX:
            return False
        return error.status_code in {401, 403} or error.status_code >= 500
    return isinstance(error, TransportError | Unreachable | UnsupportedProductError)


def describe(error: Exception) -> str:
    """What happened, in one line and without any password."""
    if isinstance(error, ApiError) and error.error == "media_type_header_exception":
        return "Elasticsearch is of another version than its client here: the first numbers must be the same."
    if isinstance(error, ApiError):
        return f"Elasticsearch answers {error.status_code}: {error.error}"
    if isinstance(error, TransportError):
        return f"Elasticsearch does not answer: {error.message}"
    return "What answers is not Elasticsearch."
