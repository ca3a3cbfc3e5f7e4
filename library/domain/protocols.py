"""Deciding who sees records: at once, published or not. See `access.domain.protocols` for who may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from access.models import Protocol
from library.domain import publish
from library.models import Record

PERMISSION: Final = "library.set_record_protocol"


def set_protocol(records: Sequence[Record], protocol: Protocol | None) -> None:
    """Put records under a protocol (None: as open as their collection), at once, published or not."""
    pks = [record.pk for record in records]
    with transaction.atomic():
        Record.objects.filter(pk__in=pks).update(protocol=protocol)
        publish.touch(pks)
        publish.reindex(pks)
