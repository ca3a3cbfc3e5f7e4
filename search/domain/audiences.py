"""Who may see what, for queries: which combinations of protocols and embargo a viewer may see.

Documents stand under one of few audiences (`Document.audience`), so a query asks for audiences, never for
levels: those are resolved by `access` at query time. An audience that cannot be read is seen by nobody.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from access.domain.viewer import Viewer
from search.models import Audience

KEPT_FOR = 0.5
"""Seconds for which the list of all audiences is not read again."""


def permitted(viewer: Viewer, audience: str) -> bool:
    """Whether the viewer may see the documents of this audience; False for one that is not well-formed."""
    embargo, separator, ids = audience.partition(":")
    try:
        protocols = [int(pk) for pk in ids.split(",")] if ids else []
        day = date.fromordinal(int(embargo)) if int(embargo) else None
    except (ValueError, OverflowError):
        return False
    return bool(separator) and viewer.permits(protocols, day)


def hidden(viewer: Viewer, audiences: Iterable[str]) -> list[str]:
    """Those of these audiences that the viewer may not see."""
    return [audience for audience in audiences if not permitted(viewer, audience)]


def permitted_keys(viewer: Viewer) -> list[str]:
    """The audiences that the viewer may see, of all that any document was ever under.

    The list of all is kept for a moment. An audience that another process made meanwhile is seen by nobody until then;
    a rule that is tightened holds at once, because an audience names protocols and the viewer says which are open.
    A condition must not turn this round (`Not(SeenBy)`): a list that is too short would show too much then.
    """
    now = time.monotonic()
    if now - _Kept.read_at > KEPT_FOR:
        _Kept.keys, _Kept.read_at = tuple(Audience.objects.values_list("key", flat=True)), now
    return [key for key in _Kept.keys if permitted(viewer, key)]


class _Kept:
    """All audiences, and when they were read."""

    keys: tuple[str, ...] = ()
    read_at = float("-inf")


def seen_by(viewer: Viewer) -> Q:
    """The condition on look-up rows that the viewer may see them. One query over the few audiences."""
    known = Audience.objects.values_list("id", "key")
    return Q(audience__in=[pk for pk, key in known if permitted(viewer, key)])


def ids_of(audiences: Iterable[str]) -> dict[str, int]:
    """The ids of these audiences, made where they are new."""
    wanted = set(audiences)
    found = _ids(wanted)
    if len(found) < len(wanted):
        missing = [Audience(key=key) for key in sorted(wanted - found.keys())]
        Audience.objects.bulk_create(missing, ignore_conflicts=True)
        _Kept.read_at = float("-inf")
        found = _ids(wanted)
    return found


def _ids(wanted: set[str]) -> dict[str, int]:
    return dict(Audience.objects.filter(key__in=wanted).values_list("key", "id"))
