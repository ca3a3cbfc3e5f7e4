"""What an importer is, and the values that pass between it and the machinery.

An upper app writes a class with the methods of `Importer` and registers one in `AppConfig.ready`:

    from jobs.imports.types import register
    register(LiftImporter())

The machinery then does the rest: it stores the file, reads and checks it in batches (a job), shows the
report, applies in chunks that commit rows, before-images, whatever the importer writes and the checkpoint
together (a job, resumable after kill -9), keeps conflicts for a person, and undoes.

A *version* is any short text that changes whenever the target changes: a hash of its content, with whatever
else must count as a change. A *target* is the primary key of what the row becomes; what kind of object it is,
only the importer knows (`key` may say so when an importer has several).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

Verdict = Literal["add", "change", "same", "conflict", "refused"]
Phase = Literal["check", "apply", "undo"]


@dataclass(frozen=True)
class Message:
    """What to tell a person: a stable code, an English msgid with %(name)s places, and what goes there."""

    code: str
    text: str
    params: Mapping[str, str | int] = field(default_factory=dict)


class ImportRefused(Exception):
    """The file as a whole cannot be read (any further). `where` names the place ("line 12"); nothing was
    applied.
    """

    def __init__(self, message: Message, where: str = "") -> None:
        super().__init__(f"{where}: {message.code}" if where else message.code)
        self.message = message
        self.where = where


@dataclass(frozen=True)
class Source:
    """The file of one run, and what the person asked for. `name` is the file's name as it was uploaded."""

    run_id: int
    path: Path
    name: str
    params: Mapping[str, Any]
    user_id: int | None


@dataclass(frozen=True)
class SourceRow:
    """One row as read: cheap, before the database is asked anything.

    `number` counts from 1, grows, and is the same at every reading of the file. `where` is what a person
    finds the row by ("line 12", "sheet Words, row 3"). `key` names the row's target within the import (a
    guid, say); the machinery refuses a second row with the same key. `label` is what a person knows it by (a
    headword). `data` is the importer's own and is never stored. `refusal`: the row cannot be read, and why.
    """

    number: int
    where: str
    key: str
    label: str
    data: Any = None
    refusal: Message | None = None


@dataclass(frozen=True)
class Checked:
    """What would become of a row.

    `target` and `version` name what is there now (None and "" for a new one). `message` says why for
    conflicts and refusals, and may warn otherwise. `changes` are short texts for the report (field: old →
    new). `payload` is kept in memory for `Importer.apply`, never stored.
    """

    verdict: Verdict
    target: int | None = None
    version: str = ""
    message: Message | None = None
    changes: tuple[str, ...] = ()
    payload: Any = None


@dataclass(frozen=True)
class Work:
    """A row to write now, with the check made a moment ago in the same transaction.

    `overrule`: a person decided that the row of the file wins over what is there (an open draft, for
    instance).
    """

    row: SourceRow
    checked: Checked
    overrule: bool = False


@dataclass(frozen=True)
class Applied:
    """What was written: the target, its JSON before-image (None: it did not exist) and its version
    afterwards.
    """

    target: int
    before: Any
    after: str


@dataclass(frozen=True)
class Restore:
    """A target to put back to its before-image (None: delete it, the import made it)."""

    number: int
    key: str
    target: int
    before: Any


class Importer(Protocol):
    """What an upper app provides. Every method may be called again after a crash with the same rows.

    `name` is stable ("dictionary.lift"), `title` an English msgid, `chunk` how many rows are checked or
    applied in one transaction (a few hundred: each transaction should stay well under a second).
    """

    name: str
    title: str
    chunk: int

    def count(self, source: Source) -> int:
        """How many rows there are, if that is cheap to know, for the progress bar; 0 if not."""

    def read(self, source: Source) -> Iterator[SourceRow]:
        """All rows in order, streaming. Raises ImportRefused where the file itself is broken."""

    def check(self, source: Source, rows: Sequence[SourceRow], *, lock: bool) -> Sequence[Checked]:
        """One verdict per row, in the same order; constant number of queries for a batch.

        "conflict" when there is an open draft. Must not write. With `lock` (before `apply`, in its
        transaction) the targets are locked (`select_for_update`), so that nothing changes before the write.
        """

    def apply(self, source: Source, work: Sequence[Work]) -> Sequence[Applied]:
        """Write the rows, in bulk, inside the caller's transaction, outbox included; one result per row, in
        order.
        """

    def versions(self, source: Source, targets: Sequence[int], *, lock: bool) -> Mapping[int, str]:
        """The current version of each target that still exists (one that is gone is left out)."""

    def restore(self, source: Source, rows: Sequence[Restore]) -> None:
        """Put back the before-images, in bulk, inside the caller's transaction, outbox included."""

    def finished(self, source: Source, phase: Phase) -> None:
        """Called in the last transaction of a phase that went to its end; for what concerns the whole."""


@dataclass(frozen=True)
class Advice:
    """Something about a part of the file that a person should know before applying, and may choose about.

    `key` names the part (a column, say), `message` says what it looks like, `before` and `after` show a piece of it
    as it is and as it would be with `value`, which is suggested. `chosen` is what holds now ("": as it is).
    """

    key: str
    message: Message
    before: str
    after: str
    value: str
    chosen: str = ""


@runtime_checkable
class Advising(Protocol):
    """What an importer provides besides, when it has advice to give about a file."""

    def advise(self, source: Source) -> Sequence[Advice]:
        """What there is to say, after a check. Raises ImportRefused."""

    def choices(self) -> Sequence[tuple[str, str]]:
        """What may be chosen for a part: values with their names, in the reader's language."""

    def follow(self, params: Mapping[str, Any], key: str, value: str) -> dict[str, Any]:
        """The parameters of the run with another choice for a part; raises ValueError for what is no choice."""


@runtime_checkable
class Preparing(Protocol):
    """What an importer provides besides, when there is slow work that must not hold a transaction open."""

    def prepare(self, source: Source, rows: Sequence[SourceRow]) -> None:
        """Called before each chunk is applied, outside of its transaction. What it does must bear being done again."""


_importers: dict[str, Importer] = {}


class UnknownImporter(LookupError):
    """A run names an importer that no installed app has registered."""


def register(importer: Importer) -> None:
    """Make an importer known by its name; a second one of that name is an error."""
    if _importers.setdefault(importer.name, importer) is not importer:
        raise ValueError(f"Another importer is already called {importer.name}.")


def importer_named(name: str) -> Importer:
    """The importer of this name; raises UnknownImporter."""
    try:
        return _importers[name]
    except KeyError:
        raise UnknownImporter(f"No installed app knows the importer {name}.") from None


def importers() -> tuple[Importer, ...]:
    """All registered importers, by name."""
    return tuple(_importers[name] for name in sorted(_importers))


@dataclass(frozen=True)
class UploadPage:
    """Where in the admin an import begins: a title (an English msgid), the name of its address, who may open it."""

    title: str
    url_name: str
    permission: str


_upload_pages: list[UploadPage] = []


def register_upload_page(page: UploadPage) -> None:
    """Have the list of imports lead to this page; call from `AppConfig.ready`."""
    if page not in _upload_pages:
        _upload_pages.append(page)


def upload_pages() -> tuple[UploadPage, ...]:
    """The pages registered."""
    return tuple(_upload_pages)
