"""Deciding who sees records: at once, published or not. See `access.domain.protocols` for who may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db import transaction

from access.models import Protocol
from library.domain import publish
from library.models import Record

PERMISSION: Final = "library.set_record_protocol"


def set_protocol(records: Sequence[Record], protocol: Protocol | None) -> None:
    """Put records under a protocol (None: as open as their collection), at once, published or not."""
    _set(records, protocol=protocol)


def set_embargo(records: Sequence[Record], until: date | None) -> None:
    """Close records until a day (None: put no day on them), at once, published or not."""
    _set(records, embargo_until=until)


def _set(records: Sequence[Record], **values: Protocol | date | None) -> None:
    pks = [record.pk for record in records]
    with transaction.atomic():
        Record.objects.filter(pk__in=pks).update(**values)
        publish.touch(pks)
        publish.reindex(pks)
