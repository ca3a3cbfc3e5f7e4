"""RIS (Research Information Systems, "RefMan"): lines of a tag and a value, ended by CR LF."""

from __future__ import annotations

from datetime import date
from typing import Final

from library.formats.work import Work, date_parts, first_year

_TYPES: Final = {
    "Book": "BOOK",
    "Manuscript": "MANSCPT",
    "Photograph": "ART",
    "AudioObject": "SOUND",
    "Movie": "MPCT",
    "Legislation": "GOVDOC",
    "Product": "ART",
}


def ris(work: Work, seen: date) -> str:
    """One reference. A name without a comma is kept as it is by those who read it."""
    lines = [("TY", _TYPES.get(work.type, "GEN")), ("ID", work.ark), ("TI", work.title.text)]
    lines += [("TT", each.text) for each in work.alternatives]
    lines += [("AU", name.text) for name in work.creators]
    lines += [({"edt": "ED", "trl": "A4"}.get(name.role, "A3"), name.text) for name in work.contributors]
    lines += [("PY", first_year(work.dates)), ("DA", _day(work)), ("PB", "; ".join(work.publishers))]
    lines += [("LA", tag) for tag in work.languages]
    lines += [("SN", isbn) for isbn in work.isbns()]
    lines += [("AB", each.text) for each in work.descriptions]
    lines += [("KW", each) for each in (*work.subjects, *work.places)]
    lines += [
        ("T3", work.collection),
        ("DP", work.house),
        ("UR", work.url),
        ("Y2", seen.strftime("%Y/%m/%d/")),
    ]
    lines += [("N1", work.ark)]
    text = "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines if value.strip())
    return text + "ER  - \r\n"


def _day(work: Work) -> str:
    found = date_parts(work.dates)
    if found is None:
        return ""
    year, *rest = found[0][0]
    month, day = ([f"{part:02}" for part in rest] + ["", ""])[:2]
    return f"{year:04}/{month}/{day}/"
