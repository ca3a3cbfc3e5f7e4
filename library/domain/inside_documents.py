"""How the pages and cues of the files of records become search documents, and who tells search of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from access.domain.gate import protocols_of
from languages.text import MARKS_NOTED
from library.domain import collections, parts
from library.domain.closed import without_consent
from library.models import Collection, FilePart, RecordFile, RecordTerm
from media_pipeline.models import Asset
from search.batches import batches
from search.documents import Document, order_of
from search.domain import outbox
from search.domain.sources import DocumentSource

PAGE: Final = parts.PAGE
CUE: Final = parts.CUE
TYPES: Final = (PAGE, CUE)
FIELDS: Final = ("text",)
TERMS: Final = ("people", "language", "place", "decade", "concept", "agent")
"""What is copied from the record, beside its kind and collection, so that pages are narrowed as records are."""
_FAMILIES: Final = {PAGE: 5, CUE: 6}
_BATCH: Final = 500


def sources() -> tuple[DocumentSource, ...]:
    """The sources of both types."""
    return tuple(
        DocumentSource(
            type=kind,
            documents=partial(documents, kind),
            all_pks=partial(all_pks, kind),
            versions=partial(versions, kind),
            text_fields=FIELDS,
        )
        for kind in TYPES
    )


def documents(kind: str, pks: Sequence[int]) -> Iterator[Document]:
    """The documents of those of these parts that are published and not closed. Three queries for 500.

    Raises ValueError for a primary key of 2**32 or more, which search has no place for.
    """
    for some in batches(pks, _BATCH):
        found = _published(kind).filter(pk__in=some).order_by("pk")
        rows = list(found.select_related("file__record__collection").defer("file__record__content"))
        tree = collections.tree(Collection)
        terms: dict[int, dict[str, list[str]]] = {}
        kept = RecordTerm.objects.filter(record__in={row.file.record_id for row in rows}, name__in=TERMS)
        for record, name, value in kept.order_by("pk").values_list("record", "name", "value"):
            terms.setdefault(record, {}).setdefault(name, []).append(value)
        same: dict[str, str] = {}
        for row in rows:
            yield _document(row, terms.get(row.file.record_id, {}), same, tree)


def all_pks(kind: str) -> Iterator[int]:
    """The ids of all parts of this kind that are published and not closed, ascending."""
    return _published(kind).order_by("pk").values_list("pk", flat=True).iterator(chunk_size=5000)


def versions(kind: str, pks: Sequence[int]) -> dict[int, int]:
    """The versions of those of these parts that are published and not closed. One query."""
    found = _published(kind).filter(pk__in=pks).order_by()
    columns = ("pk", "version", "file__record__updated_at", "file__record__collection__updated_at")
    return {pk: _version(own, record, under) for pk, own, record, under in found.values_list(*columns)}


def follow(records: Sequence[int]) -> None:
    """Bring the pages and cues of these records up to date and have all of them indexed anew: what is said of the
    records, who may see them, or their files may have changed. Call it in the transaction of the change."""
    with transaction.atomic():
        for some in batches(records, _BATCH):
            files = RecordFile.objects.filter(record__in=some)
            if files.exists():
                parts.update(files)
                parts.note(FilePart.objects.filter(file__record__in=some), outbox.changed)


def leave(records: Sequence[int]) -> None:
    """Take the pages and cues of these records out of search: they were unpublished, or are about to be deleted."""
    with transaction.atomic():
        for some in batches(records, _BATCH):
            parts.note(FilePart.objects.filter(file__record__in=some), outbox.deleted)


def file_goes(file: RecordFile) -> None:
    """A file is about to be deleted."""
    with transaction.atomic():
        parts.note(FilePart.objects.filter(file=file), outbox.deleted)


def collections_changed(changed: Sequence[int]) -> None:
    """Collections have another rule of access, name or place."""
    with transaction.atomic():
        mine = FilePart.objects.filter(file__record__collection__in=changed, file__record__live=True)
        parts.note(mine, outbox.changed)


def asset_changed(asset: Asset) -> None:
    """Pages were read, words were heard or corrected; see `media_pipeline.domain.changes`."""
    parts.update(RecordFile.objects.filter(asset=asset))


def _published(kind: str) -> QuerySet[FilePart]:
    found = FilePart.objects.filter(kind=kind, file__record__live=True)
    return found.exclude(without_consent(timezone.localdate(), "file__"))


def _document(
    part: FilePart, terms: dict[str, list[str]], same: dict[str, str], tree: collections.Tree
) -> Document:
    """`same` holds each word of a batch once."""
    record = part.file.record
    collection = record.collection
    protocols, embargo = protocols_of(part.file)
    facets = {name: tuple(found) for name, found in terms.items() if name != "language"}
    facets |= {"kind": (record.kind,), "file": (str(part.file_id),)}
    if collection is not None:
        facets["collection"] = tree.path_slugs(collection.pk)
    tokens = MARKS_NOTED.sub("", parts.keys_of(part)).split()
    return Document(
        type=part.kind,
        pk=part.pk,
        version=_version(part.version, record.updated_at, collection.updated_at if collection else None),
        order=order_of(part.number, part.pk, family=_FAMILIES[part.kind]),
        fields={"text": tuple([same.setdefault(each, each) for each in tokens if each != parts.NO_KEY])},
        facets=facets,
        languages=tuple(terms.get("language", ())),
        protocols=tuple(sorted(protocols)),
        embargo=embargo.toordinal() if embargo else 0,
        parent=record.ark,
        locator=f"page={part.number}" if part.kind == PAGE else f"t={part.start / 1000:g}",
    )


def _version(part: int, record: datetime, collection: datetime | None) -> int:
    changed = record if collection is None else max(record, collection)
    return max(part, int(changed.timestamp() * 1_000_000))
