"""The life of an index, whichever engine keeps it: made beside the current one, filled, switched to, rolled back.

A complete engine gives a `Life`; the writer, the rebuild and the health report know nothing else of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

from search.documents import Document
from search.interface import Engine

Names = Iterable[tuple[str, int]]


@dataclass(frozen=True)
class Manifest:
    """What an index was made with: the version of its fields, its text fields, the hash of all profiles,
    when, and the orders below which a document is in a head (the embedded engine alone has those)."""

    version: int
    text_fields: tuple[str, ...]
    profiles: str
    made_at: str = ""
    heads: tuple[int, ...] = ()


class Busy(Exception):
    """Another process is writing or switching the index."""


class IndexEngine(Engine, Protocol):
    """An engine over an index of its own, which can be compared with the database."""

    def versions(self, type: str, low: int, high: int) -> Mapping[int, int]:  # noqa: A002
        """The versions of the documents of a type with primary keys from low to high: for the sweep."""

    def look_again(self) -> None:
        """Somebody wrote or switched just now in this process."""


class Writer(Protocol):
    """Writes to one index while it is open. Raises EngineUnavailable on entering, or when the index is lost."""

    def __enter__(self) -> Writer: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def add(self, documents: Iterable[Document], deleted: Names = (), *, new: bool = False) -> int:
        """Add or replace documents and delete others; gives how many were added. `new`: none is there yet."""

    def fill(self, documents: Iterable[Document], total: int) -> int:
        """Add about so many documents, none of which is in the index, and commit."""

    def commit(self) -> None:
        """Make what was added durable and visible."""


class Life(Protocol):
    """The indexes of one engine, by name. Raises EngineUnavailable where a server does not answer.

    `exclusive`: nobody writes to any index while `locked` is held.
    """

    exclusive: bool

    def engine_version(self) -> str:
        """The version of the engine that answers."""

    def current(self) -> str:
        """The index that readers ask; empty before the first one."""

    def previous(self) -> str:
        """The index that was current before; empty when there is none to go back to."""

    def manifest(self, name: str) -> Manifest | None:
        """What an index was made with, None when that cannot be read."""

    def fits(self, manifest: Manifest, text_fields: Sequence[str]) -> bool:
        """Whether an index made so has all that this version of the site fills."""

    def create(self, text_fields: Sequence[str], profiles: str, heads: Sequence[int] = ()) -> str:
        """A new, empty index, not current yet."""

    def writer(self, name: str = "", *, wait: bool = True, bulk: bool = False) -> Writer:
        """The writer of the current index, or of this one. Entering it raises Busy without `wait` while another
        process writes; `bulk` spends more memory for speed."""

    def reader(self, name: str) -> IndexEngine:
        """An engine that answers from this index, current or not."""

    def locked(self) -> AbstractContextManager[None]:
        """Hold the right to switch, where the engine has one writer; the writer waits meanwhile."""

    def switch(self, name: str) -> None:
        """Make an index current at one stroke; the one before becomes the previous one, older ones are removed."""

    def roll_back(self) -> str:
        """Make the previous index current again and the current one previous; empty when there is none."""

    def discard(self, name: str) -> None:
        """Remove an index that did not become current."""
