"""A record as citations and linked data want it (`library.formats.work`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from library.domain import vocabulary
from library.domain.content import values
from library.domain.kinds import kind_of
from library.domain.presentation import value
from library.formats.work import Name, Words, Work
from library.models import Record
from library.vocabularies import Agent

HOUSE: Final = "Nhà Sàn"


def work(record: Record, url: str, *, reader: str) -> Work:
    """The record at its address, with the names that a reader of an interface language knows.

    A query for each vocabulary that it refers to.
    """
    content = record.content
    rows = vocabulary.rows([content])
    kind = kind_of(record.kind)

    def texts(name: str) -> tuple[str, ...]:
        shown = (value(node, rows, reader) for node in values(content, name))
        return tuple(each.text for each in shown if each is not None)

    def words(name: str) -> tuple[Words, ...]:
        return tuple(
            Words(str(node["value"]).strip(), str(node.get("lang", "")))
            for node in values(content, name)
            if str(node.get("value", "")).strip()
        )

    titles = words("title") or (Words(str(record)),)
    licences = texts("license")
    return Work(
        ark=record.ark,
        url=url,
        type=kind.schema_org,
        kind=kind.name(reader),
        title=titles[0],
        alternatives=(*titles[1:], *words("alternative")),
        creators=_names(content, "creator", rows, reader),
        contributors=_names(content, "contributor", rows, reader),
        publishers=texts("publisher"),
        dates=tuple(str(node["edtf"]) for node in values(content, "date") if node.get("edtf")),
        languages=tuple(str(node["tag"]) for node in values(content, "language") if node.get("tag")),
        descriptions=words("description"),
        subjects=texts("subject"),
        places=texts("coverage"),
        identifiers=texts("identifier"),
        extents=texts("extent"),
        rights=texts("rights"),
        licence=licences[0] if licences else "",
        collection=record.collection.title if record.collection else "",
        house=HOUSE,
    )


def _names(content: Mapping[str, Any], name: str, rows: vocabulary.Rows, reader: str) -> tuple[Name, ...]:
    found = []
    for node in values(content, name):
        shown = value(node, rows, reader)
        if shown is not None:
            row = rows.get(("agent", node["agent"])) if "agent" in node else None
            organisation = isinstance(row, Agent) and row.kind == Agent.Kind.ORGANISATION
            found.append(Name(shown.text, str(node.get("role", "")), organisation))
    return tuple(found)
