"""A MARC 21 record as its parts, whatever file it came in. Each field keeps the bytes that it was written as."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from library.formats.errors import Note, RecordError

Form = Literal["marc", "marcxml"]
Subfield = tuple[str, str]
LINK = "6"
# The code of a subfield that has no proper one; its value holds its bytes, one character each.
UNREAD = "\0"


@dataclass(frozen=True)
class Field:
    """One field: control fields (00X) have `data`, the others indicators and subfields.

    `raw` is what the field was written as, in the form of its file, and `gap` what stood before it (MARCXML); both
    are empty for a field that was made or changed here.
    """

    tag: str
    indicators: str = "  "
    subfields: tuple[Subfield, ...] = ()
    data: str = ""
    raw: bytes = field(default=b"", compare=False, repr=False)
    gap: bytes = field(default=b"", compare=False, repr=False)

    @property
    def is_control(self) -> bool:
        """Whether the field has neither indicators nor subfields."""
        return self.tag.startswith("00")

    def all(self, codes: str) -> Iterator[str]:
        """The values of the subfields with one of these codes, in the order of the field."""
        return (value for code, value in self.subfields if code in codes)

    def first(self, codes: str) -> str:
        """The first of them, or nothing."""
        return next(self.all(codes), "")


@dataclass(frozen=True)
class Record:
    """Leader and fields. `head` and `tail` are what stood around the fields in MARCXML."""

    leader: str
    fields: tuple[Field, ...]
    head: bytes = field(default=b"", compare=False, repr=False)
    tail: bytes = field(default=b"", compare=False, repr=False)

    def tagged(self, *tags: str) -> Iterator[Field]:
        """The fields with one of these tags, in order."""
        return (one for one in self.fields if one.tag in tags)

    def control(self, tag: str) -> str:
        """The text of the first control field with this tag, or nothing."""
        return next((one.data for one in self.tagged(tag)), "")


@dataclass(frozen=True)
class Read:
    """One record of a file: its number (from 1), where it begins (byte or line), its bytes as they came.

    Either `record` or `error` is there. `notes` are warnings about what was put right while reading.
    """

    number: int
    where: int
    raw: bytes
    record: Record | None = None
    error: RecordError | None = None
    notes: tuple[Note, ...] = ()


def link(one: Field) -> tuple[str, str, str]:
    """What $6 says: tag of the other field, occurrence number, script code; empty without one.

    MARC 21, appendix A: `880-01`, `245-02/(2/r`.
    """
    target, _slash, rest = one.first(LINK).partition("/")
    tag, _dash, number = target.strip().partition("-")
    if len(tag) != 3 or not number[:2].isdigit():
        return "", "", ""
    return tag, number[:2], rest.partition("/")[0]


def base_tag(one: Field) -> str:
    """The tag whose meaning the field has: its own, or for an 880 that of the field it stands beside."""
    return link(one)[0] if one.tag == "880" else one.tag


def partner(record: Record, one: Field) -> Field | None:
    """The other of a pair: for an 880 the field it writes in its own script, and the other way round."""
    tag, number, _script = link(one)
    if not tag or number == "00":
        return None
    for other in record.fields:
        if other is not one and other.tag == tag and link(other)[:2] == (one.tag, number):
            return other
    return None
