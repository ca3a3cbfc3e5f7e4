"""BibTeX, as LaTeX and reference managers read it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from library.formats.work import Work, first_year

_ESCAPES: Final = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
})  # fmt: skip
_TYPES: Final = {"Book": "book", "Legislation": "techreport", "Manuscript": "unpublished"}


def bibtex(work: Work, seen: date) -> str:
    """One entry; in UTF-8, with what TeX would take for commands escaped."""
    fields = {
        "author": _names(name.text for name in work.creators if name.role not in ("edt", "trl")),
        "editor": _names(work.by_role("edt")),
        "translator": _names(work.by_role("trl")),
        "title": _escaped(work.title.text),
        "publisher": _escaped("; ".join(work.publishers)),
        "year": first_year(work.dates),
        "isbn": _escaped(" ".join(work.isbns())),
        "langid": _escaped(work.languages[0]) if work.languages else "",
        "howpublished": _escaped(", ".join(part for part in (work.collection, work.house) if part)),
        "note": _escaped(work.ark),
        "url": work.url.replace("{", "%7B").replace("}", "%7D"),
        "urldate": seen.isoformat(),
    }
    key = re.sub(r"[^a-z0-9]+", "-", work.ark.removeprefix("ark:"))
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{_TYPES.get(work.type, 'misc')}{{{key},", *lines, "}"])


def _names(names: Iterable[str]) -> str:
    # Braces keep BibTeX from turning a name round.
    return " and ".join(f"{{{_escaped(name)}}}" for name in names)


def _escaped(text: str) -> str:
    return " ".join(text.split()).translate(_ESCAPES)
