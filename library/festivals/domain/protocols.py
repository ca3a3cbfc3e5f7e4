"""Who may decide who sees a festival, and deciding it: at once, published or not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from access.domain.viewer import Viewer
from access.models import Protected, Protocol
from library.festivals.domain import publish
from library.festivals.models import Festival

if TYPE_CHECKING:
    from access.models import User

PERMISSION: Final = "festivals.set_festival_protocol"


def may_set(user: User | None, viewer: Viewer, holder: Protected) -> bool:
    """Whether a person may change the protocol of this festival or picture: with the permission, and when the one that
    holds now is open to all or of one of the person's own communities."""
    if user is None or not user.has_perm(PERMISSION):
        return False
    protocol = holder.protocol
    if viewer.sees_embargoed or protocol is None or protocol.pk in viewer.stewarded:
        return True
    return protocol.community_id is None and protocol.level == Protocol.Level.PUBLIC


def set_protocol(festival: Festival, protocol: Protocol | None, embargo_until: date | None) -> None:
    """Put a festival under a protocol (None: open) and an embargo; search is told in the same transaction."""
    with transaction.atomic():
        Festival.objects.filter(pk=festival.pk).update(
            protocol=protocol, embargo_until=embargo_until, updated_at=timezone.now()
        )
        publish.reindex([festival.pk])
