"""How documents lie in an Elasticsearch index: derived from the document type, strict, and told from any other by a
hash.

Texts are folded and tokenised before they come here, so there are only keywords and white space. The source is not
stored: documents are made anew from the database, never read back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from elasticsearch.dsl import Flattened, Keyword, Long, Mapping, Text

from search.documents import Document
from search.engines.elastic.spelt import MERGED, SPELT, merged
from search.engines.terms import KEY_FIELDS, VERSION, body, terms_of, texts_of

COLUMNS = ("type", "language", "parent", "script")
WINDOW = 1_000_000  # how deep running text may be paged
_TOP = 2**63


def mapping(text_fields: Sequence[str]) -> dict[str, Any]:
    """The mapping of an index whose documents have this running text. Raises ValueError for a bad field name."""
    found = Mapping()
    found.meta("dynamic", "strict")
    found.meta("_source", {"enabled": False})  # type: ignore[arg-type]
    for name in (*(one for one in KEY_FIELDS if one not in MERGED), SPELT):
        found.field(name, Keyword(doc_values=False))
    for name in COLUMNS:
        found.field(name, Keyword())
    found.field("audience", Keyword(doc_values=False))
    found.field("locator", Keyword(index=False))
    found.field("facet", Flattened())
    for name in ("place", "version", "pk"):
        found.field(name, Long())
    for name in text_fields:
        found.field(body(name), Text(analyzer="whitespace", index_options="freqs"))
    return dict(found.to_dict())


def layout(text_fields: Sequence[str]) -> str:
    """A short hash of all that decides what an index holds: another one means a rebuild."""
    told = json.dumps([VERSION, mapping(text_fields)], sort_keys=True)
    return sha256(told.encode()).hexdigest()[:16]


def settings(shards: int, replicas: int) -> dict[str, Any]:
    """The settings of an index. It is refreshed by the writer, when a batch is complete."""
    return {
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        "refresh_interval": "-1",
        "max_result_window": WINDOW,
        "mapping.total_fields.limit": 2_000,
    }


def identity(type: str, pk: int) -> str:  # noqa: A002
    """The `_id` of a document."""
    return f"{type}:{pk}"


def place_of(order: int) -> int:
    """An unsigned 64-bit `order` as a long; keeps the order."""
    return order - _TOP


def order_from(place: int) -> int:
    """The `order` that a place stands for."""
    return place + _TOP


def source_of(document: Document, text_fields: frozenset[str]) -> dict[str, Any]:
    """The document as values of the index's fields; running text that the index has no field for is left out."""
    values: dict[str, Any] = {
        "audience": document.audience,
        "type": document.type,
        "place": place_of(document.order),
        "version": document.version,
        "pk": document.pk,
    }
    for name, value in (
        ("language", document.languages),
        ("script", document.scripts),
        ("parent", document.parent),
        ("locator", document.locator),
        ("facet", {name: list(found) for name, found in document.facets.items()}),
    ):
        if value:
            values[name] = value
    values.update(texts_of(document, text_fields))
    values.update(merged(terms_of(document)))
    return values
