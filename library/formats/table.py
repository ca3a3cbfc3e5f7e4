"""Records as rows of a table, CSV or XLSX: what the columns mean, and the content of each row.

A column says a property (`title`, `creator`, `subject`, …), with a language tag (`title:vi`) or, for `creator` and
`contributor`, a role (`creator:pht`); or `id`, `kind`. Several values stand in one cell with `|` between them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dictionary.formats.legacy import in_unicode
from dictionary.formats.limits import Limits as TableLimits
from dictionary.formats.tables import Row, Table, csv_table, xlsx_table
from library.domain.content import VERSION, Content, Node
from library.domain.edtf import EdtfError, span
from library.formats.errors import FileError, RecordError
from library.formats.limits import Limits

SEPARATOR: Final = "|"
PROPERTIES: Final = frozenset((
    "title", "alternative", "creator", "contributor", "publisher", "date", "language", "people", "coverage", "subject",
    "description", "identifier", "extent", "format", "type", "source", "relation", "provenance", "rights", "license",
))  # fmt: skip
# Which vocabulary the values of a property are looked up in, by their names.
REFERENCES: Final = {
    "creator": "agent", "contributor": "agent", "subject": "concept", "coverage": "place", "people": "people",
}  # fmt: skip
_ROLES: Final = ("creator", "contributor")
# Names of columns as people write them, in Vietnamese and English.
_NAMES: Final = {
    "id": "id", "mã": "id", "kind": "kind", "loại": "kind", "nhan đề": "title", "tiêu đề": "title", "tên": "title",
    "tác giả": "creator", "author": "creator", "chủ đề": "subject", "từ khóa": "subject", "ngôn ngữ": "language",
    "năm": "date", "ngày": "date", "year": "date", "mô tả": "description", "dân tộc": "people", "place": "coverage",
    "địa điểm": "coverage", "nơi": "coverage", "nhà xuất bản": "publisher", "giấy phép": "license", "quyền": "rights",
    "licence": "license", "nguồn": "source", "định danh": "identifier", "khổ": "extent",
}  # fmt: skip

# (vocabulary, name) → the keys of those that are called so.
Lookup = Callable[[str, str], list[int | str]]


@dataclass(frozen=True)
class Line:
    """A row as it was read: its line, its name for ever (`id`), its kind, and its content or what is wrong with it."""

    line: int
    key: str = ""
    kind: str = ""
    content: Content | None = None
    error: RecordError | None = None


def mapping_of(path: Path) -> dict[str, str]:
    """The mapping in a TOML file: `[columns]`, name of the column → target. Raises FileError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FileError("unreadable", {"detail": error.strerror or str(error)}, file=str(path)) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileError("mapping", {"key": "", "detail": str(error)[:200]}, file=path.name) from None
    columns = data.get("columns")
    if not isinstance(columns, dict) or not all(isinstance(each, str) for each in columns.values()):
        raise FileError("mapping", {"key": "columns", "detail": 'name = "target"'}, file=path.name)
    return dict(columns)


def fitted(columns: tuple[str, ...], given: Mapping[str, str] | None, file: str) -> dict[str, str]:
    """Column → target: as given, else by the names. Raises FileError for a column or a target that is not there."""
    if given is None:
        targets = {name: guessed(name) for name in columns}
        found = {name: target for name, target in targets.items() if target}
    else:
        found = dict(given)
        for name, target in found.items():
            if name not in columns:
                raise FileError("column-missing", {"column": name, "columns": ", ".join(columns)}, file=file)
            if not is_target(target):
                raise FileError("target-unknown", {"column": name, "target": target}, file=file)
    if not any(target.partition(":")[0] == "title" for target in found.values()):
        raise FileError("title-column-missing", {"columns": ", ".join(columns)[:300]}, file=file, line=1)
    return found


def is_target(text: str) -> bool:
    """Whether a column may mean this: a property (`title`, `title:vi`), `id` or `kind`."""
    return text in ("id", "kind") or text.partition(":")[0] in PROPERTIES


def guessed(name: str) -> str:
    """What a column means by its name; "" for one that is not known."""
    base, colon, rest = name.strip().partition(":")
    target = _NAMES.get(base.lower(), base.lower())
    if target in ("id", "kind"):
        return target
    return f"{target}{colon}{rest}" if target in PROPERTIES else ""


@contextmanager
def opened(
    path: Path, kind: str, limits: Limits, file: str, legacy: Mapping[str, str] | None = None
) -> Iterator[Table]:
    """The table, open as long as the context; columns in an encoding from before Unicode are converted."""
    bounds = TableLimits(file=limits.file, entry=limits.record)
    if kind == "xlsx":
        with xlsx_table(path, bounds, file) as table:
            yield in_unicode(table, legacy or {})
    else:
        with path.open("rb") as head, path.open("rb") as whole:
            yield in_unicode(csv_table(head, whole, bounds, file), legacy or {})


def lines(table: Table, given: Mapping[str, str] | None, file: str, lookup: Lookup) -> Iterator[Line]:
    """The rows of a table as records. Raises FileError, also while it is read."""
    targets = fitted(table.columns, given, file)
    for row in table.rows:
        if row.error is not None:
            error = RecordError(row.error.code, row.error.params, file=file, line=row.line)
            yield Line(row.line, error=error)
            continue
        try:
            yield _line(row, targets, file, lookup)
        except RecordError as error:
            yield Line(row.line, error=error)


def _line(row: Row, targets: Mapping[str, str], file: str, lookup: Lookup) -> Line:
    fields: dict[str, list[Node]] = {}
    named = {"id": "", "kind": ""}
    for column, target in targets.items():
        cell = row.cells.get(column, "").strip()
        if target in named:
            named[target] = cell
            continue
        name, _colon, more = target.partition(":")
        for value in filter(None, (part.strip() for part in cell.split(SEPARATOR))):
            try:
                fields.setdefault(name, []).append(_node(name, more, value, lookup))
            except RecordError as error:
                raise RecordError(error.code, error.params, file=file, line=row.line, field=column) from None
    if not fields.get("title"):
        raise RecordError("no-title", file=file, line=row.line)
    return Line(row.line, named["id"], named["kind"], {"v": VERSION, "fields": fields})


def _node(name: str, more: str, value: str, lookup: Lookup) -> Node:
    if name == "language":
        return {"tag": value}
    if name == "date":
        try:
            span(value)
        except EdtfError:
            raise RecordError("edtf", {"value": value[:80]}) from None
        return {"edtf": value}
    node: Node = {"value": value}
    kind = REFERENCES.get(name)
    if kind:
        found = lookup(kind, value)
        if len(found) > 1:
            raise RecordError("reference-several", {"value": value[:80], "kind": kind})
        if found:
            node = {kind: found[0]}
        elif kind == "people":
            raise RecordError("reference-unknown", {"value": value[:80], "kind": kind})
    if more and name in _ROLES:
        node["role"] = more
    elif more and "value" in node:
        node["lang"] = more
    return node


def is_number(value: str) -> bool:
    """Whether a cell names a people by its number in the official list."""
    return bool(re.fullmatch(r"\d{1,2}", value))
