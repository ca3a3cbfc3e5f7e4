"""The structure of keyboard files (`keyboard.schema.json`, which editors read too), and where their keys stand."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

SCHEMA_FILE: Final = Path(__file__).with_name("keyboard.schema.json")
FRAGMENT_KEYS: Final = ("sets", "transform", "backspace", "source")

_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY: Final = re.compile(
    r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=\s*(.*)$"""
)
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"|' + r"'[^']*'")


@cache
def keyboard_schema() -> Mapping[str, Any]:
    """The schema of a keyboard's file."""
    schema: Mapping[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


@cache
def fragment_schema() -> Mapping[str, Any]:
    """The schema of a shared fragment: the sets and rules of a keyboard, and the sources that they cite."""
    properties = keyboard_schema()["properties"]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {key: properties[key] for key in FRAGMENT_KEYS},
    }


class Lines:
    """Which line of a TOML text a key stands on: `Lines(text)["transform[2].to"]`.

    Knows tables, keys and the items of lists that are written over several lines; for anything else the nearest key
    around it. 0 if there is none.
    """

    def __init__(self, text: str) -> None:
        self._lines = _lines(text)

    def __getitem__(self, key: str) -> int:
        while key not in self._lines and key:
            key = key[: max(key.rfind("."), key.rfind("["), 0)]
        return self._lines.get(key, 0)


def _lines(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table, listing, items, quoted = "", "", 0, ""
    for number, line in enumerate(text.splitlines(), start=1):
        if quoted:
            quoted = "" if quoted in line else quoted
            continue
        bare = _STRING.sub("", line).partition("#")[0]
        if listing:
            items = _note_items(found, listing, items, line, number)
            listing = "" if "]" in bare else listing
        elif header := _HEADER.match(line):
            table = _dotted(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = f"{table}[{counts[table]}]"
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            name = ".".join(filter(None, (table, _dotted(key[1]))))
            found.setdefault(name, number)
            value = key[2]
            for quotes in ('"""', "'''"):
                if value.startswith(quotes) and quotes not in value[3:]:
                    quoted = quotes
            if value.startswith("[") and "]" not in bare:
                listing, items = name, _note_items(found, name, 0, value, number)
    return found


def _note_items(found: dict[str, int], name: str, first: int, line: str, number: int) -> int:
    """Put down the items of a list that stand on a line; the number of the next item."""
    count = len(_STRING.findall(line))
    found.update((f"{name}[{at}]", number) for at in range(first, first + count))
    return first + count


def _dotted(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
