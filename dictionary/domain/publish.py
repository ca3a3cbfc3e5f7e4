"""Publishing entries: the entry, what search looks up and the outbox change in one transaction.

`publish`, `unpublish`, `delete` are for people's edits; `apply_many` for imports and every bulk change. Wagtail's
signals (see `dictionary.interfaces.signals`) call `reindex` and `forget` for whatever does not come this way.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from dictionary.domain import documents, names
from dictionary.domain.content import Content, digest, upgrade, with_ids
from dictionary.models import Entry, Lexicon
from jobs.domain.quick_rows import insert, insert_like
from search.domain import outbox, rows
from search.domain.deletions import Deletions

if TYPE_CHECKING:
    from datetime import datetime

    from access.models import User

IMPORTED: Final = "dictionary.import"
_BATCH: Final = 500


@dataclass(frozen=True)
class Change:
    """One entry as it shall be: `pk` of the entry to change, or None for a new one.

    `fragment` is the source it was read from, verbatim; it is kept with the digest of the content, so that an
    export can tell whether the fragment still holds. `fragment_hash` is given when that was another content.
    """

    identity: str
    content: Content
    pk: int | None = None
    fragment: str = ""
    source_order: int = 0
    fragment_hash: str = ""


def publish(entry: Entry, user: User | None = None) -> Revision:
    """Keep the entry's present state as a revision and publish it; the entry may be new.

    Raises ValidationError; nothing is written then.
    """
    return entry.publish_as_it_is(user)


def unpublish(entry: Entry, user: User | None = None) -> None:
    """Take an entry off the site; it stays as a draft."""
    entry.unpublish(user=user)


def delete(pks: Sequence[int]) -> int:
    """Delete entries with their revisions and everything search knows of them. Gives how many there were."""
    return _deletions.delete(Entry, pks)


def reindex(pks: Sequence[int]) -> None:
    """Write the look-up rows and outbox rows of entries as they are now; drafts lose theirs."""
    with transaction.atomic():
        found = list(documents.documents(pks))
        live = {document.pk for document in found}
        rows.replace(found)
        outbox.changed(documents.TYPE, sorted(live))
        for start in range(0, len(pks), _BATCH):
            names.write(list(Entry.objects.filter(pk__in=pks[start : start + _BATCH], live=True)))
        forget([pk for pk in pks if pk not in live])


def forget(pks: Sequence[int]) -> None:
    """Take entries out of search."""
    if pks:
        with transaction.atomic():
            for start in range(0, len(pks), _BATCH):
                names.remove(pks[start : start + _BATCH])
            rows.remove(documents.TYPE, pks)
            outbox.deleted(documents.TYPE, pks)


def touch(pks: Sequence[int]) -> None:
    """Say that entries changed although their content did not: their documents get a higher version."""
    Entry.objects.filter(pk__in=pks).update(updated_at=timezone.now())


_deletions: Final = Deletions("entries", forget)
are_deletions_handled: Final = _deletions.are_handled
"""Whether search has been told already of the entries that are deleted now."""


def apply_many(
    lexicon: Lexicon,
    changes: Sequence[Change],
    *,
    user: User | None = None,
    live: bool = True,
    action: str = IMPORTED,
    keep_fragments: bool = False,
) -> list[int]:
    """Write many entries at once, in one transaction: rows, revisions, history, look-up rows, outbox.

    New entries get no revision (they are their own first one); a changed entry keeps what it was and what it is as
    revisions, so that every change can be undone. An open draft stays in the history and is no longer the latest:
    whether that may happen is for the caller to decide before. Content is taken as valid (`validation.validate`).
    `live=False` writes drafts and is for entries that are not published. `keep_fragments`: the content was edited
    here, so the digest of each fragment stays that of what it was read into. Gives the ids of the entries in the
    order of the changes. Raises Entry.DoesNotExist for an unknown `pk`.
    """
    now = timezone.now()
    with transaction.atomic():
        present = _present(lexicon, [change.pk for change in changes if change.pk is not None])
        # Imported entries have no revision: before the first change, what they were becomes one.
        _keep_revisions([entry for entry in present.values() if entry.latest_revision_id is None])
        blank = _blank(lexicon, now)
        new: list[Entry] = []
        changed: list[Entry] = []
        result: list[Entry] = []
        for change in changes:
            if change.pk is None:
                entry = blank()
                new.append(entry)
            else:
                entry = present[change.pk]
                changed.append(entry)
            read_into = entry.fragment_hash
            _set(entry, change, live=live, now=now)
            if keep_fragments:
                entry.fragment_hash = read_into
            result.append(entry)
        _insert(lexicon, new)
        _keep_revisions(changed, user, now)
        Entry.objects.bulk_update(changed, _WRITTEN, batch_size=100)
        _log(result, user, now, action)
        if live:
            rows.replace([documents.document(entry) for entry in result], new=not changed)
            names.write(result, new=not changed)
            outbox.changed(documents.TYPE, [entry.pk for entry in result])
    return [entry.pk for entry in result]


_OWN: Final = (
    "uuid", "identity", "content", "headword", "sort_key", "gloss", "fragment", "fragment_hash", "source_order",
)  # fmt: skip
_WRITTEN: Final = (
    "content", "headword", "gloss", "sort_key", "identity", "fragment", "fragment_hash", "source_order", "updated_at",
    "live", "has_unpublished_changes", "first_published_at", "last_published_at", "latest_revision", "live_revision",
)  # fmt: skip


def _blank(lexicon: Lexicon, now: datetime) -> Callable[[], Entry]:
    """What makes new entries; the defaults of their columns are asked for once, which is most of that work."""
    example = Entry(lexicon=lexicon, created_at=now)
    columns = [field.attname for field in Entry._meta.concrete_fields]
    values = [getattr(example, column) for column in columns]
    its_uuid, its_content = columns.index("uuid"), columns.index("content")

    def blank() -> Entry:
        values[its_uuid], values[its_content] = uuid.uuid4(), {}
        entry = Entry(*values)
        entry.lexicon = lexicon
        return entry

    return blank


def _insert(lexicon: Lexicon, new: Sequence[Entry]) -> None:
    """Insert new entries and learn their primary keys by their identities."""
    insert(new, _OWN)
    pks: dict[str, int] = {}
    for start in range(0, len(new), _BATCH):
        identities = [entry.identity for entry in new[start : start + _BATCH]]
        found = Entry.objects.filter(lexicon=lexicon, identity__in=identities)
        pks.update(found.values_list("identity", "pk"))
    for entry in new:
        entry.pk = pks[entry.identity]
        entry._state.adding = False


def _present(lexicon: Lexicon, pks: Sequence[int]) -> dict[int, Entry]:
    found = {
        entry.pk: entry for entry in Entry.objects.select_for_update().filter(pk__in=pks, lexicon=lexicon)
    }
    for pk in pks:
        if pk not in found:
            raise Entry.DoesNotExist(f"The lexicon {lexicon.slug} has no entry {pk}.")
        found[pk].lexicon = lexicon
    return found


def _set(entry: Entry, change: Change, *, live: bool, now: datetime) -> None:
    entry.content = with_ids(upgrade(change.content))
    entry.identity = change.identity
    entry.fragment = change.fragment
    entry.fragment_hash = (change.fragment_hash or digest(entry.content)) if change.fragment else ""
    entry.source_order = change.source_order
    entry.derive()
    entry.updated_at = now
    if live:
        entry.live = True
        entry.has_unpublished_changes = False
        entry.first_published_at = entry.first_published_at or now
        entry.last_published_at = now
    else:
        entry.live = entry.live and entry.pk is not None
        entry.has_unpublished_changes = True


def _keep_revisions(entries: list[Entry], user: User | None = None, now: datetime | None = None) -> None:
    """Keep what these entries are now as their latest revisions, live ones if they are live."""
    kind = ContentType.objects.get_for_model(Entry, for_concrete_model=False)
    kept = Revision.objects.bulk_create(
        [
            Revision(
                content_type=kind, base_content_type=kind, object_id=str(entry.pk), user=user,
                created_at=now or entry.updated_at, object_str=str(entry), content=entry.serializable_data(),
            )
            for entry in entries
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    for entry, revision in zip(entries, kept, strict=True):
        entry.latest_revision = revision
        if entry.live:
            entry.live_revision = revision


def _log(entries: Iterable[Entry], user: User | None, now: datetime, action: str) -> None:
    kind = ContentType.objects.get_for_model(Entry, for_concrete_model=False)
    insert_like(
        ModelLogEntry(
            content_type=kind, action=action, timestamp=now, uuid=uuid.uuid4(), user=user, content_changed=True,
            deleted=False,
        ),
        ("object_id", "label", "revision"),
        [(str(entry.pk), str(entry), entry.latest_revision_id) for entry in entries],
    )  # fmt: skip
