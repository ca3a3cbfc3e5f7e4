"""The TK and BC labels of Local Contexts (localcontexts.org/labels): codes, names, and what each asks.

The names are Local Contexts' own; the sentences are ours and short. Each community may say more in its own
words: the page of the label (`Label.page`) is where the full text stands. A label asks; only a protocol's
level closes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Label:
    """One label: its code ("TK A"), the name Local Contexts gives it, and what it asks of a user."""

    code: str
    name: str
    text: str | Promise

    @property
    def page(self) -> str:
        """The address of the label at Local Contexts."""
        return f"https://localcontexts.org/label/{slugify(self.name.replace('/', ''))}/"


_ALL = (
    Label("TK A", "TK Attribution", _("Name the rightful sources and custodians whenever you use this.")),
    Label("TK CL", "TK Clan", _("This belongs to a clan; ask the clan before you use it.")),
    Label("TK F", "TK Family", _("This belongs to a family; ask the family before you use it.")),
    Label("TK MC", "TK Multiple Communities", _("Several communities share the responsibility for this.")),
    Label("TK CV", "TK Community Voice", _("More voices of the community are welcome beside this.")),
    Label("TK CR", "TK Creative", _("The creator's link to the community must stay known.")),
    Label("TK V", "TK Verified", _("The community confirms that this is shown as it should be.")),
    Label(
        "TK NV", "TK Non-Verified", _("The community has not confirmed this, or doubts how it came about.")
    ),
    Label("TK S", "TK Seasonal", _("By custom this is heard or used only at certain times of the year.")),
    Label("TK WG", "TK Women General", _("By custom this is shared among women only.")),
    Label("TK MG", "TK Men General", _("By custom this is shared among men only.")),
    Label("TK MR", "TK Men Restricted", _("By custom only certain men may use this.")),
    Label("TK WR", "TK Women Restricted", _("By custom only certain women may use this.")),
    Label("TK CS", "TK Culturally Sensitive", _("This touches what is sensitive; treat it with care.")),
    Label(
        "TK SS", "TK Secret / Sacred", _("This holds what is secret or sacred; it is not for general use.")
    ),
    Label("TK OC", "TK Open to Commercialization", _("The community is open to talk about commercial use.")),
    Label("TK NC", "TK Non-Commercial", _("Do not use this commercially.")),
    Label("TK CO", "TK Community Use Only", _("This is for use within the community only.")),
    Label("TK O", "TK Outreach", _("This may be used for teaching and outreach, not commercially.")),
    Label("TK CB", "TK Open to Collaboration", _("The community is open to work on this with others.")),
    Label("BC P", "BC Provenance", _("The community has lasting rights in what comes from this place.")),
    Label(
        "BC MC",
        "BC Multiple Communities",
        _("Several communities have rights in what comes from this place."),
    ),
    Label("BC CL", "BC Clan", _("A clan has rights in what comes from this place.")),
    Label("BC CV", "BC Consent Verified", _("Consent for this use was given and confirmed.")),
    Label("BC CNV", "BC Consent Non-Verified", _("It is not confirmed that consent was given.")),
    Label("BC R", "BC Research Use", _("This may be used for research only; ask before any other use.")),
    Label(
        "BC CB", "BC Open to Collaboration", _("The community is open to do research on this with others.")
    ),
    Label("BC OC", "BC Open to Commercialization", _("The community is open to talk about commercial use.")),
    Label("BC O", "BC Outreach", _("This may be used for teaching and outreach, not commercially.")),
    Label("BC NC", "BC Non-Commercial", _("Do not use this commercially.")),
)

LABELS: dict[str, Label] = {label.code: label for label in _ALL}


def labels(codes: Iterable[str]) -> tuple[Label, ...]:
    """The labels of a protocol, in its own order; a code that is not known (any more) is left out."""
    return tuple(LABELS[code] for code in codes if code in LABELS)
