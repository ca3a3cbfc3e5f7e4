"""Deciding who sees a festival: at once, published or not. See `access.domain.protocols` for who may."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone

from access.models import Protocol
from library.festivals.domain import publish
from library.festivals.models import Festival

PERMISSION: Final = "festivals.set_festival_protocol"


def set_protocol(festival: Festival, protocol: Protocol | None, embargo_until: date | None) -> None:
    """Put a festival under a protocol (None: open) and an embargo; search is told in the same transaction."""
    with transaction.atomic():
        Festival.objects.filter(pk=festival.pk).update(
            protocol=protocol, embargo_until=embargo_until, updated_at=timezone.now()
        )
        publish.reindex([festival.pk])
