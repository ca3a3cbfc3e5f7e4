"""Publishing records: the record, its terms, its pages and cues and the outbox change in one transaction.

`publish`, `unpublish`, `delete` are for people's edits. Wagtail's signals (see `library.interfaces.signals`) call
`reindex` and `forget` for whatever does not come this way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from library.domain import collections, documents, inside_documents
from library.models import Collection, Record, RecordTerm
from search.domain import outbox
from search.domain.deletions import Deletions

if TYPE_CHECKING:
    from access.models import User

_BATCH: Final = 500


def publish(record: Record, user: User | None = None) -> Revision:
    """Keep the record's present state as a revision and publish it; the record may be new.

    Raises ValidationError; nothing is written then.
    """
    return record.publish_as_it_is(user)


def unpublish(record: Record, user: User | None = None) -> None:
    """Take a record off the site; it stays as a draft."""
    record.unpublish(user=user)


def delete(pks: Sequence[int]) -> int:
    """Delete records with their revisions, files and everything search knows of them. Gives how many there were."""
    return _deletions.delete(Record, pks)


def reindex(pks: Sequence[int]) -> None:
    """Write the terms, pages, cues and outbox rows of records as they are now; drafts are taken out of search."""
    with transaction.atomic():
        live = set(Record.objects.filter(pk__in=pks, live=True).values_list("pk", flat=True))
        documents.write_terms(sorted(live))
        outbox.changed(documents.TYPE, sorted(live))
        inside_documents.follow(sorted(live))
        forget([pk for pk in pks if pk not in live])


def forget(pks: Sequence[int]) -> None:
    """Take records out of search and lists."""
    if pks:
        with transaction.atomic():
            for start in range(0, len(pks), _BATCH):
                RecordTerm.objects.filter(record__in=pks[start : start + _BATCH]).delete()
            outbox.deleted(documents.TYPE, pks)
            inside_documents.leave(pks)


def touch(pks: Sequence[int]) -> None:
    """Say that records changed although their content did not: their documents get a higher version."""
    Record.objects.filter(pk__in=pks).update(updated_at=timezone.now())


def collection_changed(collection: Collection) -> None:
    """A collection has another rule of access, name or place: its records, and those of all that lies in it, are told
    to search, 500 at a time."""
    with transaction.atomic():
        below = collections.tree(Collection).below(collection.pk)
        # What their documents say of their collections changed, too: they get a higher version.
        Collection.objects.filter(pk__in=below).update(updated_at=timezone.now())
        found = Record.objects.filter(collection__in=[collection.pk, *below], live=True)
        pks = list(found.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(pks), _BATCH):
            outbox.changed(documents.TYPE, pks[start : start + _BATCH])
        inside_documents.collections_changed([collection.pk, *below])


_deletions: Final = Deletions("records", forget)
are_deletions_handled: Final = _deletions.are_handled
"""Whether search has been told already of the records that are deleted now."""
