"""Changes to a selection of records: each keeps its revisions, all reach search in the same transaction."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from library.domain import publish
from library.domain.content import Content, new_id
from library.models import Collection, People, Record

if TYPE_CHECKING:
    from access.models import User


def set_collection(records: Sequence[Record], collection: Collection | None) -> None:
    """Put records into a collection, at once, published or not: from then on its rule of access holds for them."""
    pks = [record.pk for record in records]
    with transaction.atomic():
        Record.objects.filter(pk__in=pks).update(collection=collection)
        publish.touch(pks)
        publish.reindex(pks)


def add_people(records: Sequence[Record], people: People, user: User | None = None) -> list[Record]:
    """Say that records are from or about a people. Gives those that were left as they are: see `is_busy`."""
    left: list[Record] = []
    for record in records:
        if is_busy(record):
            left.append(record)
            continue
        edited = with_people(record.content, people.number)
        if edited == record.content:
            continue
        record.content = edited
        with transaction.atomic():
            if record.live:
                publish.publish(record, user)
            else:
                record.save_revision(user=user, log_action=True)
                record.save(update_fields=["content"])
    return left


def with_people(content: Content, number: str) -> Content:
    """A copy of the content that names the people."""
    edited = copy.deepcopy(content)
    named = edited["fields"].setdefault("people", [])
    if not any(node.get("people") == number for node in named):
        named.append({"id": new_id(), "people": number})
    return edited


def is_busy(record: Record) -> bool:
    """Whether somebody is at work on a record: it is locked, or has a draft that was not published.

    Publishing it would publish or lose somebody's unfinished work.
    """
    return bool(record.locked or (record.has_unpublished_changes and record.latest_revision_id is not None))
