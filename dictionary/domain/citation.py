"""How to cite an entry: as a sentence and as BibTeX (@incollection, the entry standing in its lexicon)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from dictionary.domain.presentation import EntryView

_ESCAPES = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
})  # fmt: skip


@dataclass(frozen=True)
class Citation:
    """The same citation in the forms that people copy."""

    plain: str
    bibtex: str


def cite(entry: EntryView, url: str, seen: date) -> Citation:
    """The citation of an entry at its address, seen on a day."""
    return Citation(plain(entry, url, seen), bibtex(entry, url, seen))


def plain(entry: EntryView, url: str, seen: date) -> str:
    """One sentence: headword, lexicon, authors, year, address, day; parts that are unknown are left out."""
    lexicon = entry.lexicon
    parts = [
        f"“{entry.headword.text}”",
        ", ".join(part for part in (lexicon.authors, lexicon.year) if part),
        lexicon.title,
        "Nhà Sàn",
        gettext("%(url)s (seen on %(day)s)") % {"url": url, "day": seen.isoformat()},
    ]
    return ". ".join(part for part in parts if part) + "."


def bibtex(entry: EntryView, url: str, seen: date) -> str:
    """A BibTeX record; every value is escaped, text is UTF-8 (biber, or inputenc)."""
    lexicon = entry.lexicon
    fields = {
        "title": entry.headword.text,
        "booktitle": lexicon.title,
        "author": " and ".join(part.strip() for part in re.split(r"[;,]", lexicon.authors) if part.strip()),
        "year": lexicon.year,
        "publisher": "Nhà Sàn",
        "language": entry.language,
        "note": lexicon.licence,
    }
    lines = [f"  {name} = {{{_escaped(value)}}}," for name, value in fields.items() if value]
    # An address is taken verbatim by BibTeX's url; only what would end the field is encoded.
    address = url.replace("{", "%7B").replace("}", "%7D")
    lines += [f"  url = {{{address}}},", f"  urldate = {{{seen.isoformat()}}},"]
    return "\n".join([f"@incollection{{nhasan-{entry.id},", *lines, "}"])


def _escaped(value: str) -> str:
    return " ".join(value.split()).translate(_ESCAPES)
