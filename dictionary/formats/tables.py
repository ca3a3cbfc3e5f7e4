"""Tables from outside, CSV or XLSX, as rows of text, each with its place.

CSV: RFC 4180 with a comma, semicolon, tab or bar between cells (found from the first row), in UTF-8 or UTF-16.
XLSX: the first sheet, read without formulas, styles or links.
"""

from __future__ import annotations

import csv
import datetime
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from dictionary.formats.archive import Archive, is_zip
from dictionary.formats.errors import FileError, RowError
from dictionary.formats.limits import Limits
from dictionary.formats.text import decoded, table_encoding

DELIMITERS: Final = (",", "\t", ";", "|")
_OLE: Final = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Row:
    """One row: the line it begins on (from 1), its cells by column; or why it cannot be read."""

    line: int
    cells: dict[str, str]
    error: RowError | None = None


@dataclass(frozen=True)
class Table:
    """The columns of a table and its rows, which can be taken once."""

    columns: tuple[str, ...]
    rows: Iterator[Row]


def csv_table(
    stream: BinaryIO,
    again: BinaryIO,
    limits: Limits,
    file: str,
    *,
    delimiter: str = "",
    text: Iterator[str] | None = None,
) -> Table:
    """A CSV file. `stream` gives its head, `again` the whole. Raises FileError, also while the rows are taken.

    `text`, if it is given, is the whole in characters, when the bytes are in no encoding that is read here.
    """
    head = stream.read(4096)
    if not head.strip(b"\0\r\n\t ,;"):
        raise FileError("empty", file=file)
    for magic, name in ((b"PK\x03\x04", "zip"), (_OLE, "Excel 97"), (b"%PDF", "PDF"), (b"<?xml", "XML")):
        if head.startswith(magic):
            raise FileError("not-format", {"format": "CSV", "detail": f"it is {name}"}, file=file)
    encoding, skip = table_encoding(head, file)
    lines = _lines(text or decoded(again, encoding, skip, limits, file, legacy=True), limits, file)
    first = next(lines, "")
    reader = csv.reader(_chain(first, lines), delimiter=delimiter or sniff(first), strict=True)
    records = _records(reader, file)
    line, header = next(records, (1, []))
    columns = _columns(header, file, line)
    return Table(columns, _rows(records, columns, file))


def sniff(first: str) -> str:
    """The delimiter that cuts the first row into most cells."""

    def cells(delimiter: str) -> int:
        try:
            return len(next(csv.reader([first], delimiter=delimiter), []))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=cells)


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _lines(chunks: Iterator[str], limits: Limits, file: str) -> Iterator[str]:
    """Lines with their ends, cut only at line feeds and carriage returns."""
    left, number, returned = "", 1, False
    for chunk in chunks:
        # A line end of two characters may be torn apart by the end of a chunk.
        if returned and chunk.startswith("\n"):
            chunk = chunk[1:]
        returned = chunk.endswith("\r")
        text = left + chunk.replace("\r\n", "\n").replace("\r", "\n")
        *whole, left = text.split("\n")
        for line in whole:
            yield f"{line}\n"
        number += len(whole)
        if len(left) > limits.entry:
            raise FileError(
                "element-too-large", {"element": "row", "limit": limits.entry // 1024}, file=file, line=number
            )
    if left:
        yield left


def _records(reader: Iterator[list[str]], file: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, with the line each begins on."""
    begun = 1
    while True:
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise FileError("quotes", {"detail": str(error)}, file=file, line=begun) from None
        if record is None:
            return
        if any(cell.strip() for cell in record):
            yield begun, record
        begun = reader.line_num + 1  # type: ignore[attr-defined]


def _columns(header: list[str], file: str, line: int) -> tuple[str, ...]:
    columns = [name.strip() for name in header]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise FileError("no-header", file=file, line=line)
    for index, name in enumerate(columns):
        if name and name in columns[:index]:
            raise FileError("column-twice", {"column": name[:100]}, file=file, line=line)
    return tuple(columns)


def _rows(records: Iterator[tuple[int, list[str]]], columns: tuple[str, ...], file: str) -> Iterator[Row]:
    count = len(columns)
    for line, record in records:
        while len(record) > count and not record[-1].strip():
            record.pop()
        if len(record) != count:
            error = RowError("cells", {"found": len(record), "expected": count}, file=file, line=line)
            yield Row(line, {}, error)
        else:
            yield Row(line, dict(zip(columns, record, strict=True)))


@contextmanager
def xlsx_table(path: Path, limits: Limits, file: str) -> Iterator[Table]:
    """The first sheet of an XLSX workbook, open as long as the context."""
    import openpyxl  # slow to import, and few imports are workbooks

    if not is_zip(path):
        detail = "it is no workbook of Excel 2007 or later"
        raise FileError("not-format", {"format": "XLSX", "detail": detail}, file=file)
    with Archive(path, limits, file) as archive:
        if "[Content_Types].xml" not in archive.members:
            detail = "it is an archive of something else"
            raise FileError("not-format", {"format": "XLSX", "detail": detail}, file=file)
        for name in archive.ending_with(".xml", ".rels"):
            _no_doctype(archive, name, file)
    with path.open("rb") as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        except Exception as error:  # openpyxl raises whatever its parts raise on a broken workbook
            raise _broken(error, file) from None
        if sheet is None:
            raise FileError("empty", file=file)
        try:
            sheet.reset_dimensions()
            records = _sheet(sheet, limits, f"{file}, {sheet.title}")
            line, header = next(records, (1, []))
            if not header:
                raise FileError("empty", file=file)
            columns = _columns(header, file, line)
            yield Table(columns, _padded(records, columns, file))
        finally:
            book.close()


def _padded(records: Iterator[tuple[int, list[str]]], columns: tuple[str, ...], file: str) -> Iterator[Row]:
    """Spreadsheets leave empty cells at the end of a row out."""
    count = len(columns)
    yield from _rows(
        ((line, record + [""] * (count - len(record))) for line, record in records), columns, file
    )


def _sheet(sheet, limits: Limits, file: str) -> Iterator[tuple[int, list[str]]]:  # type: ignore[no-untyped-def]
    size = 0
    rows = sheet.iter_rows(values_only=True)
    number = 0
    while True:
        number += 1
        try:
            values = next(rows, None)
        except Exception as error:  # as above: the sheet is parsed while it is read
            raise _broken(error, file, number) from None
        if values is None:
            return
        record = [_cell(value) for value in values]
        size += sum(map(len, record))
        if size > limits.file:
            raise FileError("too-large", {"limit": limits.file // 2**20}, file=file)
        if any(cell.strip() for cell in record):
            yield number, record


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _no_doctype(archive: Archive, name: str, file: str) -> None:
    """No part of a workbook has a document type: where there is one, it is for harm."""
    needles = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
    with archive.open(name) as stream:
        before = b""
        while data := stream.read(io.DEFAULT_BUFFER_SIZE * 8):
            window = before + data
            if any(needle in window for needle in needles):
                raise FileError("doctype", file=f"{file}/{name}")
            before = data[-32:]


def _broken(error: Exception, file: str, line: int = 0) -> FileError:
    detail = f"{type(error).__name__}: {str(error)[:120]}"
    return FileError("not-format", {"format": "XLSX", "detail": detail}, file=file, line=line)
