"""Where documents come from: upper apps register here how their objects become documents
(`AppConfig.ready`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from search.documents import Document


@dataclass(frozen=True)
class DocumentSource:
    """How one type of object becomes documents.

    `documents(pks)` reads the database now and gives one document for each of these objects that is
    published; those it leaves out are deleted from the index. It must be cheap for thousands at once (no
    query per object). `all_pks()` gives the primary keys of all published objects, ascending;
    `versions(pks)`, if given, tells their versions without building documents, for the sweep. `text_fields`
    names the fields of running text that the documents have.
    """

    type: str
    documents: Callable[[Sequence[int]], Iterable[Document]]
    all_pks: Callable[[], Iterable[int]]
    versions: Callable[[Sequence[int]], dict[int, int]] | None = None
    text_fields: tuple[str, ...] = ()


_sources: dict[str, DocumentSource] = {}


def register(source: DocumentSource) -> None:
    """Make a source known; a second source of the same type replaces nothing and is an error."""
    if _sources.setdefault(source.type, source) != source:
        raise ValueError(f"Another source of documents of the type {source.type} is registered.")


def source_of(type: str) -> DocumentSource | None:  # noqa: A002
    """The source of a type of document, if an app has registered one."""
    return _sources.get(type)


def sources() -> tuple[DocumentSource, ...]:
    """All registered sources, by type."""
    return tuple(_sources[name] for name in sorted(_sources))


def forget(type: str) -> None:  # noqa: A002
    """Take a source away; what it gave stays where it is."""
    _sources.pop(type, None)
