"""What a person asked for when importing a file, and opening the file accordingly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from dictionary.formats.errors import FileError, RowError
from dictionary.formats.mapping import ColumnMapping, from_json
from dictionary.formats.opening import LexiconFile, opened
from dictionary.imports.settings import limits
from jobs.imports.types import ImportRefused, Message
from languages import LanguageError, registry


@dataclass(frozen=True)
class Wish:
    """The parameters of an import: into which lexicon, in which format, and what holds for all rows of a table.

    `new` holds the fields of a lexicon that is made when the first rows are written; `lexicon` is 0 then. `first`
    is the number that entries of a table count from, so that they come after those that are there. `legacy` says
    which columns of a table, or languages of the texts of other files, are in an encoding from before Unicode ("" is
    all of them).
    """

    lexicon: int
    format: str
    orthography: str = ""
    language: str = ""
    only: str = ""
    mapping: ColumnMapping | None = None
    first: int = 0
    new: Mapping[str, Any] | None = None
    legacy: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> Wish:
        """The wish that is stored with a run."""
        mapping = params.get("mapping")
        return cls(
            lexicon=params["lexicon"],
            format=params["format"],
            orthography=params.get("orthography", ""),
            language=params.get("language", ""),
            only=params.get("only", ""),
            mapping=from_json(mapping, "") if mapping else None,
            first=params.get("first", 0),
            new=params.get("new"),
            legacy=params.get("legacy") or {},
        )

    def as_params(self) -> dict[str, Any]:
        """The wish as it is stored with a run."""
        return {
            "lexicon": self.lexicon, "format": self.format, "orthography": self.orthography,
            "language": self.language, "only": self.only, "first": self.first,
            "mapping": self.mapping.as_json() if self.mapping else None,
            "new": dict(self.new) if self.new else None,
            "legacy": dict(self.legacy),
        }  # fmt: skip

    def open(self, path: Path, name: str) -> AbstractContextManager[LexiconFile]:
        """The file, open as long as the context. Raises FileError, also while it is read."""
        return opened(
            self.format, path, limits(), name=name, mapping=self.mapping, orthography=self.orthography,
            language=self.language, wanted=chooser(self.only) if self.only else None,
            legacy=self.legacy,
        )  # fmt: skip


def chooser(language: str) -> Callable[[str, str], bool]:
    """Whether a language of a word list (ISO code, its own id) is the one asked for, aliases included."""
    wanted = code_of(language)

    def is_wanted(iso: str, language_id: str) -> bool:
        return language_id == language or (bool(iso) and code_of(iso) == wanted)

    return is_wanted


@lru_cache(maxsize=1024)
def code_of(tag: str) -> str:
    """The code under which a language is known here; the tag itself if it is not well-formed."""
    try:
        return registry().profile(tag).code
    except LanguageError:
        return tag


def message_of(error: FileError | RowError) -> Message:
    """An error of a file as the import machinery stores it: untranslated, with its values."""
    from dictionary.formats.errors import MESSAGES

    return Message(error.code, MESSAGES[error.code], error.params)


def refusal(error: FileError) -> ImportRefused:
    """An error of the whole file as the import machinery takes it."""
    return ImportRefused(message_of(error), error.place)
