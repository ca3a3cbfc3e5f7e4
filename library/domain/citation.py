"""How to cite a record: a sentence, and the same as BibTeX."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from library.formats.bibtex import bibtex
from library.formats.work import Work


@dataclass(frozen=True)
class Citation:
    """The same citation in the forms that people copy."""

    plain: str
    bibtex: str


def cite(work: Work, seen: date) -> Citation:
    """The citation of a record, seen on a day. Names stand as they were written, never turned round."""
    creators = "; ".join(name.text for name in work.creators)
    dates = ", ".join(work.dates)
    parts = [
        creators, f"({dates})" if dates else "", work.title.text, f"[{work.kind}]", *work.publishers[:1],
        work.collection, work.house, work.ark,
        gettext("%(url)s (seen on %(day)s)") % {"url": work.url, "day": seen.isoformat()},
    ]  # fmt: skip
    return Citation(". ".join(part for part in parts if part) + ".", bibtex(work, seen))
