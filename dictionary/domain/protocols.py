"""Deciding who sees entries: at once, published or not. See `access.domain.protocols` for who may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from access.models import Protocol
from dictionary.domain import publish
from dictionary.models import Entry

PERMISSION: Final = "dictionary.set_protocol"


def set_protocol(entries: Sequence[Entry], protocol: Protocol | None) -> None:
    """Put entries under a protocol (None: as open as their lexicon), at once, published or not."""
    pks = [entry.pk for entry in entries]
    with transaction.atomic():
        Entry.objects.filter(pk__in=pks).update(protocol=protocol)
        publish.touch(pks)
        publish.reindex(pks)
