"""What a person asked for when importing records, and reading the file accordingly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from dictionary.formats.errors import FileError as AnyFileError
from dictionary.formats.errors import FormatError
from jobs.imports.types import ImportRefused, Message
from library.domain.content import Content, digest
from library.formats import iso2709, marcxml, table
from library.formats.errors import RecordError, text_of
from library.formats.limits import Limits
from library.formats.marc import Read
from library.formats.marc_read import Held, described
from library.imports.names import lookup

FORMATS: Final = ("marc", "marcxml", "csv", "xlsx")


@dataclass(frozen=True)
class Wish:
    """The parameters of an import: format, collection, kind of tables' rows, columns, whether records are published."""

    format: str
    collection: int = 0
    kind: str = ""
    publish: bool = True
    mapping: Mapping[str, str] | None = None
    legacy: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> Wish:
        """The wish that is stored with a run."""
        return cls(
            params["format"], params.get("collection", 0), params.get("kind", ""), params.get("publish", True),
            params.get("mapping"), params.get("legacy") or {},
        )  # fmt: skip

    def as_params(self) -> dict[str, Any]:
        """The wish as it is stored with a run."""
        return {
            "format": self.format, "collection": self.collection, "kind": self.kind, "publish": self.publish,
            "mapping": dict(self.mapping) if self.mapping is not None else None, "legacy": dict(self.legacy),
        }  # fmt: skip


@dataclass(frozen=True)
class Incoming:
    """One record of a file, before the database is asked: its place and name, what it says, and its bytes."""

    number: int
    where: str
    key: str
    content: Content = field(default_factory=dict)
    kind: str = ""
    holdings: tuple[Held, ...] | None = None
    raw: bytes = b""
    warning: Message | None = None
    error: Message | None = None


def limits() -> Limits:
    """The limits of imports, as the settings set them."""
    return Limits(file=settings.NHASAN_IMPORT_MAX_UNPACKED, record=settings.NHASAN_IMPORT_MAX_ENTRY)


def incoming(wish: Wish, path: Path, name: str) -> Iterator[Incoming]:
    """The records of a file, in order. Raises ImportRefused where the file itself is broken."""
    try:
        if wish.format in ("marc", "marcxml"):
            reader = iso2709.read if wish.format == "marc" else marcxml.read
            with path.open("rb") as stream:
                for one in reader(stream, limits(), name):
                    yield _from_marc(one, name, wish)
            return
        with table.opened(path, wish.format, limits(), name, wish.legacy) as opened:
            for number, line in enumerate(table.lines(opened, wish.mapping, name, lookup()), 1):
                where = f"{name}, {line.line}"
                if line.error is not None or line.content is None:
                    error = message_of(line.error) if line.error else None
                    yield Incoming(number, line.error.place if line.error else where, "", error=error)
                else:
                    key = line.key or digest(line.content)
                    yield Incoming(number, where, key, line.content, line.kind or wish.kind or "book")
    except AnyFileError as error:
        raise ImportRefused(message_of(error), error.place) from None


def _from_marc(one: Read, name: str, wish: Wish) -> Incoming:
    where = f"{name}, #{one.number}"
    if one.record is None:
        assert one.error is not None
        return Incoming(one.number, one.error.place, "", raw=one.raw, error=message_of(one.error))
    found = described(one.record)
    notes = [*one.notes, *found.notes]
    warning = Message(notes[0].code, text_of(notes[0].code), notes[0].params) if notes else None
    error = None
    if not found.content["fields"].get("title"):
        error = message_of(RecordError("no-title"))
    return Incoming(
        one.number, where, found.key or digest(found.content), found.content, wish.kind or found.kind, found.holdings,
        one.raw, warning, error,
    )  # fmt: skip


def message_of(error: FormatError) -> Message:
    """An error of a file as the import machinery stores it: untranslated, with its values."""
    return Message(error.code, text_of(error.code), error.params)
