"""Errors of the ground floor, said in the language of the visitor: they carry a code and values, no sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _

from languages import LanguageError


def language_problem(error: LanguageError) -> str:
    """What is wrong and what to do; the English message for a code that no visitor can cause."""
    messages = {
        "malformed_tag": _(
            "“%(tag)s” is not a language tag. Use a code such as vi, or a code with a script such as vi-Latn."
        ),
        "no_scheme": _("There is no transliteration from %(source)s to %(target)s."),
        "rule_runs_away": _("The text cannot be transliterated: a rule does not come to an end with it."),
        "repair_grows": _("The text cannot be normalised: a rule does not come to an end with it."),
    }  # fmt: skip
    sentence = messages.get(error.code)
    return sentence % error.params if sentence else str(error)
