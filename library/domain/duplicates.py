"""Is this catalogued already? Records with the same identifier, or a title of the same letters."""

from __future__ import annotations

from django.db.models import QuerySet

from library.domain.folding import bare, folded
from library.models import Record

MOST = 5


def like(records: QuerySet[Record], *, title: str = "", identifier: str = "") -> list[Record]:
    """Of these records (which the viewer may see) those that may be the same thing, at most five.

    Titles are compared without case and marks; identifiers without hyphens and blanks (ISBN, ISSN).
    """
    found: dict[int, Record] = {}
    light = records.defer("content")
    wanted_title = folded(title)[:500]
    if wanted_title:
        for record in light.filter(title_folded=wanted_title)[:MOST]:
            found[record.pk] = record
    wanted = bare(identifier)
    if len(wanted) >= 4:
        for record in light.filter(identifiers__contains=wanted)[: 4 * MOST]:
            if wanted in record.identifiers.split(" "):
                found[record.pk] = record
    return list(found.values())[:MOST]
