"""Writing many records at once: rows, revisions, history, originals, copies, and what search must know."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from access.models import User
from library.domain import ark, file_languages, publish
from library.domain.content import Content, upgrade, with_ids
from library.formats.marc_read import Held
from library.imports.models import Original
from library.models import Holding, Record

ACTION: Final = "library.import"
_COPY: Final = ("institution", "location", "call_number", "item_id", "note")
_WRITTEN: Final = (
    "content", "title", "title_lang", "title_sort", "identifiers", "date_earliest", "date_latest", "updated_at", "live",
    "has_unpublished_changes", "first_published_at", "last_published_at", "latest_revision", "live_revision",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One record as it shall be: `record` to change or None for a new one, and what it was read from.

    `holdings` None leaves the copies as they are; so does `original` None the original.
    """

    content: Content
    kind: str
    collection: int | None
    live: bool
    record: Record | None = None
    holdings: Sequence[Held] | None = None
    original: Mapping[str, Any] | None = None


def write(changes: Sequence[Change], user: User | None) -> list[int]:
    """Write all of them, in the caller's transaction; gives the ids in the same order."""
    now = timezone.now()
    known = [change.record for change in changes if change.record is not None]
    # Imported records have no revision: before the first change, what they were becomes one.
    _keep_revisions([record for record in known if record.latest_revision_id is None], None)
    records: list[Record] = []
    new: list[Record] = []
    for change in changes:
        record = change.record
        if record is None:
            record = Record(kind=change.kind, collection_id=change.collection, created_at=now)
            record.ark = ark.mint(settings.NHASAN_ARK_NAAN)
            record.live = False
            new.append(record)
        record.content = with_ids(upgrade(change.content))
        record.derive()
        record.updated_at = now
        if change.live:
            record.first_published_at = record.first_published_at or now
            record.last_published_at = now
        record.live = change.live
        record.has_unpublished_changes = not change.live
        records.append(record)
    Record.objects.bulk_create(new, batch_size=200)
    _keep_revisions(known, user)
    Record.objects.bulk_update(known, _WRITTEN, batch_size=100)
    _originals(zip(records, changes, strict=True))
    _copies(zip(records, changes, strict=True))
    _log(records, user)
    pks = [record.pk for record in records]
    publish.reindex(pks)
    file_languages.follow(pks)
    return pks


def _originals(pairs: Iterable[tuple[Record, Change]]) -> None:
    rows = [
        Original(record=record, **change.original) for record, change in pairs if change.original is not None
    ]
    Original.objects.filter(record__in=[row.record_id for row in rows]).delete()
    Original.objects.bulk_create(rows, batch_size=100)


def _copies(pairs: Iterable[tuple[Record, Change]]) -> None:
    wanted = {record.pk: change.holdings for record, change in pairs if change.holdings is not None}
    Holding.objects.filter(record__in=list(wanted)).delete()
    fitting = {field.name: field.max_length for field in Holding._meta.fields if field.name in _COPY}
    Holding.objects.bulk_create(
        (
            Holding(record_id=pk, **{name: text[: fitting[name]] for name, text in asdict(held).items()})
            for pk, copies in wanted.items()
            for held in copies
        ),
        batch_size=500,
    )


def _keep_revisions(records: Sequence[Record], user: User | None) -> None:
    kind = ContentType.objects.get_for_model(Record, for_concrete_model=False)
    kept = Revision.objects.bulk_create(
        [
            Revision(
                content_type=kind, base_content_type=kind, object_id=str(record.pk), user=user,
                created_at=record.updated_at, object_str=str(record)[:255], content=record.serializable_data(),
            )
            for record in records
        ],
        batch_size=200,
    )  # fmt: skip
    for record, revision in zip(records, kept, strict=True):
        record.latest_revision = revision
        record.live_revision = revision if record.live else None


def _log(records: Sequence[Record], user: User | None) -> None:
    kind = ContentType.objects.get_for_model(Record, for_concrete_model=False)
    now = timezone.now()
    ModelLogEntry.objects.bulk_create(
        (
            ModelLogEntry(
                content_type=kind, object_id=str(record.pk), label=str(record)[:255], action=ACTION, timestamp=now,
                user=user, content_changed=True, deleted=False, revision=record.latest_revision,
            )
            for record in records
        ),
        batch_size=500,
    )  # fmt: skip


# --- before-images ------------------------------------------------------------------------------------------------


def images(records: Sequence[Record]) -> dict[int, dict[str, Any]]:
    """What these records are now, as JSON: for undoing."""
    pks = [record.pk for record in records]
    copies: dict[int, list[dict[str, str]]] = {pk: [] for pk in pks}
    for row in Holding.objects.filter(record__in=pks).order_by("pk"):
        copies[row.record_id].append({name: getattr(row, name) for name in _COPY})
    originals = {row.record_id: row for row in Original.objects.filter(record__in=pks)}
    return {
        record.pk: {
            "content": record.content,
            "live": record.live,
            "holdings": copies[record.pk],
            "original": _stored(originals.get(record.pk)),
        }
        for record in records
    }


def _stored(row: Original | None) -> dict[str, Any] | None:
    if row is None:
        return None
    data = base64.b64encode(bytes(row.data)).decode("ascii")
    return {"key": row.key, "format": row.format, "data": data, "said": row.said}


@transaction.atomic
def put_back(before: Mapping[int, Mapping[str, Any]], user: User | None) -> None:
    """Let records be what their images say."""
    present = {row.pk: row for row in Record.objects.select_for_update().filter(pk__in=list(before))}
    changes = []
    for pk, record in present.items():
        image = before[pk]
        original = image["original"]
        if original is None:
            Original.objects.filter(record=pk).delete()
        else:
            original = {**original, "data": base64.b64decode(original["data"])}
        changes.append(
            Change(
                image["content"], record.kind, record.collection_id, image["live"], record,
                [Held(**each) for each in image["holdings"]], original,
            )
        )  # fmt: skip
    write(changes, user)
