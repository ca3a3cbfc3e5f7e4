"""Who is looking: a frozen value that every outlet computes once per request and hands down.

Who sees what (design section 10; docs/access.md says the same in plain words):

=============  =============================================================
level          who
=============  =============================================================
public         everybody
community      members of the protocol's community
restricted     stewards of the protocol's community
=============  =============================================================

Administrators (superusers, and whoever holds `access.see_everything`) see every level. A protocol without a
community whose level is not public is for administrators only. A protocol under embargo is for administrators
and for the stewards of its community until the day comes; so is an object under embargo (see
`Viewer.permits`). A level that is not known is seen by administrators alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser, Permission
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from access.models import Protocol, User

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class Viewer:
    """What one person may see today, as plain data.

    `allowed` and `forbidden` are ids of protocols and together hold all that exist; a protocol in neither
    (made since) is not visible. `stewarded` are the ids of protocols of communities that the viewer is a
    steward of.
    """

    user_id: int | None
    allowed: frozenset[int]
    forbidden: frozenset[int]
    sees_embargoed: bool
    today: date
    stewarded: frozenset[int] = frozenset()

    def permits(self, protocols: Iterable[int], embargo: date | None = None) -> bool:
        """The rule itself, on values: may this viewer see what stands under these protocols and this embargo?

        `protocols` are the ids of the object's protocol and those of all its parents; `embargo` the latest
        day of all of them. An embargo that is not over is lifted for administrators, and for a steward of
        every protocol named (at least one).
        """
        ids = frozenset(protocols)
        if not ids <= self.allowed:
            return False
        if embargo is None or embargo <= self.today or self.sees_embargoed:
            return True
        return bool(ids) and ids <= self.stewarded


def viewer_for(user: User | AnonymousUser | None, *, today: date | None = None) -> Viewer:
    """The viewer that a user (None, anonymous or inactive: the public) is. Two queries.

    `today` is the day in the site's time zone unless told otherwise.
    """
    today = today or timezone.localdate()
    administrator, communities, stewardships = _standing(None if user is None else user.pk)
    allowed: set[int] = set()
    forbidden: set[int] = set()
    stewarded: set[int] = set()
    for pk, level, community, embargo in Protocol.objects.order_by().values_list(
        "pk", "level", "community_id", "embargo_until"
    ):
        steward = community in stewardships
        if steward:
            stewarded.add(pk)
        opened = level == Protocol.Level.PUBLIC or (
            level == Protocol.Level.COMMUNITY and community in communities
        )
        if embargo is not None and embargo > today:
            opened = False
        known = level in Protocol.Level.values
        (allowed if administrator or opened or (steward and known) else forbidden).add(pk)
    return Viewer(
        user_id=user.pk if user is not None and user.is_active else None,
        allowed=frozenset(allowed),
        forbidden=frozenset(forbidden),
        sees_embargoed=administrator,
        today=today,
        stewarded=frozenset(stewarded),
    )


def nobody() -> Viewer:
    """A viewer who may see only what stands under no protocol and no embargo. No query."""
    return Viewer(None, frozenset(), frozenset(), sees_embargoed=False, today=date.min)


def anonymous(*, today: date | None = None) -> Viewer:
    """The public: whoever has not logged in. One query."""
    return viewer_for(None, today=today)


def administrator(*, today: date | None = None) -> Viewer:
    """Whoever runs the site, at its command line: sees every protocol and embargo. One query."""
    every = frozenset(Protocol.objects.order_by().values_list("pk", flat=True))
    return Viewer(None, every, frozenset(), sees_embargoed=True, today=today or timezone.localdate())


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of a request, computed once and kept on it."""
    kept = getattr(request, "_viewer", None)
    if not isinstance(kept, Viewer):
        user = getattr(request, "user", None)
        kept = viewer_for(user if isinstance(user, User) else None)
        request._viewer = kept  # type: ignore[attr-defined]
    return kept


def _standing(user_id: int | None) -> tuple[bool, set[int], set[int]]:
    """Administrator or not, the communities one belongs to, and those one is a steward of. One query."""
    communities: set[int] = set()
    stewardships: set[int] = set()
    if user_id is None:
        return False, communities, stewardships
    everything = Permission.objects.filter(
        Q(group__user=OuterRef("pk")) | Q(user=OuterRef("pk")),
        content_type__app_label="access",
        codename="see_everything",
    )
    rows = (
        User.objects.filter(pk=user_id, is_active=True)
        .annotate(sees_everything=Exists(everything))
        .values_list("is_superuser", "sees_everything", "memberships__community_id", "memberships__steward")
    )
    administrator = False
    for superuser, everything_seen, community, steward in rows:
        administrator = superuser or everything_seen
        if community is not None:
            communities.add(community)
            if steward:
                stewardships.add(community)
    return administrator, communities, stewardships
