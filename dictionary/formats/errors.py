"""What goes wrong with a file from outside: a code, values for its message, and the place.

Two kinds: a `FileError` makes the whole file unusable and nothing of it is taken; a `RowError` refuses one entry or
row, the others stand. Both say file, line and field as far as they are known, and their text is translated when it is
shown, not when it is raised.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext


def _(msgid: str) -> str:
    """Marks a text for the catalogues; it is translated when it is shown."""
    return msgid


MESSAGES: Final[Mapping[str, str]] = {
    # files
    "not-found": _("There is no file or folder here. Check the path."),
    "unreadable": _("The file cannot be read: %(detail)s."),
    "empty": _("The file is empty."),
    "too-large": _("The file is larger than %(limit)s MB. Split it, or raise NHASAN_IMPORT_MAX_UNPACKED."),
    "encoding-unknown": _("The encoding “%(encoding)s” is not read here. Save the file as UTF-8."),
    "encoding-broken": _("The bytes here are not valid %(encoding)s. Save the file as UTF-8."),
    "encoding-legacy": _(
        "The bytes here are not valid %(encoding)s. They look like the old encoding “%(name)s”: choose it "
        "(--legacy %(name)s), or save the file as UTF-8."
    ),
    "characters": _("The character %(character)s is not allowed in text. Remove it."),
    "not-format": _("This is not a %(format)s file: %(detail)s."),
    "format-unknown": _("The format of the file is not known from its name. Say which one it is."),
    "slug-taken": _(
        "There is another lexicon with the address name “%(slug)s” now. Upload the file into that one."
    ),
    # XML and LIFT
    "xml": _("The XML is broken here: %(detail)s."),
    "xml-mismatch": _(
        "The XML is broken here: an element is closed by an end tag of another name (%(tags)s)."
    ),
    "xml-unclosed": _("The XML is broken here: an element or tag is opened and not closed."),
    "xml-entity": _(
        "The XML is broken here: the entity &%(name)s; is not known. Write the character itself."
    ),
    "xml-ampersand": _("The XML is broken here: a single & must be written as &amp;."),
    "xml-character": _("The XML is broken here: there is a character that XML does not allow. Remove it."),
    "xml-attribute": _(
        'The XML is broken here: an attribute is not written as name="value", or stands twice.'
    ),
    "xml-namespace": _("The XML is broken here: the prefix of a name is not declared."),
    "xml-deep": _("The XML is nested too deeply."),
    "doctype": _(
        "A document type declaration (DOCTYPE) is not allowed, nor are entities of one’s own. Remove it."
    ),
    "truncated": _("The file ends too early: <%(element)s>, which began on line %(begun)s, is not closed."),
    "stray-text": _("There is text outside the entries: “%(text)s”."),
    "element-too-large": _(
        "The element <%(element)s> is larger than %(limit)s kB. Raise NHASAN_IMPORT_MAX_ENTRY if this is right."
    ),
    "lift-version": _("This is LIFT version %(version)s; versions 0.12 and 0.13 are read."),
    # archives
    "archive-broken": _("The archive cannot be read: %(detail)s."),
    "archive-path": _("The archive names a file outside of itself: “%(name)s”. It was not unpacked."),
    "archive-link": _("The archive holds a link: “%(name)s”. It was not unpacked."),
    "archive-files": _("The archive holds more than %(limit)s files."),
    "archive-bomb": _("The archive unpacks to far more than its size (“%(name)s”). It was not unpacked."),
    "archive-encrypted": _("The archive is encrypted (“%(name)s”). Make one without a password."),
    "archive-several": _("The archive holds several files of this kind: %(names)s. Keep one."),
    "archive-none": _("The archive holds no %(format)s file."),
    # tables
    "no-old-fonts": _(
        "There is no text in an old font in this document (.VnTime, VNI-Times, …). If it looks wrong all the same, "
        "copy its text into the field above."
    ),
    "no-header": _("The first row must name the columns; none of them is understood. Give a mapping."),
    "column-missing": _("The column “%(column)s” is missing. The file has: %(columns)s."),
    "column-twice": _("The column “%(column)s” stands in the first row more than once."),
    "no-headword-column": _(
        "No column holds the headword. Name one “form” or “headword”, or give a mapping. The file has: %(columns)s."
    ),
    "no-orthography": _("The orthography of the words is not known. Give one, such as “vi-Latn”."),
    "quotes": _("A quotation mark that opens here is not closed as it should be: %(detail)s."),
    "cells": _("The row has %(found)s cells, the first row has %(expected)s."),
    "mapping": _("The mapping is wrong at “%(key)s”: %(detail)s."),
    "table-missing": _("The table “%(table)s” that the metadata names is missing."),
    "metadata": _("The metadata is not a CLDF word list: %(detail)s."),
    # entries and rows
    "no-headword": _("The word itself is missing."),
    "tag": _("“%(tag)s” is not a well-formed language tag (BCP 47)."),
    "duplicate-guid": _("The guid %(identity)s stands in the file more than once: on lines %(lines)s."),
    "duplicate-id": _("The id “%(identity)s” stands in the file more than once: on lines %(lines)s."),
    "unknown-reference": _("“%(value)s” is not found in the table “%(table)s”."),
    "too-deep": _("The entry is nested too deeply (more than %(limit)s levels)."),
    "too-long": _("A text is too long: %(length)s characters, where %(limit)s are allowed."),
    "entry-too-large": _("The entry has too many parts: %(nodes)s, where %(limit)s are allowed."),
    "content": _("The content is not as it should be (%(code)s)."),
}


def place(file: str = "", line: int = 0, field: str = "") -> str:
    """The name of a place in a file, in the language that is active now: "words.csv, line 12, forms[0].lang"."""
    parts = [file, gettext("line %(line)s") % {"line": line} if line else "", field]
    return ", ".join(part for part in parts if part)


class FormatError(Exception):
    """Base of both: `code` (a key of `MESSAGES`), `params` for its text, and where: file, line, field."""

    def __init__(
        self,
        code: str,
        params: Mapping[str, Any] | None = None,
        *,
        file: str = "",
        line: int = 0,
        field: str = "",
    ) -> None:
        self.code = code
        self.params = dict(params or {})
        self.file = file
        self.line = line
        self.field = field
        super().__init__(code)

    @property
    def message(self) -> str:
        """What is wrong and what to do, in the language that is active now; without the place."""
        return gettext(MESSAGES[self.code]) % self.params

    @property
    def place(self) -> str:
        """Where it is: file, line and field, as far as they are known."""
        return place(self.file, self.line, self.field)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class FileError(FormatError):
    """The file cannot be used at all; nothing of it was taken."""


class RowError(FormatError):
    """One entry or row cannot be taken; the rest of the file can."""
