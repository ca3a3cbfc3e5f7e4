"""From files and the rows of a table to the records that they shall become, as lines of JSON: the file of an import.

A folder with a row is one record of all files in it that have no nearer one; the pictures of a folder without a table
are one record; every other file is a record by itself.
"""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from jobs.imports.reading import stored_key
from jobs.imports.types import Message
from library.domain.content import VERSION, Content
from library.formats.errors import text_of
from library.ingest.problems import Problem
from library.ingest.sidecar import Described
from library.ingest.sources import Found, Listing, media_type, natural

_TOLD: Final = 5
_BY_FILE: Final = {"application": "book", "audio": "recording", "video": "film", "image": "photograph"}


@dataclass(frozen=True)
class Part:
    """One file of a record, with what the table says of it alone."""

    file: Found
    caption: str = ""
    licence: str = ""
    protocol: int | None = None
    embargo: str = ""


@dataclass(frozen=True)
class Item:
    """One record to be: where the table or the folder says so, its key, what it is, its files; or what is wrong."""

    where: str
    key: str = ""
    label: str = ""
    kind: str = ""
    content: Content = field(default_factory=dict)
    protocol: int | None = None
    embargo: str = ""
    parts: tuple[Part, ...] = ()
    error: Message | None = None


@dataclass(frozen=True)
class Defaults:
    """What holds for records whose row does not say it: kind, tags of languages."""

    kind: str = ""
    languages: tuple[str, ...] = ()


def items(listing: Listing, rows: Sequence[Described] | None, defaults: Defaults) -> list[Item]:
    """The records, in natural order, then what cannot be taken. `rows` None: there is no table."""
    wrong = [Item(name, label=name, error=problem.message) for name, problem in listing.problems]
    types: dict[str, str] = {}
    for file in listing.files:
        try:
            types[file.name] = media_type(file)
        except Problem as problem:
            wrong.append(Item(file.name, label=file.name, error=problem.message))
    files = [file for file in listing.files if file.name in types]
    own, details, broken = _resolved(rows or (), listing, files)
    # Whose row is wrong needs no second message.
    said = _said_of(broken, _names(listing, files))
    members = _members(
        [file for file in files if _owner(file.name, own) or not _within(file.name, said)],
        own,
        details,
        types,
    )
    made: list[Item] = []
    for name, row in own.items():
        found = tuple(members.pop(name, ()))
        if not found:
            broken.append(replace(row, error=Problem("no-files", path=row.path).message))
            continue
        made.append(_described(row, name, found, defaults, types))
    for name, found_there in members.items():
        parts = tuple(found_there)
        if rows is None:
            made.append(_plain(name, parts, defaults, types))
        else:
            told = ", ".join(part.file.base for part in parts[:_TOLD]) + (" …" if len(parts) > _TOLD else "")
            wrong.append(Item(name, label=name, error=Problem("no-row", names=told).message))
    made.sort(key=lambda item: natural(item.key))
    wrong += [Item(row.where, label=row.path, error=row.error) for row in broken]
    return made + wrong


def _resolved(
    rows: Iterable[Described], listing: Listing, files: Sequence[Found]
) -> tuple[dict[str, Described], dict[str, Described], list[Described]]:
    """Rows by the name of what they stand for: those of records, those of single files; and those in error."""
    names = _names(listing, files)
    own: dict[str, Described] = {}
    details: dict[str, Described] = {}
    broken = [row for row in rows if row.error is not None]
    for row in rows:
        if row.error is not None:
            continue
        try:
            name = _name(row.path, names)
            if name in own or name in details:
                raise Problem("path-twice", path=row.path[:200])
        except Problem as problem:
            broken.append(replace(row, error=problem.message))
            continue
        (own if row.content is not None else details)[name] = row
    for name in [name for name in details if not _owner(name, own)]:
        row = details.pop(name)
        broken.append(replace(row, error=Message("no-title", text_of("no-title"))))
    return own, details, broken


def _said_of(broken: Iterable[Described], names: Mapping[str, set[str]]) -> set[str]:
    found = set()
    for row in broken:
        with suppress(Problem):
            found.add(_name(row.path, names))
    return found


def _within(name: str, folders: Container[str]) -> bool:
    parts = name.split("/")
    return any("/".join(parts[:end]) in folders for end in range(1, len(parts) + 1))


def _names(listing: Listing, files: Sequence[Found]) -> dict[str, set[str]]:
    """What may be written in a table → what it names: with the name of the folder given, or without."""
    names: dict[str, set[str]] = defaultdict(set)
    for file in files:
        parts = file.name.split("/")
        for end in range(1, len(parts) + 1):
            whole = "/".join(parts[:end])
            names[whole].add(whole)
            if parts[0] in listing.roots:
                names["/".join(parts[1:end]) or "."].add(whole)
    return names


def _name(written: str, names: Mapping[str, set[str]]) -> str:
    path = unicodedata.normalize("NFC", written.replace("\\", "/"))
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or ".." in parts or (parts and parts[0].endswith(":")):
        raise Problem("climbs", path=written[:200])
    found = names.get("/".join(parts) or ".", set())
    if not found:
        raise Problem("missing", path=written[:200])
    if len(found) > 1:
        raise Problem("ambiguous", path=written[:200], choices=", ".join(sorted(found)[:_TOLD]))
    return next(iter(found))


def _owner(name: str, own: Container[str]) -> str:
    """The nearest folder (or the file itself) that has a row of a record; "" where there is none."""
    while name:
        if name in own:
            return name
        name = name.rpartition("/")[0]
    return ""


def _members(
    files: Sequence[Found],
    own: Mapping[str, Described],
    details: Mapping[str, Described],
    types: Mapping[str, str],
) -> dict[str, list[Part]]:
    """The files of each record, by its name. Without a row: of a folder for pictures, else of the file."""
    members: dict[str, list[Part]] = defaultdict(list)
    for file in files:
        owner = _owner(file.name, own)
        row = details.get(file.name)
        part = Part(file)
        if row is not None:
            day = row.embargo.isoformat() if row.embargo else ""
            part = Part(file, row.caption, row.licence, row.protocol, day)
        elif owner == file.name:
            part = Part(file, own[owner].caption)
        if not owner:
            picture = file.folder and types[file.name].startswith("image/")
            owner = file.folder if picture else file.name
        members[owner].append(part)
    return members


def _described(
    row: Described, name: str, parts: tuple[Part, ...], defaults: Defaults, types: Mapping[str, str]
) -> Item:
    content = row.content or {}
    fields = dict(content.get("fields", {}))
    if "language" not in fields and defaults.languages:
        fields["language"] = [{"tag": tag} for tag in defaults.languages]
    titles = fields.get("title") or [{}]
    day = row.embargo.isoformat() if row.embargo else ""
    kind = row.kind or defaults.kind or _kind(parts, types)
    key = stored_key(row.key or name)
    return Item(
        row.where, key, str(titles[0].get("value", "")), kind, {**content, "fields": fields}, row.protocol, day, parts
    )  # fmt: skip


def _plain(name: str, parts: tuple[Part, ...], defaults: Defaults, types: Mapping[str, str]) -> Item:
    """A record that no table describes: called as its folder or file is."""
    alone = len(parts) == 1 and parts[0].file.name == name
    base = name.rpartition("/")[2]
    title = (Path(base).stem if alone else base).replace("_", " ").strip() or base
    fields: dict[str, Any] = {"title": [{"value": title}]}
    if defaults.languages:
        fields["language"] = [{"tag": tag} for tag in defaults.languages]
    content = {"v": VERSION, "fields": fields}
    return Item(name, stored_key(name), title, defaults.kind or _kind(parts, types), content, parts=parts)


def _kind(parts: tuple[Part, ...], types: Mapping[str, str]) -> str:
    """What the files look like: several pictures are a book, one a photograph."""
    first = types[parts[0].file.name].partition("/")[0]
    return "book" if first == "image" and len(parts) > 1 else _BY_FILE[first]


def unprotected(made: Iterable[Item]) -> list[Item]:
    """The items with a refusal where they say who may see them: for whoever may not decide that."""

    def says(one: Item | Part) -> bool:
        return bool(one.protocol or one.embargo)

    return [
        replace(item, error=item.error or Problem("protocol-forbidden").message)
        if says(item) or any(map(says, item.parts))
        else item
        for item in made
    ]


# --- as a file ----------------------------------------------------------------------------------------------------


def written(made: Iterable[Item]) -> bytes:
    """The items as lines of JSON."""
    return b"".join(json.dumps(asdict(item), ensure_ascii=False).encode() + b"\n" for item in made)


def read(path: Path) -> Iterator[Item]:
    """The items of such a file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            data = json.loads(line)
            error = data.pop("error")
            parts = tuple(Part(**{**part, "file": Found(**part["file"])}) for part in data.pop("parts"))
            yield Item(**data, parts=parts, error=Message(**error) if error else None)


def day(text: str) -> date | None:
    """A day as an item has it."""
    return date.fromisoformat(text) if text else None
