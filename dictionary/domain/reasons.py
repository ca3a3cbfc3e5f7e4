"""Why a word was found, in words: what a list of results says beside each hit."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dictionary.domain.lookup import Found
from search.interface import TierName

# By tier: what is said of a word that matches as a whole, and of one that only begins so.
_WHOLE: Mapping[TierName, str] = {
    "exact": _("exactly as typed"),
    "case": _("small and capital letters ignored"),
    "tone": _("tone marks ignored"),
    "letter": _("marks ignored"),
    "script": _("in another script"),
    "sound": _("sounds like it"),
    "gloss": _("in the meaning"),
    "fuzzy": _("nearly so"),
}
_BEGINS: Mapping[TierName, str] = {
    "exact": _("begins as typed"),
    "case": _("begins as typed, small and capital letters ignored"),
    "tone": _("begins as typed, tone marks ignored"),
    "letter": _("begins as typed, marks ignored"),
    "script": _("begins so in another script"),
    "sound": _("begins with that sound"),
    "gloss": _("its meaning begins so"),
    "fuzzy": _("begins nearly so"),
}


def reason(hit: Found) -> str:
    """Why this hit stands in the list, in the language that is active; empty when search does not say."""
    if hit.tier is None:
        return ""
    if hit.contradicts:
        return gettext("other marks than typed")
    return gettext((_WHOLE if hit.whole else _BEGINS)[hit.tier])
