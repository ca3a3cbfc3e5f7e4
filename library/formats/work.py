"""What citations and linked data say of a record, as plain values: the input of their serialisers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from library.domain.edtf import EdtfError, span

_DATE = re.compile(r"(-?\d{4})(?:-(\d{2}))?(?:-(\d{2}))?([?~%]?)(?:T.*)?\Z")
_ISBN = re.compile(r"(?:ISBN(?:-1[03])?:?\s*)?((?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx])\Z")


@dataclass(frozen=True)
class Name:
    """Somebody by the name as it is written, never turned round. `role` is a code of the MARC relator list, or ""."""

    text: str
    role: str = ""
    organisation: bool = False


@dataclass(frozen=True)
class Words:
    """A text with its BCP 47 tag, or ""."""

    text: str
    lang: str = ""


@dataclass(frozen=True)
class Work:
    """A record as others cite it. `type` is its schema.org type, `dates` are EDTF, `licence` a code or words."""

    ark: str
    url: str
    type: str
    kind: str
    title: Words
    alternatives: tuple[Words, ...] = ()
    creators: tuple[Name, ...] = ()
    contributors: tuple[Name, ...] = ()
    publishers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    descriptions: tuple[Words, ...] = ()
    subjects: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    extents: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    licence: str = ""
    collection: str = ""
    house: str = ""

    def isbns(self) -> tuple[str, ...]:
        """The identifiers that have the form of an ISBN."""
        return tuple(found[1] for each in self.identifiers if (found := _ISBN.match(each.strip())))

    def by_role(self, code: str) -> tuple[str, ...]:
        """Who did this for it, by a code of the MARC relator list."""
        return tuple(name.text for name in (*self.creators, *self.contributors) if name.role == code)


def date_parts(dates: Iterable[str]) -> tuple[list[list[int]], bool] | None:
    """The first date of EDTF as lists of year, month, day (two of an interval), and whether it is uncertain.

    None where the first date cannot be said so (decades, seasons, sets, open intervals).
    """
    text = next(iter(dates), "")
    found = [_DATE.match(part) for part in text.split("/")]
    try:
        span(text)
    except EdtfError:
        return None
    if not all(found) or len(found) > 2:
        return None
    parts = [[int(part) for part in match.groups()[:3] if part] for match in found if match]
    if any(part[1:2] and part[1] > 12 for part in parts):
        return None
    return parts, any(match[4] for match in found if match)


def first_year(dates: Iterable[str]) -> str:
    """The first year that is named in four digits; "" without any."""
    return next((found[0] for text in dates if (found := re.search(r"\d{4}", text))), "")
