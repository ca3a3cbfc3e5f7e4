"""Text from before Unicode in files that are brought in: found, reported, and converted where a person chose so.

A part of a file is a column of a table, or the language of the texts in other files; "" is all of it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.utils.translation import get_language, gettext_noop

from dictionary.domain.content import Content
from dictionary.formats.items import Item
from dictionary.formats.lift_file import label_of
from dictionary.formats.opening import LexiconFile
from dictionary.formats.table_file import TableFile
from dictionary.imports.source import Wish
from jobs.imports.types import Advice, Message
from languages.legacy import Finding, Survey, convert, tables
from languages.legacy.fields import EVERYWHERE, converted

LOOKS: Final = gettext_noop("“%(field)s” looks like text in the old encoding %(name)s (%(percent)s %% sure).")
TAKEN: Final = gettext_noop("“%(field)s” is converted from the old encoding %(name)s.")
TAKEN_ALL: Final = gettext_noop("All text is converted from the old encoding %(name)s.")
_ROWS: Final = 2000


def findings(wish: Wish, path: Path, name: str) -> list[Finding]:
    """The parts of a file that look legacy as the file stands. Raises FileError."""
    survey = Survey()
    raw = replace(wish, legacy=dict.fromkeys(wish.legacy, ""))
    with raw.open(path, name) as file:
        for field, text in _texts(file):
            survey.add(field, text)
    return list(survey.findings())


def _texts(file: LexiconFile) -> Iterator[tuple[str, str]]:
    if isinstance(file, TableFile):
        with file.table() as table:
            for row in islice(table.rows, _ROWS):
                yield from row.cells.items()
    else:
        for item in islice(file.items(), _ROWS):
            for form in _forms(item.content):
                yield form["lang"], form["text"]


def _forms(value: Any) -> Iterator[dict[str, Any]]:
    """Every text of a tree that has a language."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str) and isinstance(value.get("lang"), str):
            yield value
        for each in value.values():
            yield from _forms(each)
    elif isinstance(value, list):
        for each in value:
            yield from _forms(each)


def advice(wish: Wish, path: Path, name: str) -> list[Advice]:
    """What a person should know about a file, and what was chosen already. Raises FileError."""
    found = {one.field: one for one in findings(wish, path, name)}
    made = [_looks(one, wish.legacy) for one in found.values()]
    for field, chosen in wish.legacy.items():
        if chosen and field not in found:
            said = Message("legacy-taken", TAKEN if field else TAKEN_ALL, {"field": field, "name": chosen})
            made.append(Advice(field, said, "", "", chosen, chosen))
    return made


def _looks(one: Finding, wanted: Mapping[str, str]) -> Advice:
    chosen = wanted.get(one.field, wanted.get(EVERYWHERE, ""))
    params: dict[str, str | int] = {"field": one.field, "name": chosen or one.name}
    params["percent"] = int(one.confidence * 100)
    after = convert(one.before, chosen).text if chosen else one.after
    said = Message("legacy-taken" if chosen else "legacy", TAKEN if chosen else LOOKS, params)
    return Advice(one.field, said, one.before, after, chosen or one.name, chosen)


def choices() -> list[tuple[str, str]]:
    """The encodings, by their names in the language of the reader."""
    language = "vi" if (get_language() or "vi").startswith("vi") else "en"
    return [(name, table.names[language]) for name, table in tables().items()]


def followed(params: Mapping[str, Any], key: str, value: str) -> dict[str, Any]:
    """The parameters of a run with an encoding for a part ("": as it is). Raises ValueError if there is none such."""
    if value and value not in tables():
        raise ValueError(f"There is no legacy encoding {value!r}.")
    wanted = {field: name for field, name in (params.get("legacy") or {}).items() if field != key}
    return {**params, "legacy": {**wanted, key: value} if value or wanted.get(EVERYWHERE) else wanted}


def item_in_unicode(item: Item, file: LexiconFile, wanted: Mapping[str, str]) -> Item:
    """An entry of a file with its texts converted as wished; tables did that already, cell by cell.

    The source of an entry that changed is not kept: it would not say the same.
    """
    if item.content is None or isinstance(file, TableFile) or not any(wanted.values()):
        return item
    content: Content = copy.deepcopy(item.content)
    changed = False
    for form in _forms(content):
        before = form["text"]
        form["text"] = converted(before, form["lang"], wanted)
        if form["text"] != before:
            changed = True
            _move_spans(form, before, form["lang"], wanted)
    if not changed:
        return item
    return replace(item, content=content, label=label_of(content), fragment="")


def _move_spans(holder: dict[str, Any], before: str, field: str, wanted: Mapping[str, str]) -> None:
    """The places of spans, in the converted text."""
    spans: Sequence[dict[str, Any]] = holder.get("spans", ())
    for span in spans:
        for end in ("start", "end"):
            span[end] = len(converted(before[: span[end]], field, wanted))
        _move_spans(span, before, field, wanted)
