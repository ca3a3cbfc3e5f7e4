"""A CLDF word list (https://cldf.clld.org, Wordlist module) as entries: one for each form.

Read from a zip archive with a metadata file (CSVW), or without one when the tables have CLDF's default names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any, Final

from dictionary.formats.archive import Archive
from dictionary.formats.bibtex import citations
from dictionary.formats.errors import FileError, RowError
from dictionary.formats.items import Item
from dictionary.formats.limits import Limits
from dictionary.formats.mapping import ColumnMapping, fit, guess
from dictionary.formats.rows import RowReader
from dictionary.formats.table_file import named_apart
from dictionary.formats.tables import Row, Table, csv_table

_TERMS: Final = "http://cldf.clld.org/v1.0/terms.rdf#"
# Tables and columns of a data set without metadata: CLDF's default names.
_DEFAULTS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "FormTable": (
        "forms.csv",
        {
            "id": "ID", "languageReference": "Language_ID", "parameterReference": "Parameter_ID", "form": "Form",
            "value": "Value", "segments": "Segments", "comment": "Comment", "source": "Source",
        },
    ),
    "LanguageTable": ("languages.csv", {"id": "ID", "name": "Name", "iso639P3code": "ISO639P3code"}),
    "ParameterTable": ("parameters.csv", {"id": "ID", "name": "Name"}),
}  # fmt: skip
# Names for the columns of the rows handed to `RowReader`; no CLDF column is called so.
_ROW: Final = {
    "@id": "id", "@form": "headword", "@orthography": "orthography", "@language": "language", "@ipa": "ipa",
    "@gloss": "gloss:en", "@comment": "note", "@key": "source-id", "@source": "source", "@dialect": "trait:dialect",
    "@value": "field:value", "@segments": "field:segments", "@concept": "trait:concept",
    "@concepticon": "trait:concepticon",
}  # fmt: skip
# Other columns of the form table are kept as traits, but not what the data set's own machinery left there.
_MACHINERY: Final = {"graphemes", "profile", "alignment", "doculect"}

Wanted = Callable[[str, str], bool]


class CldfFile:
    """An opened data set. `wanted(iso, language_id)` chooses languages; without it all are taken."""

    format = "cldf"
    partial = True

    def __init__(
        self,
        path: Path,
        limits: Limits,
        name: str = "",
        *,
        orthography: str = "",
        language: str = "",
        wanted: Wanted | None = None,
    ) -> None:
        self.limits = limits
        self.name = name or path.name
        self.orthography = orthography
        self.language = language
        self.wanted = wanted
        self.archive = Archive(path, limits, self.name)
        try:
            self.folder, self.metadata = self._metadata()
            self.languages = self._keyed("LanguageTable")
            self.parameters = self._keyed("ParameterTable")
            self.sources = self._sources()
            name = self._table("FormTable")[0]
            if name not in self.archive.members:
                raise FileError("table-missing", {"table": name}, file=self.name)
        except BaseException:
            self.archive.__exit__()
            raise
        self.file = f"{self.name}/{name}"

    def __enter__(self) -> CldfFile:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.archive.__exit__()

    def _metadata(self) -> tuple[str, dict[str, Any]]:
        for name in self.archive.ending_with("metadata.json"):
            try:
                data = json.loads(self.archive.read(name))
            except (ValueError, RecursionError) as error:
                raise FileError(
                    "metadata", {"detail": str(error)[:200]}, file=f"{self.name}/{name}"
                ) from None
            if not isinstance(data, dict) or not isinstance(data.get("tables"), list):
                continue
            module = str(data.get("dc:conformsTo", "")).rpartition("#")[2]
            if module not in ("Wordlist", "Dictionary"):
                continue
            tables = {_term(table) for table in data["tables"] if isinstance(table, dict)}
            if "FormTable" not in tables:
                raise FileError("metadata", {"detail": "it has no FormTable"}, file=f"{self.name}/{name}")
            return _folder(name), data
        forms = self.archive.only("CLDF", "forms.csv")
        return _folder(forms), {}

    def _table(self, term: str) -> tuple[str, dict[str, str], dict[str, Any]]:
        """The member, the columns by term, and the dialect of a table; no member if there is no such table."""
        if not self.metadata:
            name, columns = _DEFAULTS[term]
            return self._member(name), dict(columns), {}
        for table in self.metadata["tables"]:
            if isinstance(table, dict) and _term(table) == term:
                schema = table.get("tableSchema")
                described = schema.get("columns") if isinstance(schema, dict) else None
                found = {}
                for column in described if isinstance(described, list) else []:
                    if isinstance(column, dict) and isinstance(column.get("name"), str):
                        found[str(column.get("propertyUrl", "")).removeprefix(_TERMS)] = column["name"]
                dialect = table.get("dialect") or self.metadata.get("dialect") or {}
                return (
                    self._member(str(table.get("url", ""))),
                    found,
                    dialect if isinstance(dialect, dict) else {},
                )
        return "", {}, {}

    def _member(self, name: str) -> str:
        return f"{self.folder}{name}"

    def _open(self, stack: ExitStack, name: str, dialect: Mapping[str, Any]) -> Table:
        if name not in self.archive.members:
            raise FileError("table-missing", {"table": name}, file=self.name)
        head = stack.enter_context(self.archive.open(name))
        whole = stack.enter_context(self.archive.open(name))
        delimiter = dialect.get("delimiter", ",")
        one = delimiter if isinstance(delimiter, str) and len(delimiter) == 1 else ","
        return csv_table(head, whole, self.limits, f"{self.name}/{name}", delimiter=one)

    def _keyed(self, term: str) -> dict[str, dict[str, str]]:
        """A table by its ids; terms that are known are keys, the other columns under their own names."""
        name, columns, dialect = self._table(term)
        if not name or (not self.metadata and name not in self.archive.members):
            return {}
        by_name = {column: known for known, column in columns.items() if not known.startswith("http")}
        with ExitStack() as stack:
            found = {}
            for row in self._open(stack, name, dialect).rows:
                if row.error:
                    raise FileError(row.error.code, row.error.params, file=row.error.file, line=row.line)
                cells = {by_name.get(column, column): value.strip() for column, value in row.cells.items()}
                found[cells.get("id", "")] = cells
            return found

    def _sources(self) -> dict[str, str]:
        name = self._member(str(self.metadata.get("dc:source") or "sources.bib"))
        if name not in self.archive.members:
            return {}
        return citations(self.archive.read(name).decode("utf-8", "replace"))

    def _rows(self, stack: ExitStack) -> tuple[Iterator[Row], ColumnMapping]:
        name, columns, dialect = self._table("FormTable")
        table = self._open(stack, name, dialect)
        if not self.metadata and columns["id"] not in table.columns:
            # No CLDF, but a table beside others: its columns mean what their names say.
            mapping = guess(table.columns)
            fit(mapping, table.columns, self.file)
            return self._chosen(table.rows, mapping), mapping
        for term in ("id", "form"):
            if columns.get(term) not in table.columns:
                params = {"column": columns.get(term, term), "columns": ", ".join(table.columns)[:500]}
                raise FileError("column-missing", params, file=self.file, line=1)
        known = {column: term for term, column in columns.items()}
        rest = [each for each in table.columns if not self._understood(known.get(each, ""), each)]
        traits = {f"+{each}": f"trait:{each.lower().replace('_', '-')}" for each in rest if each}
        glosses = self._glosses()
        mapping = ColumnMapping(
            {**_ROW, **{f"@{column}": target for column, target in glosses.items()}, **traits}
        )
        return self._joined(table, columns, rest, glosses), mapping

    def _chosen(self, rows: Iterator[Row], mapping: ColumnMapping) -> Iterator[Row]:
        """The rows of the languages that were asked for, by the column that names the language."""
        column = next((name for name, target in mapping.columns.items() if target == "language"), "")
        for row in rows:
            if row.error or not (column and self.wanted) or self.wanted(row.cells[column].strip(), ""):
                yield row

    @staticmethod
    def _understood(term: str, column: str) -> bool:
        return term in _DEFAULTS["FormTable"][1] or column.lower() in _MACHINERY

    def _glosses(self) -> dict[str, str]:
        """Columns of the parameter table that gloss a concept in another language: name → target."""
        first: Sequence[str] = next((list(cells) for cells in self.parameters.values()), [])
        found = guess([column for column in first if column not in ("id", "name")]).columns
        return {
            column: target
            for column, target in found.items()
            if target.startswith("gloss:") and target != "gloss:en"
        }

    def _joined(
        self, table: Table, columns: Mapping[str, str], rest: Sequence[str], glosses: Mapping[str, str]
    ) -> Iterator[Row]:
        phonetic = columns.get("segments") in table.columns
        for row in table.rows:
            if row.error:
                yield row
                continue
            cells = {term: row.cells.get(column, "").strip() for term, column in columns.items()}
            language_id, concept = cells.get("languageReference", ""), cells.get("parameterReference", "")
            language = self.languages.get(language_id, {})
            iso = language.get("iso639P3code", "")
            if self.wanted and not self.wanted(iso, language_id):
                continue
            error = self._dangling(row, language_id, concept)
            if error:
                yield Row(row.line, {}, error)
                continue
            code = (iso if self.wanted is None else "") or self.language or iso
            tag = self.orthography or f"{code or 'und'}{'-fonipa' if phonetic else ''}"
            parameter = self.parameters.get(concept, {})
            key = re.split(r"[;\[]", cells.get("source", ""))[0].strip()
            said = {
                "@id": cells.get("id", ""),
                "@form": cells.get("form", "").replace("_", " ") if phonetic else cells.get("form", ""),
                "@orthography": tag,
                "@language": code,
                "@ipa": "".join(cells.get("segments", "").replace("+", " ").split()),
                "@gloss": parameter.get("name", ""),
                "@comment": cells.get("comment", ""),
                "@key": key,
                "@source": self.sources.get(key, ""),
                "@dialect": language_id if len(self.languages) > 1 else "",
                "@value": cells.get("value", "") if cells.get("value") != cells.get("form") else "",
                "@segments": cells.get("segments", ""),
                "@concept": concept,
                "@concepticon": parameter.get("concepticonReference", ""),
                **{f"@{column}": parameter.get(column, "") for column in glosses},
                **{f"+{column}": row.cells.get(column, "") for column in rest},
            }
            yield Row(row.line, said)

    def _dangling(self, row: Row, language_id: str, concept: str) -> RowError | None:
        for value, table, term in (
            (language_id, self.languages, "LanguageTable"),
            (concept, self.parameters, "ParameterTable"),
        ):
            if table and value and value not in table:
                params = {"value": value[:100], "table": term}
                return RowError("unknown-reference", params, file=self.file, line=row.line)
        return None

    def _reader(self, mapping: ColumnMapping) -> RowReader:
        return RowReader(
            mapping, self.limits, self.file, orthography=self.orthography, language=self.language
        )

    def count(self) -> int:
        """How many forms there are."""
        with ExitStack() as stack:
            return sum(1 for _row in self._rows(stack)[0])

    def items(self) -> Iterator[Item]:
        """The forms as entries, in the order of the form table."""
        with ExitStack() as stack:
            rows, mapping = self._rows(stack)
            reader = self._reader(mapping)
            repeated = named_apart(reader, rows)
        with ExitStack() as stack:
            rows, _mapping = self._rows(stack)
            yield from reader.items(rows, repeated)

    def header(self) -> dict[str, Any]:
        """Nothing that an export would need."""
        return {}

    def about(self) -> dict[str, str]:
        """What the data set says of itself: title, licence, citation, address."""
        keys = {"title": "dc:title", "licence": "dc:license", "citation": "dc:bibliographicCitation",
                "source_url": "dcat:accessURL"}  # fmt: skip
        return {
            key: str(self.metadata[name])
            for key, name in keys.items()
            if isinstance(self.metadata.get(name), str)
        }


def _term(table: Mapping[str, Any]) -> str:
    return str(table.get("dc:conformsTo", "")).removeprefix(_TERMS)


def _folder(name: str) -> str:
    parent = PurePosixPath(name).parent.as_posix()
    return "" if parent == "." else f"{parent}/"
