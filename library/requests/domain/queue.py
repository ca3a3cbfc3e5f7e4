"""Who handles which request. A request is shown to whom its material would be, were it not closed by requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from access.domain.gate import may_see, protocols_of
from access.domain.stewardship import is_administrator
from access.domain.viewer import Viewer, viewer_for
from access.models import User
from library.requests.domain import material
from library.requests.models import Request

ALL: Final = "requests.answer_request"
COMMUNITY: Final = "requests.answer_community_request"


@dataclass(frozen=True)
class Item:
    """A request, and what it is about; None when that is gone."""

    request: Request
    thing: material.Material | None


def may_handle_any(user: User) -> bool:
    """Whether the person handles requests at all."""
    return user.has_perm(ALL) or user.has_perm(COMMUNITY)


def handled(requests: Iterable[Request], user: User, viewer: Viewer) -> list[Item]:
    """Those of the requests that the person handles, in their order."""
    if not may_handle_any(user):
        return []
    rows = list(requests)
    found = material.find((row.about, row.target) for row in rows)
    items = [Item(row, found.get((row.about, row.target))) for row in rows]
    return [item for item in items if _may(item, user, viewer)]


def find(pk: int, user: User, viewer: Viewer) -> Item | None:
    """A request that the person handles."""
    items = handled(Request.objects.filter(pk=pk).select_related("assignee"), user, viewer)
    return items[0] if items else None


def colleagues(item: Item) -> list[User]:
    """Everybody who handles a request, by name. Some queries for each person with the permission."""
    found: list[User] = []
    backend = "django.contrib.auth.backends.ModelBackend"
    for permission in (ALL, COMMUNITY):
        found += User.objects.with_perm(permission, backend=backend).exclude(
            pk__in=[each.pk for each in found]
        )
    able = [each for each in found if _may(item, each, viewer_for(each))]
    return sorted(able, key=lambda each: each.get_full_name() or each.get_username())


def waiting(user: User, viewer: Viewer) -> Mapping[str, int]:
    """How many requests wait for the person: `open`, and `overdue` among them."""
    items = handled(Request.objects.filter(state__in=Request.OPEN), user, viewer)
    return {"open": len(items), "overdue": sum(item.request.is_overdue for item in items)}


def _may(item: Item, user: User, viewer: Viewer) -> bool:
    if is_administrator(user):
        return True
    if item.thing is not None:
        protocols = protocols_of(item.thing)[0]
        seen = may_see(item.thing, viewer, drafts=True)
    else:
        protocols = frozenset(item.request.protocols or ())
        seen = item.request.protocols is not None and viewer.permits(protocols)
    return seen and (user.has_perm(ALL) or bool(protocols & viewer.stewarded))
