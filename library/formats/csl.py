"""CSL-JSON (Citation Style Language 1.0.2, schema csl-data.json): what citation managers and citeproc read."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from library.formats.work import Work, date_parts

_TYPES: Final = {
    "Book": "book",
    "Manuscript": "manuscript",
    "Photograph": "graphic",
    "AudioObject": "song",
    "Movie": "motion_picture",
    "Legislation": "legislation",
    "Product": "graphic",
}
_ROLES: Final = {
    "edt": "editor",
    "trl": "translator",
    "ill": "illustrator",
    "drt": "director",
    "cmp": "composer",
    "ivr": "interviewer",
}


def csl(work: Work, seen: date) -> dict[str, Any]:
    """One item. Names are `literal`: a style must not turn them round. A date that has no parts is said in words."""
    item: dict[str, Any] = {
        "id": work.ark,
        "type": _TYPES.get(work.type, "article"),
        "title": work.title.text,
        "URL": work.url,
        "accessed": {"date-parts": [[seen.year, seen.month, seen.day]]},
        "note": work.ark,
        "medium": work.kind,
    }
    for role, variable in _ROLES.items():
        if names := work.by_role(role):
            item[variable] = [{"literal": name} for name in names]
    if authors := [name.text for name in work.creators if name.role not in _ROLES]:
        item["author"] = [{"literal": name} for name in authors]
    if work.dates:
        found = date_parts(work.dates)
        if found is None:
            item["issued"] = {"literal": work.dates[0]}
        else:
            item["issued"] = {"date-parts": found[0], **({"circa": True} if found[1] else {})}
    for name, value in (
        ("publisher", "; ".join(work.publishers)),
        ("language", work.languages[0] if work.languages else work.title.lang),
        ("abstract", work.descriptions[0].text if work.descriptions else ""),
        ("ISBN", " ".join(work.isbns())),
        ("archive", work.house),
        ("source", work.collection),
        ("keyword", ", ".join(work.subjects)),
    ):
        if value:
            item[name] = value
    return item
