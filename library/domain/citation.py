"""How to cite a record: a sentence, and the same as BibTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from library.domain.presentation import RecordView

_ESCAPES = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
})  # fmt: skip
_TYPES = {"book": "book", "policy": "techreport", "manuscript": "unpublished"}


@dataclass(frozen=True)
class Citation:
    """The same citation in the forms that people copy."""

    plain: str
    bibtex: str


def cite(record: RecordView, url: str, seen: date) -> Citation:
    """The citation of a record at its address, seen on a day. Names stand as they were written, never turned round."""
    creators = "; ".join(record.all("creator"))
    dates = ", ".join(record.edtf())
    parts = [
        creators, f"({dates})" if dates else "", record.title.text, f"[{record.kind_name}]", record.first("publisher"),
        record.collection_title, "Nhà Sàn", record.ark,
        gettext("%(url)s (seen on %(day)s)") % {"url": url, "day": seen.isoformat()},
    ]  # fmt: skip
    plain = ". ".join(part for part in parts if part) + "."
    fields = {
        # Braces keep BibTeX from turning a name round.
        "author": " and ".join(f"{{{_escaped(name)}}}" for name in record.all("creator")),
        "title": _escaped(record.title.text),
        "publisher": _escaped(record.first("publisher")),
        "year": next(iter(re.findall(r"\d{4}", dates)), ""),
        "note": _escaped(record.ark),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    address = url.replace("{", "%7B").replace("}", "%7D")
    lines += [f"  url = {{{address}}},", f"  urldate = {{{seen.isoformat()}}},"]
    key = re.sub(r"[^a-z0-9]+", "-", record.ark.removeprefix("ark:"))
    head = f"@{_TYPES.get(record.kind.id, 'misc')}{{{key},"
    return Citation(plain, "\n".join([head, *lines, "}"]))


def _escaped(text: str) -> str:
    return " ".join(text.split()).translate(_ESCAPES)
