"""Who may decide who sees what: stewards, over what is their communities' own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from access.domain.viewer import Viewer
from access.models import Protected, Protocol

if TYPE_CHECKING:
    from access.models import User


def may_set(user: User | None, permission: str, viewer: Viewer, holder: Protected) -> bool:
    """Whether a person, holding the permission, may change the protocol of this object.

    The protocol that holds now must be open to all or one of the person's own communities: a steward of one
    community does not open what belongs to another.
    """
    if user is None or not user.has_perm(permission):
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


def _is_open(protocol: Protocol | None) -> bool:
    return protocol is None or (protocol.community_id is None and protocol.level == Protocol.Level.PUBLIC)
