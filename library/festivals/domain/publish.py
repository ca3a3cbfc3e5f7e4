"""Publishing festivals: the festival and the outbox change in one transaction.

Wagtail's signals (see `library.festivals.interfaces.signals`) call `reindex` and `forget` for whatever does not come
this way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.models import Revision

from library.festivals.domain import documents
from library.festivals.models import Festival
from search.domain import outbox

if TYPE_CHECKING:
    from access.models import User


def publish(festival: Festival, user: User | None = None) -> Revision:
    """Keep the festival's present state as a revision and publish it; the festival may be new.

    Raises ValidationError; nothing is written then.
    """
    festival.full_clean()
    return festival.publish_as_it_is(user)


def unpublish(festival: Festival, user: User | None = None) -> None:
    """Take a festival off the site; it stays as a draft."""
    festival.unpublish(user=user)


def reindex(pks: Sequence[int]) -> None:
    """Write the outbox rows of festivals as they are now; drafts are taken out of search."""
    with transaction.atomic():
        live = set(Festival.objects.filter(pk__in=pks, live=True).values_list("pk", flat=True))
        outbox.changed(documents.TYPE, sorted(live))
        forget([pk for pk in pks if pk not in live])


def forget(pks: Sequence[int]) -> None:
    """Take festivals out of search."""
    if pks:
        outbox.deleted(documents.TYPE, pks)
