"""Who may decide who sees what: stewards, over what is their communities' own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from access.domain.viewer import Viewer
from access.models import Protocol
from library.domain import publish
from library.models import Record

if TYPE_CHECKING:
    from access.models import Protected, User

PERMISSION: Final = "library.set_record_protocol"


def may_set(user: User, viewer: Viewer, holder: Protected) -> bool:
    """Whether a person may change the protocol of this record, collection or file.

    It takes the permission, and the protocol that holds now must be open to all or one of the person's own
    communities: a steward of one community does not open what belongs to another.
    """
    if not user.has_perm(PERMISSION):
        return False
    if viewer.sees_embargoed or holder.protocol_id is None:
        return True
    return holder.protocol_id in viewer.stewarded or _is_open(holder.protocol)


def choices(viewer: Viewer) -> QuerySet[Protocol]:
    """The protocols that a person may choose from: those of nobody in particular, and of their communities."""
    if viewer.sees_embargoed:
        return Protocol.objects.all()
    return Protocol.objects.filter(
        Q(pk__in=viewer.stewarded) | Q(community=None, level=Protocol.Level.PUBLIC)
    )


def set_protocol(records: Sequence[Record], protocol: Protocol | None) -> None:
    """Put records under a protocol (None: as open as their collection), at once, published or not."""
    pks = [record.pk for record in records]
    with transaction.atomic():
        Record.objects.filter(pk__in=pks).update(protocol=protocol)
        publish.touch(pks)
        publish.reindex(pks)


def _is_open(protocol: Protocol | None) -> bool:
    return protocol is None or (protocol.community_id is None and protocol.level == Protocol.Level.PUBLIC)
