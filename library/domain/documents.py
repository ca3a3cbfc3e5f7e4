"""How published records become search documents, and the terms that lists are narrowed by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from access.domain.gate import protocols_of
from library.domain import collections, derived, vocabulary
from library.models import Collection, Record, RecordTerm
from search.documents import Document, order_of

TYPE: Final = "record"
FIELDS: Final = ("title", "text")
FAMILY: Final = 1
_BATCH: Final = 500


def documents(pks: Sequence[int]) -> Iterator[Document]:
    """The documents of those of these records that are published; the others give none. Some queries for 500."""
    for start in range(0, len(pks), _BATCH):
        found = Record.objects.filter(pk__in=pks[start : start + _BATCH], live=True)
        records = list(found.select_related("collection").order_by("pk"))
        contents = [record.content for record in records]
        labels = vocabulary.spoken(vocabulary.rows(contents))
        onward = vocabulary.onward(contents)
        tree = collections.tree(Collection)
        for record in records:
            yield _document(record, labels, onward, tree)


def all_pks() -> Iterator[int]:
    """The ids of all published records, ascending."""
    published = Record.objects.filter(live=True).order_by("pk")
    return published.values_list("pk", flat=True).iterator(chunk_size=5000)


def versions(pks: Sequence[int]) -> dict[int, int]:
    """The versions of those of these records that are published."""
    found = Record.objects.filter(pk__in=pks, live=True).select_related("collection").defer("content")
    return {record.pk: _version(record) for record in found}


def write_terms(pks: Sequence[int]) -> None:
    """Write the terms of these records anew; those that are not published lose theirs."""
    for start in range(0, len(pks), _BATCH):
        some = pks[start : start + _BATCH]
        RecordTerm.objects.filter(record__in=some).delete()
        records = list(Record.objects.filter(pk__in=some, live=True).only("pk", "content"))
        onward = vocabulary.onward([record.content for record in records])
        RecordTerm.objects.bulk_create(
            (
                RecordTerm(record=record, name=name, value=value)
                for record in records
                for name, value in dict.fromkeys(derived.terms(record.content, onward))
            ),
            batch_size=2000,
        )


def _document(
    record: Record,
    labels: dict[tuple[str, object], str],
    onward: dict[int, tuple[int, ...]],
    tree: collections.Tree,
) -> Document:
    protocols, embargo = protocols_of(record)
    facets: dict[str, list[str]] = {"kind": [record.kind]}
    if record.collection is not None:
        facets["collection"] = list(tree.path_slugs(record.collection.pk))
    for name, value in dict.fromkeys(derived.terms(record.content, onward)):
        facets.setdefault(name, []).append(value)
    return Document(
        type=TYPE,
        pk=record.pk,
        version=_version(record),
        order=order_of(0, record.pk, family=FAMILY),
        fields=derived.running_text(record.content, labels),
        facets={name: tuple(found) for name, found in facets.items() if name != "language"},
        languages=tuple(facets.get("language", ())),
        protocols=tuple(sorted(protocols)),
        embargo=embargo.toordinal() if embargo else 0,
    )


def _version(record: Record) -> int:
    changed = (
        record.updated_at
        if record.collection is None
        else max(record.updated_at, record.collection.updated_at)
    )
    return int(changed.timestamp() * 1_000_000)
