"""Chapters of recordings and films as people write them: a line each, a time and a title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from library.domain.moments import said

MOST: Final = 500
_LINE: Final = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2}(?:[.,]\d{1,3})?)\s+(\S.*)\Z")


class ChapterError(ValueError):
    """A line says no chapter. `line` counts from 1; `code` is form, order or many."""

    def __init__(self, line: int, text: str, code: str) -> None:
        super().__init__(f"line {line}: {code}: {text}")
        self.line, self.text, self.code = line, text, code


def parse(text: str) -> list[dict[str, Any]]:
    """The chapters of lines such as `03:15 The drums` or `1:02:00 The way home`; empty lines say nothing.

    Raises ChapterError for a line that is no chapter, or that comes before the one above it.
    """
    found: list[dict[str, Any]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = _LINE.match(line.strip())
        if parts is None or float(parts[3].replace(",", ".")) >= 60 or (parts[1] and int(parts[2]) >= 60):
            raise ChapterError(number, line.strip(), "form")
        seconds = float(parts[3].replace(",", "."))
        start = int(parts[1] or 0) * 3600 + int(parts[2]) * 60 + seconds
        if found and start <= float(found[-1]["start"]):
            raise ChapterError(number, line.strip(), "order")
        if len(found) == MOST:
            raise ChapterError(number, line.strip(), "many")
        found.append({"start": int(start) if start == int(start) else round(start, 3), "title": parts[4]})
    return found


def written(chapters: Sequence[dict[str, Any]]) -> str:
    """The lines that `parse` reads as these chapters."""
    return "\n".join(f"{_time(float(each['start']))} {each['title']}" for each in chapters)


def _time(seconds: float) -> str:
    whole, milli = divmod(round(seconds * 1000), 1000)
    exact = f".{milli:03}".rstrip("0") if milli else ""
    return said(whole, minutes=2) + exact
