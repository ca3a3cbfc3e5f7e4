"""A CSV or XLSX file as entries, through a column mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from dictionary.formats.items import Item
from dictionary.formats.legacy import codes_of, in_unicode, is_utf8
from dictionary.formats.limits import Limits
from dictionary.formats.mapping import ColumnMapping, fit, guess
from dictionary.formats.rows import RowReader
from dictionary.formats.tables import Row, Table, csv_table, xlsx_table
from dictionary.formats.text import table_encoding


class TableFile:
    """An opened table. Rows say only part of an entry (`partial`): they are laid over what is there."""

    partial = True

    def __init__(
        self,
        path: Path,
        limits: Limits,
        name: str = "",
        *,
        kind: Literal["csv", "xlsx"] = "csv",
        mapping: ColumnMapping | None = None,
        orthography: str = "",
        language: str = "",
        legacy: Mapping[str, str] | None = None,
    ) -> None:
        self.path = path
        self.limits = limits
        self.file = name or path.name
        self.format = kind
        self.given = mapping
        self.orthography = orthography
        self.language = language
        self.legacy = legacy or {}

    def __enter__(self) -> TableFile:
        return self

    def __exit__(self, *_exception: object) -> None:
        return None

    @contextmanager
    def table(self) -> Iterator[Table]:
        """Columns and rows, to be taken once."""
        if self.format == "xlsx":
            with xlsx_table(self.path, self.limits, self.file) as table:
                yield in_unicode(table, self.legacy)
        else:
            delimiter = self.given.delimiter if self.given else ""
            with self.path.open("rb") as head, self.path.open("rb") as whole:
                text = codes_of(whole, self.limits, self.file) if self._in_codes() else None
                table = csv_table(head, whole, self.limits, self.file, delimiter=delimiter, text=text)
                yield in_unicode(table, self.legacy)

    def _in_codes(self) -> bool:
        """Whether the file is to be read as legacy codes: a person said so, and it is nothing better."""
        if not self.legacy:
            return False
        with self.path.open("rb") as stream:
            if table_encoding(stream.read(4096), self.file) != ("utf-8", 0):
                return False
            stream.seek(0)
            return not is_utf8(stream)

    def mapping(self) -> ColumnMapping:
        """What the columns mean: as it was given, else guessed. Raises FileError if that cannot be."""
        with self.table() as table:
            return self._mapping(table)

    @staticmethod
    def guess(table: Table) -> ColumnMapping:
        """What the names of the columns let guess."""
        return guess(table.columns)

    def _mapping(self, table: Table) -> ColumnMapping:
        mapping = self.given or self.guess(table)
        fit(mapping, table.columns, self.file)
        return mapping

    def _reader(self, mapping: ColumnMapping) -> RowReader:
        return RowReader(
            mapping, self.limits, self.file, orthography=self.orthography, language=self.language
        )

    def count(self) -> int:
        """How many rows there are."""
        with self.table() as table:
            return sum(1 for _row in table.rows)

    def items(self) -> Iterator[Item]:
        """The entries, in the order of the rows."""
        with self.table() as table:
            reader = self._reader(self._mapping(table))
            repeated = named_apart(reader, table.rows)
        with self.table() as table:
            yield from reader.items(table.rows, repeated)

    def header(self) -> dict[str, Any]:
        """A table says nothing of itself."""
        return {}


def named_apart(reader: RowReader, rows: Iterator[Row]) -> dict[str, list[int]]:
    """Names that rows give themselves and that stand in more than one place, with the lines of each place."""
    places: dict[str, list[int]] = {}
    before = ""
    for row in rows:
        name = "" if row.error else reader.name(row)
        if name and name != before:
            places.setdefault(name, []).append(row.line)
        before = name
    return {name: lines for name, lines in places.items() if len(lines) > 1}
