"""Looking at the texts of a file, field by field, for what is in a legacy encoding: for whatever brings files in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from languages.legacy.conversion import convert
from languages.legacy.detection import likely

EVERYWHERE: Final = ""  # the field that means all fields
_ENOUGH: Final = 20_000  # characters of a field; more says nothing new
_SAMPLE: Final = 80


@dataclass(frozen=True)
class Finding:
    """A field whose text looks legacy: the encoding, how sure that is, and a piece of its text before and after."""

    field: str
    name: str
    confidence: float
    before: str
    after: str


class Survey:
    """Collects texts of fields, up to a bound, and says which fields look legacy."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {}
        self._sizes: dict[str, int] = {}

    def add(self, field: str, text: str) -> None:
        """One more text of a field."""
        size = self._sizes.get(field, 0)
        if text and size < _ENOUGH:
            self._texts.setdefault(field, []).append(text)
            self._sizes[field] = size + len(text)

    def findings(self) -> Iterator[Finding]:
        """The fields that look legacy, in the order in which they came."""
        for field, texts in self._texts.items():
            guess = likely("\n".join(texts))
            if guess is not None:
                before = next((text for text in texts if guess.before in text), guess.before)[:_SAMPLE]
                yield Finding(field, guess.name, guess.confidence, before, convert(before, guess.name).text)


def converted(text: str, field: str, wanted: Mapping[str, str]) -> str:
    """The text of a field, converted if a table was chosen for it, or else for all ("" is none).

    Raises LanguageError for a table that there is not.
    """
    name = wanted[field] if field in wanted else wanted.get(EVERYWHERE)
    return convert(text, name).text if name and text else text
