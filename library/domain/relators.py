"""What people did for a thing: codes of the MARC relator list (https://id.loc.gov/vocabulary/relators)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

RELATORS: Final[Mapping[str, str]] = {
    "aut": _("author"), "com": _("compiler"), "trl": _("translator"), "edt": _("editor"), "ill": _("illustrator"),
    "pht": _("photographer"), "prf": _("performer"), "spk": _("speaker"), "sng": _("singer"), "nrt": _("narrator"),
    "ive": _("interviewee"), "ivr": _("interviewer"), "rce": _("recording engineer"), "drt": _("director"),
    "cmp": _("composer"), "scr": _("scribe"), "crr": _("corrector"), "col": _("collector"), "own": _("owner"),
    "dnr": _("donor"), "pbl": _("publisher"), "isb": _("issuing body"), "art": _("artist"), "cre": _("creator"),
}  # fmt: skip


def name(code: str) -> str:
    """What a role is called; a code that is not known stands for itself."""
    return gettext(RELATORS[code]) if code in RELATORS else code
