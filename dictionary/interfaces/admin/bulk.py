"""Changes to a selection of entries, from the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from access.interfaces.bulk import DeleteAction, GatedBulkAction, SetProtocolAction
from dictionary.domain import bulk, protocols, publish
from dictionary.domain.ranges import options
from dictionary.models import Entry


class _OfEntries(GatedBulkAction):
    """What the changes have in common that they are entries'."""

    models: ClassVar = [Entry]
    parents = ("lexicon",)
    filters = {"lexicon": True}
    template_name = "dictionary/admin/bulk.html"
    question = _("Change these entries?")
    changed = ngettext_lazy("%(number)s entry was changed.", "%(number)s entries were changed.", "number")
    left = ngettext_lazy(
        "%(number)s entry was left as it is, because it is locked or has an open draft.",
        "%(number)s entries were left as they are, because they are locked or have open drafts.",
        "number",
    )


class DomainForm(forms.Form):
    """Which domain to add."""

    domain = forms.CharField(label=_("Semantic domain"), max_length=200)


class AddDomain(_OfEntries):
    """Add a semantic domain to all senses of the chosen entries."""

    display_name = _("Add a domain")
    action_type = "add_domain"
    aria_label = _("Add a semantic domain to the chosen entries")
    action_priority = 10
    permission = "publish"
    form_class = DomainForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The domains of the first entry's lexicon, as suggestions."""
        context = super().get_context_data(**kwargs)
        first = next((each["item"] for each in context["items"]), None)
        suggested = options(first.lexicon, "vi")["domains"] if first else []
        context["form"].fields["domain"].widget.attrs["list"] = "suggested"
        return {**context, "suggested": suggested}

    @classmethod
    def execute_action(cls, objects: Sequence[Entry], **kwargs: Any) -> tuple[int, int]:
        """Add it."""
        left = bulk.add_domain(objects, kwargs["form"].cleaned_data["domain"].strip(), kwargs["user"])
        return len(objects) - len(left), len(left)


class LicenceForm(forms.Form):
    """Which licence the entries stand under."""

    licence = forms.CharField(
        label=_("Licence"),
        max_length=100,
        help_text=_("SPDX identifier, such as CC-BY-4.0."),
    )


class SetLicence(_OfEntries):
    """Say under which licence the chosen entries stand."""

    display_name = _("Set the licence")
    action_type = "set_licence"
    aria_label = _("Set the licence of the chosen entries")
    action_priority = 20
    permission = "publish"
    form_class = LicenceForm

    @classmethod
    def execute_action(cls, objects: Sequence[Entry], **kwargs: Any) -> tuple[int, int]:
        """Set it."""
        left = bulk.set_licence(objects, kwargs["form"].cleaned_data["licence"].strip(), kwargs["user"])
        return len(objects) - len(left), len(left)


class SetProtocol(_OfEntries, SetProtocolAction):
    """Decide who sees the chosen entries."""

    action_type = "set_protocol"
    aria_label = _("Set the access protocol of the chosen entries")
    action_priority = 15
    protocol_permission = protocols.PERMISSION
    set_protocol = staticmethod(protocols.set_protocol)
    as_open_as = _("As open as the lexicon")


class DeleteEntries(_OfEntries, DeleteAction):
    """Delete the chosen entries."""

    aria_label = _("Delete the chosen entries")
    question = _("Delete these entries for good? Their revisions go with them.")
    changed = _("%(number)s entries were deleted.")
    delete = staticmethod(publish.delete)


ACTIONS = (AddDomain, SetProtocol, SetLicence, DeleteEntries)
