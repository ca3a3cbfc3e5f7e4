"""A record as its page shows it: fields in the order of its kind, each value in its language, references by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dictionary.domain import naming
from library.domain import relators, vocabulary
from library.domain.content import Content, values
from library.domain.kinds import Kind, kind_of, kinds
from library.models import Holding, Record
from search.domain.analysis import orthography


@dataclass(frozen=True)
class Value:
    """One value: text with its language; `people`, `place`, or `term` (name, value) of a list it leads to."""

    text: str
    lang: str = ""
    direction: str = "ltr"
    script: str = ""
    note: str = ""
    role: str = ""
    people: str = ""
    place: str = ""
    term: tuple[str, str] | None = None
    edtf: str = ""


@dataclass(frozen=True)
class FieldView:
    """A property with its label and values."""

    property: str
    label: str
    long: bool
    values: tuple[Value, ...]


@dataclass(frozen=True)
class RecordView:
    """All that the page of a record shows."""

    pk: int | None
    uuid: UUID
    ark: str
    kind: Kind
    kind_name: str
    title: Value
    alternatives: tuple[Value, ...]
    fields: tuple[FieldView, ...]
    collection_slug: str
    collection_title: str
    holdings: tuple[Holding, ...]
    demonstration: bool = False

    def first(self, name: str) -> str:
        """The first value of a property as text; "" without any."""
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> tuple[str, ...]:
        """The values of a property as texts."""
        return next((tuple(v.text for v in each.values) for each in self.fields if each.property == name), ())

    def edtf(self) -> tuple[str, ...]:
        """The dates as they were written down."""
        return tuple(v.edtf for each in self.fields if each.property == "date" for v in each.values if v.edtf)


@dataclass(frozen=True)
class RecordItem:
    """A record as a list shows it."""

    ark: str
    kind: str
    kind_name: str
    title: Value
    creators: tuple[str, ...]
    dates: tuple[str, ...]
    collection: str


def record_view(record: Record, *, reader: str) -> RecordView:
    """The page of a record for a reader of the interface. Queries: one for each vocabulary, one for holdings."""
    content: Content = record.content
    kind = kind_of(record.kind)
    rows = vocabulary.rows([content])
    names = [field.property for field in kind.fields]
    rest = [name for name in content.get("fields", {}) if name not in names]
    shown = []
    for name in (*names, *rest):
        if name in ("title", "alternative"):
            continue
        found = tuple(v for node in values(content, name) if (v := value(node, rows, reader)) is not None)
        if found:
            field = kind.field(name)
            long = bool(field and field.control == "longtext")
            shown.append(FieldView(name, label(kind, name, reader), long, found))
    stored = record.pk is not None
    titles = [_text(node) for node in values(content, "title") if node.get("value")]
    others = [_text(node) for node in values(content, "alternative") if node.get("value")]
    return RecordView(
        record.pk, record.uuid, record.ark, kind, kind.name(reader), titles[0] if titles else Value(str(record)),
        (*titles[1:], *others), tuple(shown), record.collection.slug if record.collection else "",
        record.collection.title if record.collection else "",
        tuple(record.holdings.all()) if stored else (), content.get("extra", {}).get("demonstration") is True,
    )  # fmt: skip


def items(records: Sequence[Record], reader: str) -> tuple[RecordItem, ...]:
    """Records as a list shows them; their collections should be at hand. One query for each vocabulary, for all."""
    contents = [
        {"fields": {"creator": record.content.get("fields", {}).get("creator", [])}} for record in records
    ]
    rows = vocabulary.rows(contents)
    return tuple(
        RecordItem(
            record.ark, record.kind, kind_of(record.kind).name(reader),
            title_of(record),
            tuple(v.text for node in values(record.content, "creator") if (v := value(node, rows, reader)) is not None),
            tuple(str(node["edtf"]) for node in values(record.content, "date") if node.get("edtf")),
            record.collection.title if record.collection else "",
        )
        for record in records
    )  # fmt: skip


def title_of(record: Record) -> Value:
    """The title in its language."""
    return _text({"value": str(record), "lang": record.title_lang})


def value(node: Mapping[str, Any], rows: vocabulary.Rows, reader: str) -> Value | None:
    """A node as it is shown; None for one that is empty or refers to what is gone."""
    note, role = str(node.get("note", "")), relators.name(str(node["role"])) if node.get("role") else ""
    for key in vocabulary.MODELS:
        if key in node:
            row = rows.get((key, node[key]))
            if row is None:
                return None
            slugs = {key: row.slug} if key in ("people", "place") else {}
            return Value(str(row), note=note, role=role, term=(key, str(node[key])), **slugs)
    if node.get("edtf"):
        return Value(str(node["edtf"]), note=note, edtf=str(node["edtf"]))
    if node.get("tag"):
        from_list = naming.language_name(str(node["tag"]), reader)
        return Value(from_list, note=note, term=("language", orthography(str(node["tag"])).language))
    return _text(node, note, role) if str(node.get("value", "")).strip() else None


def label(kind: Kind, name: str, reader: str) -> str:
    """What a property is called: as this kind says, else as any does, else its own name."""
    for each in (kind, *kinds().values()):
        field = each.field(name)
        if field:
            return field.name(reader)
    return name


def _text(node: Mapping[str, Any], note: str = "", role: str = "") -> Value:
    lang = str(node.get("lang", ""))
    writing = orthography(lang or "und")
    script = "" if writing.is_fallback and not lang else writing.script
    return Value(str(node["value"]).strip(), lang, writing.direction, script, note, role)
