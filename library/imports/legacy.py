"""Columns of a table that look as if they were in an encoding from before Unicode: found, and converted on demand."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Final

from dictionary.imports import legacy as common
from jobs.imports.types import Advice, Message
from languages.legacy import Survey, convert
from library.formats import table
from library.formats.limits import Limits
from library.imports.source import Wish

_ROWS: Final = 2000


def advice(wish: Wish, path: Path, name: str, limits: Limits) -> list[Advice]:
    """What a person should know about the columns, and what was chosen already. Raises FileError."""
    if wish.format not in ("csv", "xlsx"):
        return []
    survey = Survey()
    with table.opened(path, wish.format, limits, name, dict.fromkeys(wish.legacy, "")) as opened:
        for row in islice(opened.rows, _ROWS):
            for column, text in row.cells.items():
                survey.add(column, text)
    found = {one.field: one for one in survey.findings()}
    made = []
    for one in found.values():
        chosen = wish.legacy.get(one.field, wish.legacy.get("", ""))
        params: Mapping[str, str | int] = {
            "field": one.field, "name": chosen or one.name, "percent": int(one.confidence * 100)
        }  # fmt: skip
        after = convert(one.before, chosen).text if chosen else one.after
        said = Message(
            "legacy-taken" if chosen else "legacy", common.TAKEN if chosen else common.LOOKS, params
        )
        made.append(Advice(one.field, said, one.before, after, chosen or one.name, chosen))
    for field, chosen in wish.legacy.items():
        if chosen and field not in found:
            said = Message(
                "legacy-taken", common.TAKEN if field else common.TAKEN_ALL, {"field": field, "name": chosen}
            )
            made.append(Advice(field, said, "", "", chosen, chosen))
    return made
