"""The importer of files (`jobs.imports.types.Importer`); what a table says goes the way of all tables of records."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from access.domain.viewer import Viewer, viewer_for
from dictionary.formats.errors import FileError
from jobs.imports.types import (
    Applied,
    Checked,
    Message,
    Phase,
    Restore,
    Source,
    SourceRow,
    Work,
)
from library.domain import files as record_files
from library.domain import publish
from library.imports import writing
from library.imports.importer import (
    HIDDEN,
    Present,
    hidden_records,
    records_named,
    refusal,
    user_of,
    verdict_of,
)
from library.imports.source import Incoming, Wish
from library.ingest import plan
from library.ingest.plan import Item, Part
from library.ingest.problems import Problem
from library.ingest.sources import let_go, opened, sha256, unchanged
from library.models import Collection, Record, RecordFile
from media_pipeline.domain import assets, blobs
from media_pipeline.models import Blob

NAME: Final = "library.ingest"


def _(msgid: str) -> str:
    """Marks a text for the catalogues; it is translated when it is shown."""
    return msgid


@dataclass(frozen=True)
class _Take:
    """What is to be done for a row: the record as it shall be (None: it stays), and the files to add."""

    item: Item
    change: writing.Change | None
    record: Record | None
    add: tuple[tuple[Part, str], ...]


class IngestImporter:
    """Folders of scans, recordings and films, one record a row."""

    name = NAME
    title = _("Files taken in")
    chunk = 5

    def count(self, source: Source) -> int:
        """How many records there are."""
        return int(source.params.get("count", 0))

    def read(self, source: Source) -> Iterator[SourceRow]:
        """The records of the plan."""
        for number, item in enumerate(plan.read(source.path), 1):
            incoming = Incoming(number, item.where, item.key, item.content, item.kind)
            wrong = item.error or refusal(incoming)
            yield SourceRow(number, item.where, item.key, item.label, item, wrong)

    def prepare(self, source: Source, rows: Sequence[SourceRow]) -> None:
        """Bring the bytes in, before a transaction is open: they may be many."""
        for row in rows:
            # A file that is gone, or another one now, is said by the check that follows.
            with suppress(Problem):
                for part in row.data.parts:
                    _stored(part)

    def check(self, source: Source, rows: Sequence[SourceRow], *, lock: bool) -> Sequence[Checked]:
        """Compare with what came from the same paths before, and with the bytes that the library has."""
        wish = _wish(source)
        if lock:
            # Whoever takes files into the same collection waits: two never make the same record.
            list(Collection.objects.select_for_update().filter(pk=wish.collection))
        present = records_named(wish, [row.key for row in rows], lock=lock)
        hidden = hidden_records(source, present)
        hashes: dict[int, list[str] | Message] = {
            row.number: HIDDEN
            if (known_as := present.get(row.key)) and known_as.record.pk in hidden
            else _hashes(row.data)
            for row in rows
        }
        every = {digest for found in hashes.values() if not isinstance(found, Message) for digest in found}
        known = _Known(every, present, viewer_for(user_of(source)) if source.user_id else None)
        return [
            Checked("refused", message=found)
            if isinstance(found := hashes[row.number], Message)
            else _verdict(wish, row, found, present.get(row.key), known)
            for row in rows
        ]

    def apply(self, source: Source, work: Sequence[Work]) -> Sequence[Applied]:
        """Write the records, add their files, put these to work."""
        takes: list[_Take] = [one.checked.payload for one in work]
        before = _images([take.record for take in takes if take.record is not None], takes)
        changed = [take for take in takes if take.change is not None]
        made = iter(writing.write([take.change for take in changed if take.change], user_of(source)))
        pks = [
            next(made) if take.change is not None else take.record.pk  # type: ignore[union-attr]
            for take in takes
        ]
        for pk, take in zip(pks, takes, strict=True):
            if take.record is None and (take.item.protocol or take.item.embargo):
                embargo = plan.day(take.item.embargo)
                Record.objects.filter(pk=pk).update(protocol=take.item.protocol, embargo_until=embargo)
        _attach(pks, takes)
        record_files.changed(pks)
        after = self.versions(source, pks, lock=False)
        return [
            Applied(pk, before[pk] if take.record is not None else None, after[pk])
            for pk, take in zip(pks, takes, strict=True)
        ]

    def versions(self, source: Source, targets: Sequence[int], *, lock: bool) -> Mapping[int, str]:
        """The last revision of each record, whether it is published, and its files."""
        found = Record.objects.filter(pk__in=targets)
        if lock:
            found = found.select_for_update()
        own: dict[int, list[int]] = defaultdict(list)
        for record, pk in (
            RecordFile.objects.filter(record__in=targets).order_by("pk").values_list("record", "pk")
        ):
            own[record].append(pk)
        columns = found.values_list("pk", "latest_revision", "live")
        return {pk: _version(revision, live, own[pk]) for pk, revision, live in columns}

    def restore(self, source: Source, rows: Sequence[Restore]) -> None:
        """Delete the records that were made; of others, take the added files away and put back what was said."""
        publish.delete([row.target for row in rows if row.before is None])
        kept = {row.target: row.before for row in rows if row.before is not None}
        for pk, before in kept.items():
            RecordFile.objects.filter(record=pk).exclude(pk__in=before["files"]).delete()
        said = {pk: before["record"] for pk, before in kept.items() if before["record"] is not None}
        writing.put_back(said, user_of(source))
        record_files.changed(kept)

    def finished(self, source: Source, phase: Phase) -> None:
        """The archives are not read any more."""
        let_go()


def _wish(source: Source) -> Wish:
    # What a table says is all that is said of the record: the same manners as of CSV.
    return Wish("csv", source.params["collection"], "", bool(source.params.get("publish")))


def _version(revision: int | None, live: bool, own: Sequence[int]) -> str:
    digest = hashlib.sha256(repr(list(own)).encode()).hexdigest()[:16]
    return f"{revision or 0}-{'live' if live else 'draft'}-{digest}"


def _hashes(item: Item) -> list[str] | Message:
    try:
        for part in item.parts:
            unchanged(part.file)
        return [sha256(part.file) for part in item.parts]
    except Problem as problem:
        return problem.message


class _Known:
    """What the library has of some bytes: the files of given records, and where else they are (three queries)."""

    def __init__(self, hashes: set[str], present: Mapping[str, Present], viewer: Viewer | None) -> None:
        targets = [one.record.pk for one in present.values()]
        self.own: dict[int, list[tuple[int, str]]] = defaultdict(list)
        rows = RecordFile.objects.filter(record__in=targets).order_by("pk")
        for record, pk, digest in rows.values_list("record", "pk", "blob__sha256"):
            self.own[record].append((pk, digest))
        self.elsewhere: dict[str, list[RecordFile]] = defaultdict(list)
        holders = RecordFile.objects.filter(blob__sha256__in=hashes).select_related("record", "blob")
        for file in holders.order_by("pk"):
            self.elsewhere[file.blob.sha256].append(file)
        pks = [file.pk for files in self.elsewhere.values() for file in files]
        seen = record_files.seen(viewer, drafts=True).filter(pk__in=pks) if viewer else None
        self.seen = set(seen.values_list("pk", flat=True)) if seen is not None else set(pks)

    def duplicate(self, item: Item, hashes: Sequence[str], record: Record | None) -> Message | None:
        """Where bytes of an item are already, as far as the viewer may know."""
        for part, digest in zip(item.parts, hashes, strict=True):
            for file in self.elsewhere[digest]:
                if record is not None and file.record_id == record.pk:
                    continue
                if file.pk in self.seen:
                    found = file.record
                    return Problem("duplicate", file=part.file.name, record=str(found), ark=found.ark).message
                return Problem("duplicate-hidden", file=part.file.name).message
        return None


def _verdict(
    wish: Wish, row: SourceRow, hashes: Sequence[str], present: Present | None, known: _Known
) -> Checked:
    item: Item = row.data
    incoming = Incoming(row.number, item.where, row.key, item.content, item.kind)
    base = verdict_of(wish, incoming, present)
    record = present.record if present is not None else None
    have = known.own[record.pk] if record is not None else []
    left = Counter(digest for _pk, digest in have)
    add = []
    for part, digest in zip(item.parts, hashes, strict=True):
        if left[digest] > 0:
            left[digest] -= 1
        else:
            add.append((part, digest))
    version = _version(record.latest_revision_id, record.live, [pk for pk, _d in have]) if record else ""
    take = _Take(item, base.payload, record, tuple(add))
    result = replace(base, version=version, payload=take)
    if record is not None and add:
        names = ", ".join(part.file.base for part, _digest in add)[:200]
        result = replace(result, changes=(*result.changes, f"+ {names}"))
        if result.verdict == "same":
            result = replace(result, verdict="change")
    if result.verdict == "same" or result.verdict == "conflict":
        return result
    if record is not None and have and len(add) == len(hashes):
        problem = Problem("other-files", record=str(record), ark=record.ark)
        return replace(result, verdict="conflict", message=problem.message)
    adding = replace(item, parts=tuple(part for part, _digest in add))
    if duplicate := known.duplicate(adding, [digest for _part, digest in add], record):
        return replace(result, verdict="conflict", message=duplicate)
    return result


def _images(records: Sequence[Record], takes: Sequence[_Take]) -> dict[int, dict[str, Any]]:
    """What records that are there have: what is said of them, if that changes, and their files."""
    said = writing.images(
        [take.record for take in takes if take.record is not None and take.change is not None]
    )
    own: dict[int, list[int]] = {record.pk: [] for record in records}
    for record, pk in RecordFile.objects.filter(record__in=list(own)).values_list("record", "pk"):
        own[record].append(pk)
    return {pk: {"record": said.get(pk), "files": found} for pk, found in own.items()}


def _stored(part: Part) -> Blob:
    """The bytes of a part in the library. Raises Problem where they are not those that were checked."""
    digest = sha256(part.file)
    blob = Blob.objects.filter(sha256=digest).first()
    if blob is not None and blobs.path(blob).exists():
        return blob
    try:
        with opened(part.file) as stream:
            blob = blobs.store_original(stream)
    except FileError as error:
        raise Problem("unreadable", detail=error.message) from None
    if blob.sha256 != digest:
        raise Problem("changed")
    return blob


def _attach(pks: Sequence[int], takes: Sequence[_Take]) -> None:
    """Add the files to their records and put them to work."""
    records = Record.objects.in_bulk(pks)
    rows = []
    for pk, take in zip(pks, takes, strict=True):
        tags = record_files.languages(records[pk])
        order = RecordFile.objects.filter(record=pk).count()
        for at, (part, _digest) in enumerate(take.add, order):
            blob = _stored(part)
            rows.append(
                RecordFile(
                    record_id=pk, blob=blob, asset=assets.ensure(blob, tags), name=part.file.base[:255], order=at,
                    caption=part.caption, licence=part.licence, protocol_id=part.protocol,
                    embargo_until=plan.day(part.embargo),
                )
            )  # fmt: skip
    RecordFile.objects.bulk_create(rows, batch_size=200)
