"""What is wrong with a record, said in the viewer's language; and the limits that the settings set."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from library.domain.validation import Limits, Problem


def limits() -> Limits:
    """How large one record may be, as the settings say."""
    return Limits(values=settings.NHASAN_RECORD_MAX_VALUES, text=settings.NHASAN_RECORD_MAX_TEXT)


def message(problem: Problem) -> str:
    """A sentence for a person: where, what is wrong, and what to do."""
    said = _sentence(problem.code) % problem.params
    return f"{problem.path}: {said}" if problem.path else said


def _sentence(code: str) -> str:
    return {
        "type": _("a %(expected)s is expected here, not a %(found)s."),
        "property": _("this is no name of a property. Use a term of Dublin Core, such as title."),
        "characters": _(
            "the character %(character)s at position %(position)s cannot be stored. Please remove it."
        ),
        "tag": _("“%(tag)s” is not a language tag. Use a BCP 47 tag such as vi or vi-Latn."),
        "date": _("“%(date)s” is no EDTF date. Write 1998, 1998-07, 1998~ (about), 199X or 1998/2001."),
        "reference": _("this refers to nothing. Choose from the list again."),
        "duplicate": _("the id “%(id)s” occurs twice."),
        "too-long": _("%(length)s characters are too long; at most %(limit)s are allowed."),
        "too-many": _("there are too many values; at most %(limit)s are allowed."),
        "version": _("version %(found)s is not known; this program knows up to %(known)s."),
        "no-title": _("Please give a title."),
    }[code]
