"""Just enough of BibTeX to cite a source: author, year, title and address of each entry."""

from __future__ import annotations

import re
from typing import Final

_ENTRY: Final = re.compile(r"^\s*@(\w+)\s*\{\s*([^\s,{}]+)\s*,", re.MULTILINE)
_FIELD: Final = re.compile(
    r"""^\s*(\w+)\s*=\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|"([^"]*)"|([^\s,{}"]+))""", re.MULTILINE
)


def citations(text: str) -> dict[str, str]:
    """Key → "Author (year): Title. Address". Entries that cannot be read are left out."""
    starts = list(_ENTRY.finditer(text))
    found = {}
    for index, start in enumerate(starts):
        end = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        fields = {}
        for match in _FIELD.finditer(text, start.end(), end):
            value = next((each for each in match.groups()[1:] if each is not None), "")
            fields[match.group(1).lower()] = re.sub(r"\s+", " ", re.sub(r"[{}]", "", value)).strip()
        cited = _cited(fields)
        if cited:
            found[start.group(2)] = cited
    return found


def _cited(fields: dict[str, str]) -> str:
    author = fields.get("author") or fields.get("editor", "")
    year = f" ({fields['year']})" if fields.get("year") else ""
    head = f"{author}{year}".strip()
    body = ". ".join(part for part in (fields.get("title", ""), fields.get("url", "")) if part)
    return ": ".join(part for part in (head, body) if part)
