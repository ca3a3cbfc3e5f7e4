"""The table that says what the files are: a row for each folder or file, by its path.

Its columns are those of tables of records (`library.formats.table`), and besides `path`, `caption`, `protocol`,
`embargo`. A row for a file inside a folder that has a row says caption, licence and protection of that file alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from access.models import Protocol
from dictionary.formats.tables import Row
from jobs.imports.types import ImportRefused, Message
from library.domain.content import Content
from library.formats import table
from library.formats.table import Line, Lookup
from library.imports.source import limits, message_of
from library.ingest.problems import MESSAGES, Problem

_OWN: Final = {
    "path": "path", "file": "path", "folder": "path", "tệp": "path", "tập tin": "path", "thư mục": "path",
    "đường dẫn": "path", "caption": "caption", "chú thích": "caption", "protocol": "protocol", "quy ước": "protocol",
    "embargo": "embargo", "embargo_until": "embargo", "mở từ ngày": "embargo",
}  # fmt: skip


@dataclass(frozen=True)
class Described:
    """A row: its line, the path as written, what it says; `error` is what is wrong with it.

    `content` None: it gives no title, and can only say something of one file of a folder.
    """

    where: str
    path: str
    key: str = ""
    kind: str = ""
    content: Content | None = None
    caption: str = ""
    licence: str = ""
    protocol: int | None = None
    embargo: date | None = None
    error: Message | None = None


def described(path: Path, lookup: Lookup) -> list[Described]:
    """The rows of the table. Raises ImportRefused where the table cannot be used at all."""
    kind = "xlsx" if path.suffix.lower() == ".xlsx" else "csv"
    with table.opened(path, kind, limits(), path.name) as opened:
        mine, theirs = _columns(opened.columns, path.name)
        protocols = dict(Protocol.objects.values_list("slug", "pk"))
        rows = list(opened.rows)
        lines = table.lines(replace(opened, rows=iter(rows)), theirs, path.name, lookup)
        return list(_read(rows, lines, mine, theirs, protocols, path.name))


def _columns(columns: tuple[str, ...], file: str) -> tuple[dict[str, str], dict[str, str]]:
    """Our columns by what they mean, and column → target of those of records."""
    mine: dict[str, str] = {}
    theirs: dict[str, str] = {}
    for column in columns:
        target = _OWN.get(column.strip().lower())
        if target and target not in mine:
            mine[target] = column
        elif guess := table.guessed(column):
            theirs[column] = guess
        elif column:
            known = ", ".join(
                ("path", "caption", "protocol", "embargo", "id", "kind", *sorted(table.PROPERTIES))
            )
            raise ImportRefused(
                Message(
                    "column-unknown", MESSAGES["column-unknown"], {"column": column[:80], "known": known}
                ),
                f"{file}, 1",
            )
    if "path" not in mine:
        params = {"columns": ", ".join(columns)[:300]}
        raise ImportRefused(
            Message("path-column-missing", MESSAGES["path-column-missing"], params), f"{file}, 1"
        )
    return mine, theirs


def _read(
    rows: list[Row], lines: Iterator[Line], mine: Mapping[str, str], theirs: Mapping[str, str],
    protocols: Mapping[str, int], file: str,
) -> Iterator[Described]:  # fmt: skip
    for row, line in zip(rows, lines, strict=True):
        where = f"{file}, {row.line}"
        cells = {name: row.cells.get(column, "").strip() for name, column in mine.items()}
        given = cells.get("path", "")
        licence = next(
            (row.cells.get(column, "").strip() for column, target in theirs.items() if target == "license"),
            "",
        )
        bare = line.error is not None and line.error.code == "no-title"
        if line.error is not None and not bare:
            yield Described(line.error.place, given, error=message_of(line.error))
            continue
        try:
            if not given:
                raise Problem("no-path")
            yield Described(
                where, given, line.key, line.kind, line.content, cells.get("caption", "")[:500], licence[:100],
                _protocol(cells.get("protocol", ""), protocols), _day(cells.get("embargo", "")),
            )  # fmt: skip
        except Problem as problem:
            yield Described(where, given, error=problem.message)


def _protocol(value: str, known: Mapping[str, int]) -> int | None:
    if not value:
        return None
    if value not in known:
        raise Problem("protocol", value=value[:80], known=", ".join(sorted(known))[:300])
    return known[value]


def _day(value: str) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value[:10] if value[10:11] == "T" else value)
    except ValueError:
        raise Problem("embargo", value=value[:80]) from None
