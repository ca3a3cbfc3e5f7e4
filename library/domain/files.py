"""The files of records: who may have which, how one is attached, who hears of a change."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max, QuerySet

from access.domain.gate import visible
from access.domain.viewer import Viewer
from library.domain import publish
from library.domain.closed import without_consent
from library.domain.content import values
from library.models import Record, RecordFile
from media_pipeline.domain import assets
from media_pipeline.models import Blob


def seen(viewer: Viewer, *, drafts: bool = False) -> QuerySet[RecordFile]:
    """The files of records that a viewer may have: every outlet takes them from here.

    Beside what the gate says, a file is closed whose consent is over or withdrawn, and one in which malware was
    found. `drafts` is for the admin: unpublished records too, and files without a consent that holds.
    """
    found = visible(RecordFile.objects.all(), viewer, drafts=drafts)
    if not drafts:
        found = found.exclude(without_consent(viewer.today))
    found = found.exclude(assets.is_harmful("blob"))
    return found.select_related("blob", "asset", "record__collection").order_by("record", "order", "pk")


def of_record(record: Record, viewer: Viewer, *, drafts: bool = False) -> list[RecordFile]:
    """The files of a record that a viewer may have, in their order."""
    return list(seen(viewer, drafts=drafts).filter(record=record))


def languages(record: Record) -> tuple[str, ...]:
    """The tags of the languages that a record is in: what its files are read and heard in."""
    return tuple(str(node["tag"]) for node in values(record.content, "language") if node.get("tag"))


def safe_name(name: str) -> str:
    """What a file is called, without folders and what no name holds; 200 characters at most, its ending kept."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/")).rpartition("/")[2]
    plain = "".join(char for char in plain if unicodedata.category(char)[0] != "C").strip().lstrip(".")
    stem, dot, ending = plain.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[:189]}.{ending}" if stem else f"file.{ending}"
    return plain[:200] or "file"


def attach(
    record: Record, blob: Blob, name: str, *, caption: str = "", licence: str = "", order: int | None = None
) -> RecordFile:
    """Add a file to a record, after those it has, and put it to work. Runs in a transaction."""
    with transaction.atomic():
        if order is None:
            last = RecordFile.objects.filter(record=record).aggregate(last=Max("order"))["last"]
            order = 0 if last is None else last + 1
        made = RecordFile.objects.create(
            record=record,
            blob=blob,
            asset=assets.ensure(blob, languages(record)),
            name=safe_name(name),
            order=order,
            caption=caption,
            licence=licence,
        )
        changed([record.pk])
    return made


def changed(records: Iterable[int]) -> None:
    """Say that files of these records came, went or became others; inside the transaction of the change."""
    pks = list(records)
    publish.touch(pks)
    publish.reindex(pks)
