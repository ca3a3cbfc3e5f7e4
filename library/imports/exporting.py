"""Records as a file: MARC 21 in ISO 2709 or MARCXML, each over its original; or a table."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, Final

from django.db.models import QuerySet
from openpyxl import Workbook

from library.domain import vocabulary
from library.domain.content import Content
from library.formats import iso2709, marcxml
from library.formats.errors import RecordError
from library.formats.marc import Field
from library.formats.marc import Record as Marc
from library.formats.marc_read import Held
from library.formats.marc_write import empty, written
from library.formats.table import PROPERTIES, SEPARATOR
from library.imports.models import Original
from library.models import Record

FORMATS: Final = ("marc", "marcxml", "csv", "xlsx")
_BATCH: Final = 200


@dataclass(frozen=True)
class Outcome:
    """How many records were written, and those that did not fit the format: title and why."""

    records: int
    refused: tuple[tuple[str, str], ...]


def export(records: QuerySet[Record], kind: str, path: Path) -> Outcome:
    """Write the records to a file, whole or not at all. Raises OSError."""
    with NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            outcome = _WRITERS[kind](file, records)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    Path(file.name).replace(path)
    path.chmod(0o644)
    return outcome


def _batches(records: QuerySet[Record]) -> Iterator[list[Record]]:
    last = 0
    ordered = records.order_by("pk")
    while batch := list(ordered.filter(pk__gt=last)[:_BATCH]):
        last = batch[-1].pk
        yield batch


def named(contents: Sequence[Content]) -> list[Content]:
    """The contents with the names of what they refer to as values; nodes that have a value keep it."""
    rows = vocabulary.rows(contents)

    def node(one: Mapping[str, Any]) -> dict[str, Any]:
        for key in vocabulary.MODELS:
            row = rows.get((key, one.get(key))) if key in one else None
            if row is not None:
                return {**one, "value": str(row.label if key == "concept" else row.name)}
        return dict(one)

    return [
        {
            **content,
            "fields": {name: [node(one) for one in nodes] for name, nodes in content["fields"].items()},
        }
        for content in contents
    ]


# --- MARC -----------------------------------------------------------------------------------------------------------


def _marc(file: IO[bytes], records: QuerySet[Record]) -> Outcome:
    return _each(file, records, "marc", lambda marc: iso2709.write(marc))


def _marcxml(file: IO[bytes], records: QuerySet[Record]) -> Outcome:
    file.write(marcxml.HEAD)
    outcome = _each(file, records, "marcxml", lambda marc: marcxml.write(marc) + b"\n")
    file.write(marcxml.TAIL)
    return outcome


def _each(file: IO[bytes], records: QuerySet[Record], kind: str, write: Callable[[Marc], bytes]) -> Outcome:
    count = 0
    refused: list[tuple[str, str]] = []
    for batch in _batches(records.prefetch_related("holdings")):
        originals = {row.record_id: row for row in Original.objects.filter(record__in=batch)}
        for record, content in zip(batch, named([record.content for record in batch]), strict=True):
            try:
                file.write(write(marc_of(record, content, originals.get(record.pk), kind)))
                count += 1
            except RecordError as error:
                refused.append((str(record), str(error)))
    return Outcome(count, tuple(refused))


def marc_of(record: Record, content: Content, original: Original | None, kind: str) -> Marc:
    """The record in MARC: its original with what changed here, or a new one with our ARK as its number."""
    held = [Held(c.institution, c.location, c.call_number, c.item_id, c.note) for c in record.holdings.all()]
    if original is None or original.format not in ("marc", "marcxml"):
        base = empty(record.kind)
        base = Marc(base.leader, (Field("001", data=record.ark), *base.fields))
        return written(content, base, held)
    data = bytes(original.data)
    base = iso2709.parse(data)[0] if original.format == "marc" else marcxml.parse(data)
    if original.format == kind:
        return written(content, base, held)
    # Another form than it came in: the same fields, written anew in UTF-8.
    bare = iso2709.bare(written(content, base, held))
    return Marc(bare.leader[:9] + "a" + bare.leader[10:], bare.fields)


# --- tables -----------------------------------------------------------------------------------------------------


def columns(records: QuerySet[Record]) -> list[str]:
    """The columns that these records need: `id`, `kind`, and properties with the languages and roles in use."""
    found: set[str] = set()
    for batch in _batches(records):
        for content in named([record.content for record in batch]):
            for name, nodes in content["fields"].items():
                if name in PROPERTIES:
                    found |= {_column(name, node) for node in nodes}
    order = ["title", "alternative", "creator", "contributor"]
    return [
        "id",
        "kind",
        *sorted(
            found,
            key=lambda one: (
                order.index(one.partition(":")[0]) if one.partition(":")[0] in order else 9,
                one,
            ),
        ),
    ]


def _column(name: str, node: Mapping[str, Any]) -> str:
    more = node.get("role", "") if name in ("creator", "contributor") else node.get("lang", "")
    return f"{name}:{more}" if more and name not in ("date", "language") else name


def _rows(records: QuerySet[Record], names: Sequence[str]) -> Iterator[list[str]]:
    for batch in _batches(records):
        keys = dict(Original.objects.filter(record__in=batch).values_list("record", "key"))
        for record, content in zip(batch, named([record.content for record in batch]), strict=True):
            cells = {"id": keys.get(record.pk, record.ark), "kind": record.kind}
            for name, nodes in content["fields"].items():
                for node in nodes:
                    value = (
                        node.get("edtf") or node.get("tag") or node.get("people") or node.get("value") or ""
                    )
                    column = _column(name, node)
                    cells[column] = f"{cells[column]}{SEPARATOR}{value}" if column in cells else str(value)
            yield [cells.get(name, "") for name in names]


def _csv(file: IO[bytes], records: QuerySet[Record]) -> Outcome:
    names, count = columns(records), 0

    class Lines:
        """What the csv module writes to."""

        def write(self, text: str) -> int:
            return file.write(text.encode("utf-8"))

    writer = csv.writer(Lines())
    writer.writerow(names)
    for row in _rows(records, names):
        writer.writerow(row)
        count += 1
    return Outcome(count, ())


def _xlsx(file: IO[bytes], records: QuerySet[Record]) -> Outcome:
    names, count = columns(records), 0
    book = Workbook(write_only=True)
    sheet = book.create_sheet("records")
    sheet.append(names)
    for row in _rows(records, names):
        # A cell that begins with = is text here, never a formula.
        sheet.append([_cell(sheet, text) if text.startswith("=") else text for text in row])
        count += 1
    book.save(file)
    return Outcome(count, ())


def _cell(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


_WRITERS: Final = {"marc": _marc, "marcxml": _marcxml, "csv": _csv, "xlsx": _xlsx}
