"""What is wrong with an entry, said in the viewer's language; and the limits that the settings set."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from dictionary.domain.validation import Limits, Problem


def limits() -> Limits:
    """How large one entry may be, as the settings say."""
    return Limits(
        nodes=settings.NHASAN_ENTRY_MAX_NODES,
        depth=settings.NHASAN_ENTRY_MAX_DEPTH,
        text=settings.NHASAN_ENTRY_MAX_TEXT,
        total=settings.NHASAN_ENTRY_MAX_TOTAL,
    )


def message(problem: Problem) -> str:
    """A sentence for a person: where, what is wrong, and what to do."""
    said = _sentence(problem.code) % problem.params
    return f"{problem.path}: {said}" if problem.path else said


def _sentence(code: str) -> str:
    return {
        "type": _("a %(expected)s is expected here, not a %(found)s."),
        "text": _("a text is expected here, not a %(found)s."),
        "characters": _(
            "the character %(character)s at position %(position)s cannot be stored. Please remove it."
        ),
        "tag": _("“%(tag)s” is not a language tag. Use a BCP 47 tag such as vi or vi-Latn."),
        "unknown": _("this field is not known. Leave it out, or keep it in “extra”."),
        "duplicate": _("the id “%(id)s” occurs twice."),
        "too-deep": _("nested deeper than %(limit)s levels. Please flatten the senses."),
        "too-long": _("%(length)s characters are too long; at most %(limit)s are allowed."),
        "too-large": _("%(nodes)s parts are too many for one entry; at most %(limit)s are allowed."),
        "span": _("the span does not lie within its text."),
        "version": _("version %(found)s is not known; this program knows up to %(known)s."),
        "no-headword": _("Please give the headword in at least one writing system."),
    }[code]
