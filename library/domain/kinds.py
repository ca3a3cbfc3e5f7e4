"""Kinds of record: which fields the form of a book, a film, a photograph … offers. One TOML file each, in kinds/."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

FOLDER: Final = Path(__file__).resolve().parent.parent / "kinds"
Control = Literal["text", "longtext", "agent", "concept", "place", "people", "edtf", "language", "choice"]


class KindError(ValueError):
    """A file of a kind is wrong; the message names file and field."""


@dataclass(frozen=True)
class Field:
    """One property in the form of a kind."""

    property: str
    label: dict[str, str]
    control: Control
    required: bool = False
    repeatable: bool = True
    help: dict[str, str] | None = None
    roles: tuple[str, ...] = ()
    choices: tuple[tuple[str, dict[str, str]], ...] = ()

    def name(self, reader: str) -> str:
        """Its label for a reader of the interface."""
        return said(self.label, reader)


@dataclass(frozen=True)
class Kind:
    """A kind of record: what it is called, which schema.org type it has, and its fields in order."""

    id: str
    label: dict[str, str]
    schema_org: str
    order: int
    fields: tuple[Field, ...]

    def name(self, reader: str) -> str:
        """Its label for a reader of the interface."""
        return said(self.label, reader)

    def field(self, name: str) -> Field | None:
        """The field of a property, if the form has one."""
        return next((each for each in self.fields if each.property == name), None)


def said(label: dict[str, str] | None, reader: str) -> str:
    """A label in the reader's language, else in any."""
    return "" if not label else label.get(reader) or next(iter(label.values()), "")


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by their ids, in the order of the menu. Raises KindError for a wrong file."""
    common = tomllib.loads((FOLDER / "common.toml").read_text(encoding="utf-8"))
    found = [read(path, common) for path in sorted(FOLDER.glob("*.toml")) if path.stem != "common"]
    return {kind.id: kind for kind in sorted(found, key=lambda kind: (kind.order, kind.id))}


def kind_of(id: str) -> Kind:  # noqa: A002
    """The kind of this id; the first for one that is no longer there."""
    return kinds().get(id) or next(iter(kinds().values()))


def read(path: Path, common: dict[str, Any]) -> Kind:
    """One file; what it says of a field stands before what common.toml says of the property. Raises KindError."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        fields = tuple(_field(path, {**common.get(each["property"], {}), **each}) for each in data["field"])
        kind = Kind(path.stem, dict(data["label"]), data["schema_org"], data.get("order", 100), fields)
    except (KeyError, TypeError) as error:
        raise KindError(f"{path.name}: {error} is missing or wrong.") from error
    if not any(each.property == "title" and each.required for each in fields):
        raise KindError(f"{path.name}: a required field “title” is missing.")
    names = [each.property for each in fields]
    if len(set(names)) < len(names):
        raise KindError(f"{path.name}: a property stands in it twice.")
    return kind


def _field(path: Path, data: dict[str, Any]) -> Field:
    if data["control"] not in get_args(Control):
        raise KindError(f"{path.name}: {data['property']}: “{data['control']}” is no control.")
    return Field(
        data["property"], dict(data["label"]), data["control"], data.get("required", False),
        data.get("repeatable", True), data.get("help"), tuple(data.get("roles", ())),
        tuple((each["value"], dict(each["label"])) for each in data.get("choices", ())),
    )  # fmt: skip
