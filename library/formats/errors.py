"""What goes wrong with files of records: the manners of the dictionary's errors, with messages of their own.

A `FileError` makes the whole file unusable, a `RecordError` refuses one record, a `Note` goes with a record that is
taken. The place is the record's number with the byte where it begins (ISO 2709) or its line (MARCXML, tables), and
the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext

from dictionary.formats.errors import MESSAGES as COMMON
from dictionary.formats.errors import FileError as CommonFileError
from dictionary.formats.errors import RowError as CommonRowError


def _(msgid: str) -> str:
    """Marks a text for the catalogues; it is translated when it is shown."""
    return msgid


OWN: Final[Mapping[str, str]] = {
    "not-marc": _("This is not a file of MARC records (ISO 2709): no record begins with a leader."),
    "not-marcxml": _("This is not MARCXML: there is no <record> with a leader and fields in it."),
    "marc-truncated": _("The file ends within this record; its end is missing. Ask for the file again."),
    "marc-too-long": _("The record is longer than %(limit)s kB, or its end is missing."),
    "marc-leader": _("The leader of the record (its first 24 characters) cannot be read: “%(found)s”."),
    "marc-directory": _("The directory of the record does not fit its fields: %(entries)s entries, %(fields)s fields."),
    "marc-encoding": _(
        "Byte %(byte)s of the record (%(hex)s) is not valid %(encoding)s. "
        "Save the file as UTF-8, or correct this field where it comes from."
    ),
    "marc-mixed": _(
        "The record mixes two encodings: this field is in UTF-8 (byte %(byte)s), others are not. "
        "Save the file in one encoding."
    ),
    "marc-fields": _("The record has more than %(limit)s fields."),
    "marc-field-long": _("The field is too long for ISO 2709 (%(length)s bytes, 9999 fit). Export as MARCXML."),
    "marc-record-long": _("The record is too long for ISO 2709 (%(length)s bytes, 99999 fit). Export as MARCXML."),
    "marc-character": _("The character %(character)s cannot stand in a MARC field."),
    "length-wrong": _("The record says it has %(said)s bytes, but it has %(found)s. Its end was found."),
    "directory-wrong": _("Lengths in the directory are wrong; the fields were found by their ends."),
    "leader-encoding": _("The leader says %(said)s, but the text is %(found)s. It was read as that."),
    "subfield-code": _("A subfield without a proper code was kept, but not read."),
    "link-broken": _("A field in original script says that it belongs to %(tag)s-%(number)s, which is not there."),
    "date-unread": _("The date “%(text)s” was kept, but not understood."),
    "no-title": _("The record has no title."),
    "title-column-missing": _(
        "No column holds the title. Name one “title”, or give a mapping. The file has: %(columns)s."
    ),
    "target-unknown": _("The mapping gives the column “%(column)s” an unknown target: “%(target)s”."),
    "reference-unknown": _("“%(value)s” is not known here as %(kind)s."),
    "reference-several": _("“%(value)s” is the name of several (%(kind)s). Give its number instead."),
    "edtf": _("“%(value)s” is not a date in EDTF, such as 1998, 1998-05, 1998~ or 1998/2001."),
}  # fmt: skip


def text_of(code: str) -> str:
    """The message of a code, not translated."""
    return OWN.get(code) or COMMON[code]


class FileError(CommonFileError):
    """The file cannot be used at all; nothing of it was taken."""

    @property
    def message(self) -> str:
        """What is wrong and what to do, in the language that is active now."""
        return gettext(text_of(self.code)) % self.params


class RecordError(CommonRowError):
    """One record or row cannot be taken; the rest of the file can."""

    @property
    def message(self) -> str:
        """What is wrong and what to do, in the language that is active now."""
        return gettext(text_of(self.code)) % self.params


@dataclass(frozen=True)
class Note:
    """A warning beside a record that is taken: a code of the messages, its values, and the field."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    field: str = ""
