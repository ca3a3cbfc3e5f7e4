"""Which column of a table means what: from a mapping file, or guessed from the names of the columns.

A mapping file is TOML or JSON:

    orthography = "vi-Latn"            # of the headwords, where no column says it
    key = ["Number"]                   # the columns that name a row for ever, if there are such
    [columns]
    "Word" = "headword"                # or "headword:TAG"
    "Meaning" = "gloss:vi"

The targets are those of `TARGETS`; `docs/formats.md` explains each.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dictionary.formats.errors import FileError

# Each target, and what stands after its colon: nothing, a language tag, or a name; with "?" it may be left out.
TARGETS: Final[Mapping[str, str]] = {
    "headword": "tag?",
    "orthography": "",
    "headword2": "",
    "orthography2": "",
    "language": "",
    "citation": "tag?",
    "variant": "tag?",
    "gloss": "tag",
    "own-gloss": "tag",
    "definition": "tag",
    "ipa": "tag?",
    "pos": "",
    "domain": "",
    "note": "name?",
    "field": "name",
    "trait": "name",
    "example": "tag?",
    "example-translation": "tag",
    "example-source": "",
    "source": "",
    "source-id": "",
    "source-url": "",
    "source-licence": "",
    "source-citation": "",
    "audio": "",
    "picture": "",
    "guid": "",
    "lift-id": "",
    "id": "",
    "": "",
}
_TAG: Final = re.compile(r"(?:[A-Za-z]{2,8}|[xiXI])(?:-[A-Za-z0-9]{1,8})*\Z")

# Names of columns in files that are about, in small letters, with one space between words.
_GUESSES: Final[Mapping[str, str]] = {
    target: name
    for name, targets in {
        "headword": "headword|form|word|lexeme|lemma|entry|term|từ|mục từ|từ mục|chữ",
        "orthography": "orthography|writing system|script tag|chính tả|hệ chữ",
        "headword2": "form2|headword2|second form",
        "orthography2": "form2 orthography|headword2 orthography|orthography2",
        "language": "lang|language|iso639 3|iso639p3code|iso 639 3|language code|ngôn ngữ",
        "gloss:vi": "vietnamese|vietnamese gloss|tiếng việt|nghĩa|nghĩa tiếng việt|nghĩa việt|việt",
        "gloss:en": "english|tiếng anh|nghĩa tiếng anh|anh|gloss|meaning|concept",
        "gloss:fr": "french|french gloss|tiếng pháp|pháp",
        "gloss:zh": "chinese|chinese gloss|tiếng trung",
        "ipa": "ipa|pronunciation|phonetic|phiên âm|phát âm",
        "pos": "pos|part of speech|word class|grammatical info|từ loại",
        "domain": "domain|semantic domain|lĩnh vực|trường nghĩa|chủ đề",
        "note": "note|notes|comment|annotation|remarks|ghi chú|chú thích",
        "example": "example|sentence|ví dụ",
        "source": "source|source title|nguồn",
        "source-id": "source id",
        "source-url": "source url|source address|url",
        "source-licence": "source licence|source license",
        "source-citation": "source citation|reference",
        "trait:quality": "quality",
        "trait:loan": "loan",
        "trait:cognacy": "cognacy",
        "audio": "audio|sound|recording|âm thanh",
        "picture": "picture|image|hình|hình ảnh",
        "guid": "guid|uuid",
        "lift-id": "lift id",
        "id": "id",
    }.items()
    for target in targets.split("|")
}
_PATTERNS: Final = (
    (re.compile(r"gloss ([a-z]{2,3}) own"), "own-gloss:{}"),
    (re.compile(r"gloss ([a-z]{2,3})"), "gloss:{}"),
    (re.compile(r"definition ([a-z]{2,3})"), "definition:{}"),
    (re.compile(r"example ([a-z]{2,3})"), "example-translation:{}"),
    (re.compile(r"([a-z]{2,3}) gloss"), "gloss:{}"),
)
_KNOWN_KEYS: Final = {"columns", "orthography", "language", "key", "delimiter"}


@dataclass(frozen=True)
class ColumnMapping:
    """What each column means (`columns`: name → target), and what holds for all rows."""

    columns: Mapping[str, str]
    orthography: str = ""
    language: str = ""
    key: tuple[str, ...] = ()
    delimiter: str = ""
    guessed: bool = field(default=False, compare=False)

    def as_json(self) -> dict[str, Any]:
        """The mapping as a mapping file would have it."""
        return {
            "columns": dict(self.columns), "orthography": self.orthography, "language": self.language,
            "key": list(self.key), "delimiter": self.delimiter,
        }  # fmt: skip


def load(text: str, file: str) -> ColumnMapping:
    """A mapping from the text of a TOML or JSON file. Raises FileError with the key that is wrong."""
    try:
        data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except json.JSONDecodeError as error:
        raise FileError(
            "mapping", {"key": "JSON", "detail": error.msg}, file=file, line=error.lineno
        ) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FileError("mapping", {"key": "TOML", "detail": str(error)}, file=file) from None
    return from_json(data, file)


def from_json(data: Any, file: str) -> ColumnMapping:
    """A mapping from plain data, as `ColumnMapping.as_json` gives it."""
    if not isinstance(data, dict) or not isinstance(data.get("columns"), dict) or not data["columns"]:
        raise _wrong("columns", "a table of columns is expected", file)
    for key in data.keys() - _KNOWN_KEYS:
        raise _wrong(str(key)[:50], "this is not known", file)
    for name, target in data["columns"].items():
        problem = _problem(target)
        if problem:
            raise _wrong(f"columns.{name}"[:100], problem, file)
    for key in ("orthography", "language"):
        tag = data.get(key, "")
        if not isinstance(tag, str) or (tag and not _TAG.match(tag)):
            raise _wrong(key, f"“{str(tag)[:50]}” is not a language tag", file)
    names = data.get("key", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise _wrong("key", "a list of columns is expected", file)
    delimiter = data.get("delimiter", "")
    if not isinstance(delimiter, str) or len(delimiter) > 1 or delimiter in ('"', "\r", "\n"):
        raise _wrong("delimiter", "one character is expected", file)
    return ColumnMapping(
        dict(data["columns"]), data.get("orthography", ""), data.get("language", ""), tuple(names), delimiter
    )


def _wrong(key: str, detail: str, file: str) -> FileError:
    return FileError("mapping", {"key": key, "detail": detail}, file=file)


def _problem(target: object) -> str:
    """What is wrong with a target; empty when it is right."""
    if not isinstance(target, str):
        return "a text is expected"
    name, colon, rest = target.partition(":")
    kind = TARGETS.get(name)
    if kind is None:
        return f"“{name[:50]}” is not known"
    if not kind and colon:
        return f"nothing may stand after “{name}”"
    if kind.startswith("tag") and rest and not _TAG.match(rest):
        return f"“{rest[:50]}” is not a language tag"
    if kind in ("tag", "name") and not rest:
        return f"something must stand after “{name}:”"
    return ""


def guess(columns: Sequence[str]) -> ColumnMapping:
    """What the columns mean, as far as their names tell; columns that are not understood mean nothing.

    A name that is a target itself (`gloss:vi`) means that target. Of two columns with the same meaning the first
    wins: a form has one place.
    """
    found: dict[str, str] = {}
    for column in columns:
        target = _guess(column)
        if target and target in found.values():
            target = ""
        found[column] = target
    return ColumnMapping(found, guessed=True)


def _guess(column: str) -> str:
    if ":" in column and not _problem(column.strip()):
        return column.strip()
    plain = re.sub(r"[\s_\-./]+", " ", column.strip().lower())
    if plain in TARGETS and not TARGETS[plain]:
        return plain
    if plain in _GUESSES:
        return _GUESSES[plain]
    for pattern, target in _PATTERNS:
        match = pattern.fullmatch(plain)
        if match:
            return target.format(match.group(1))
    return ""


def fit(mapping: ColumnMapping, columns: Sequence[str], file: str) -> None:
    """Check that a mapping and a table belong together. Raises FileError, naming the column."""
    shown = ", ".join(name for name in columns if name)[:500]
    for column in (*mapping.columns, *mapping.key):
        if column not in columns:
            raise FileError("column-missing", {"column": column[:100], "columns": shown}, file=file, line=1)
    names = {target.partition(":")[0] for target in mapping.columns.values()}
    if not names & {"headword", "headword2"}:
        code = "no-headword-column" if any(mapping.columns.values()) else "no-header"
        raise FileError(code, {"columns": shown}, file=file, line=1)
