"""The importer of records: MARC, MARCXML, CSV and XLSX. See `jobs.imports.types.Importer`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db.models import Q

from access.domain.gate import visible
from access.domain.viewer import viewer_for
from access.models import User
from dictionary.formats.errors import FileError as AnyFileError
from dictionary.imports import legacy as common_legacy
from dictionary.imports.importer import version_of
from jobs.imports.types import (
    Advice,
    Applied,
    Checked,
    ImportRefused,
    Message,
    Phase,
    Restore,
    Source,
    SourceRow,
    Work,
)
from library.domain.kinds import kinds
from library.domain.problems import limits as content_limits
from library.domain.publish import delete
from library.domain.validation import validate
from library.formats.marc_read import Held
from library.imports import legacy, writing
from library.imports.merging import merged, said, without_ids
from library.imports.models import Original
from library.imports.source import Incoming, Wish, incoming, limits, message_of
from library.imports.writing import Change
from library.models import Holding, Record

NAME: Final = "library.records"


def _(msgid: str) -> str:
    """Marks a text for the catalogues; it is translated when it is shown."""
    return msgid


_DRAFT: Final = Message(
    "open-draft", _("Somebody is working on this record: it has a draft that is not published.")
)
HIDDEN: Final = Message(
    "hidden", _("A record of this name is here, and you may not see it. Ask who decides about it.")
)
_LOCKED: Final = Message("locked", _("This record is locked."))
_BOTH: Final = _("Both the file and people here changed: %(fields)s.")
_KIND: Final = _("There is no kind of record “%(kind)s”. There are: %(kinds)s.")
_CONTENT: Final = _("The content is not as it should be at %(place)s (%(code)s).")


@dataclass(frozen=True)
class Present:
    """A record that is there, with its original (unless it was made here) and its copies."""

    record: Record
    original: Original | None
    holdings: tuple[Held, ...]


class RecordImporter:
    """Records of other catalogues, and tables of records."""

    name = NAME
    title = _("Import of records")
    chunk = 200

    def count(self, source: Source) -> int:
        """Unknown before the file has been read: a MARC file has no number of records in it."""
        return 0

    def read(self, source: Source) -> Iterator[SourceRow]:
        """The records of the file, in order."""
        wish = Wish.of(source.params)
        for one in incoming(wish, source.path, source.name):
            titles = one.content.get("fields", {}).get("title") or [{}]
            error = one.error or refusal(one)
            yield SourceRow(one.number, one.where, one.key, str(titles[0].get("value", "")), one, error)

    def advise(self, source: Source) -> Sequence[Advice]:
        """Columns whose text looks as if it were in an encoding from before Unicode, or was taken for such."""
        try:
            return legacy.advice(Wish.of(source.params), source.path, source.name, limits())
        except AnyFileError as error:
            raise ImportRefused(message_of(error), error.place) from None

    def choices(self) -> Sequence[tuple[str, str]]:
        """The encodings from before Unicode, by their names in the reader's language."""
        return common_legacy.choices()

    def follow(self, params: Mapping[str, Any], key: str, value: str) -> dict[str, Any]:
        """The parameters with another encoding for one column."""
        return common_legacy.followed(params, key, value)

    def check(self, source: Source, rows: Sequence[SourceRow], *, lock: bool) -> Sequence[Checked]:
        """Compare the records with those that came from the same place before."""
        wish = Wish.of(source.params)
        present = records_named(wish, [row.key for row in rows], lock=lock)
        hidden = hidden_records(source, present)
        return [
            Checked("refused", message=HIDDEN)
            if (known := present.get(row.key)) and known.record.pk in hidden
            else verdict_of(wish, row.data, known)
            for row in rows
        ]

    def apply(self, source: Source, work: Sequence[Work]) -> Sequence[Applied]:
        """Write the records."""
        changes: list[Change] = [one.checked.payload for one in work]
        before = writing.images([change.record for change in changes if change.record is not None])
        pks = writing.write(changes, user_of(source))
        versions = self.versions(source, pks, lock=False)
        return [Applied(pk, before.get(pk), versions[pk]) for pk in pks]

    def versions(self, source: Source, targets: Sequence[int], *, lock: bool) -> Mapping[int, str]:
        """When each record was written last, and its last revision."""
        found = Record.objects.filter(pk__in=targets)
        if lock:
            found = found.select_for_update()
        columns = found.values_list("pk", "updated_at", "latest_revision", "live")
        return {pk: version_of(updated, revision, live=live) for pk, updated, revision, live in columns}

    def restore(self, source: Source, rows: Sequence[Restore]) -> None:
        """Put records back as they were; those that the import made are deleted."""
        delete([row.target for row in rows if row.before is None])
        writing.put_back({row.target: row.before for row in rows if row.before is not None}, user_of(source))

    def finished(self, source: Source, phase: Phase) -> None:
        """Nothing concerns the file as a whole."""


def hidden_records(source: Source, present: Mapping[str, Present]) -> set[int]:
    """Those of the records that the person who imports may not see; from the command line everything is seen."""
    pks = {one.record.pk for one in present.values()}
    if source.user_id is None or not pks:
        return set()
    seen = visible(Record.objects.filter(pk__in=pks), viewer_for(user_of(source)), drafts=True)
    return pks - set(seen.values_list("pk", flat=True))


def user_of(source: Source) -> User | None:
    """Who imports; None from the command line."""
    return User.objects.filter(pk=source.user_id).first() if source.user_id else None


def refusal(one: Incoming) -> Message | None:
    """Why what is said of a record cannot be stored."""
    if one.kind not in kinds():
        return Message("kind", _KIND, {"kind": one.kind, "kinds": ", ".join(kinds())})
    problems = validate(one.content, content_limits())
    if problems:
        return Message("content", _CONTENT, {"place": problems[0].path, "code": problems[0].code})
    return None


def records_named(wish: Wish, keys: Sequence[str], *, lock: bool) -> dict[str, Present]:
    """The records that came under these names, or that have these ARKs (from an export of ours)."""
    named = Q(original__key__in=keys, collection=wish.collection or None) | Q(ark__in=keys)
    pks = list(Record.objects.filter(named).values_list("pk", flat=True))
    found = Record.objects.filter(pk__in=pks)
    if lock:
        found = found.select_for_update()
    copies: dict[int, list[Held]] = {}
    for row in Holding.objects.filter(record__in=pks).order_by("pk"):
        held = Held(row.institution, row.location, row.call_number, row.item_id, row.note)
        copies.setdefault(row.record_id, []).append(held)
    originals = {row.record_id: row for row in Original.objects.filter(record__in=pks)}
    result: dict[str, Present] = {}
    for record in found.order_by("-pk"):
        one = Present(record, originals.get(record.pk), tuple(copies.get(record.pk, ())))
        result[one.original.key if one.original and one.original.key in keys else record.ark] = one
    return result


def verdict_of(wish: Wish, one: Incoming, present: Present | None) -> Checked:
    """What would become of a record that comes; the payload is the `Change` to write."""
    now = {"fields": without_ids(one.content), "holdings": [asdict(held) for held in one.holdings or ()]}
    original = {"key": one.key[:300], "format": wish.format, "data": one.raw, "said": now}
    if present is None:
        change = Change(
            one.content, one.kind, wish.collection or None, wish.publish, None, one.holdings, original
        )
        return Checked("add", message=one.warning, payload=change)
    record, before, partial = present.record, present.original, one.holdings is None
    version = version_of(record.updated_at, record.latest_revision_id, live=record.live)
    # What this file said last time; where it came from something else, what is here.
    known = before is not None and (before.format in ("csv", "xlsx")) == partial
    copies = [asdict(held) for held in present.holdings]
    last = (
        before.said
        if before is not None and known
        else {"fields": record.content["fields"], "holdings": copies}
    )
    result = merged(record.content, last, one.content, partial=partial)
    came = not partial and now["holdings"] not in (last.get("holdings", []), copies)
    if (
        not result.changed
        and not came
        and (partial or (before is not None and bytes(before.data) == one.raw))
    ):
        return Checked("same", record.pk, version)
    change = Change(
        result.content, record.kind, record.collection_id, record.live or wish.publish, record,
        one.holdings if came else None, original if known or before is None else None,
    )  # fmt: skip
    changes = said(record.content, result.content, result.changed)
    contested = list(result.contested)
    if came and copies != last.get("holdings", []):
        contested.append("holdings")
    message = one.warning
    if record.locked:
        message = _LOCKED
    elif record.has_unpublished_changes and record.latest_revision_id:
        message = _DRAFT
    elif contested:
        message = Message("both-changed", _BOTH, {"fields": ", ".join(contested)})
    else:
        return Checked("change", record.pk, version, message, changes, change)
    return Checked("conflict", record.pk, version, message, changes, change)
