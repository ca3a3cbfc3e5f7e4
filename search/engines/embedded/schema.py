"""How documents lie in a tantivy index: its fields, and a document as their values.

The best ranked documents have their prefixes once more in fields of their own (`…_p1` the fewest, to `…_p3`), so that
the first page of a prefix that begins a hundred thousand words is read off a hundred.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import tantivy

from search.documents import Document, pk_of
from search.engines.terms import KEY_FIELDS, MARKED, STRICT, UNIT, body, terms_of, texts_of

LOCATED = "1"
HEADS: Final = (512, 64, 8)
"""One in so many documents is in the first, second, third head: the best of them by `order`."""

_FIELDS = (
    "id", "audience", "type", "parent", "script", *KEY_FIELDS,
    *(
        f"{name}{level}"
        for name in ("sound_p", *(f"{one}_p" for one in (*STRICT, *MARKED)), *(f"{one}_mp" for one in MARKED))
        for level in (1, 2, 3)
    ),
)  # fmt: skip
COLUMNS = ("type", "language", "parent", "script")


def schema(text_fields: Sequence[str]) -> tantivy.Schema:
    """The fields of an index whose documents have this running text. Raises ValueError for a bad field
    name."""
    builder = tantivy.SchemaBuilder()
    for name in _FIELDS:
        stored = name == "id"
        builder.add_text_field(
            name, stored=stored, tokenizer_name="raw", index_option="basic", fast=name in COLUMNS
        )
    builder.add_text_field("language", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("locator", tokenizer_name="raw", index_option="basic", stored=True)
    builder.add_text_field("located", tokenizer_name="raw", index_option="basic")
    builder.add_json_field("facet", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field("order", fast=True)
    builder.add_unsigned_field("version", fast=True)
    builder.add_unsigned_field("pk", fast=True)
    for name in text_fields:
        builder.add_text_field(body(name), tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def identity(type: str, pk: int) -> str:  # noqa: A002
    """The term that names a document."""
    return f"{type}{UNIT}{pk}"


def as_tantivy(
    document: Document, layout: tantivy.Schema, text_fields: Sequence[str] = (), heads: Sequence[int] = ()
) -> tantivy.Document:
    """The document as values of the index's fields. `heads` are the orders below which it is in a head.

    Raises ValueError for an order that `order_of` did not make, because hits are named by it.
    """
    if pk_of(document.order) != document.pk:
        raise ValueError(f"The order of {document.type} {document.pk} was not made by order_of.")
    values: dict[str, Any] = {
        "id": identity(document.type, document.pk),
        "audience": document.audience,
        "type": document.type,
        "order": document.order,
        "version": document.version,
        "pk": document.pk,
        "language": list(document.languages),
        "script": list(document.scripts),
        "parent": document.parent,
    }
    if document.locator:
        values["locator"] = document.locator
        values["located"] = LOCATED
    if document.facets:
        values["facet"] = {name: list(found) for name, found in document.facets.items()}
    values.update(texts_of(document, text_fields))
    levels = [level for level, below in enumerate(heads, start=1) if document.order < below]
    for name, terms in terms_of(document).items():
        values[name] = list(terms)
        if levels and name.endswith("p"):
            for level in levels:
                values[f"{name}{level}"] = values[name]
    return tantivy.Document.from_dict(values, layout)
