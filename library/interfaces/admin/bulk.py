"""Changes to a selection of records, from the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from access.interfaces.bulk import DeleteAction, GatedBulkAction, SetProtocolAction
from library.domain import bulk, protocols, publish
from library.models import Collection, People, Record


class _OfRecords(GatedBulkAction):
    """What the changes have in common that they are records'."""

    models: ClassVar = [Record]
    parents = ("collection",)
    filters = {"kind": False, "collection": True}
    template_name = "library/admin/bulk.html"
    question = _("Change these records?")
    changed = ngettext_lazy("%(number)s record was changed.", "%(number)s records were changed.", "number")
    left = ngettext_lazy(
        "%(number)s record was left as it is, because it is locked or has an open draft.",
        "%(number)s records were left as they are, because they are locked or have open drafts.",
        "number",
    )


class CollectionForm(forms.Form):
    """Into which collection."""

    collection: forms.ModelChoiceField[Collection] = forms.ModelChoiceField(
        Collection.objects.none(), required=False, label=_("Collection")
    )


class SetCollection(_OfRecords):
    """Put the chosen records into a collection. It holds at once, for drafts as well."""

    display_name = _("Set the collection")
    action_type = "set_collection"
    aria_label = _("Put the chosen records into a collection")
    action_priority = 10
    permission = "publish"
    form_class = CollectionForm

    def get_form(self, form_class: Any = None) -> forms.Form:
        """With the collections that the person may see."""
        form: forms.Form = super().get_form(form_class)
        seen = visible(Collection.objects.all(), viewer_of(self.request))
        form.fields["collection"].queryset = seen  # type: ignore[attr-defined]
        return form

    @classmethod
    def execute_action(cls, objects: Sequence[Record], **kwargs: Any) -> tuple[int, int]:
        """Set it."""
        bulk.set_collection(objects, kwargs["form"].cleaned_data["collection"])
        return len(objects), 0


class PeopleForm(forms.Form):
    """Which people."""

    people: forms.ModelChoiceField[People] = forms.ModelChoiceField(People.objects.all(), label=_("People"))


class AddPeople(_OfRecords):
    """Say that the chosen records are from or about a people."""

    display_name = _("Add a people")
    action_type = "add_people"
    aria_label = _("Add a people to the chosen records")
    action_priority = 20
    permission = "publish"
    form_class = PeopleForm

    @classmethod
    def execute_action(cls, objects: Sequence[Record], **kwargs: Any) -> tuple[int, int]:
        """Add it."""
        left = bulk.add_people(objects, kwargs["form"].cleaned_data["people"], kwargs["user"])
        return len(objects) - len(left), len(left)


class SetProtocol(_OfRecords, SetProtocolAction):
    """Decide who sees the chosen records."""

    action_type = "set_record_protocol"
    aria_label = _("Set the access protocol of the chosen records")
    action_priority = 30
    protocol_permission = protocols.PERMISSION
    set_protocol = staticmethod(protocols.set_protocol)
    as_open_as = _("As open as the collection")


class DeleteRecords(_OfRecords, DeleteAction):
    """Delete the chosen records."""

    aria_label = _("Delete the chosen records")
    question = _("Delete these records for good? Their revisions go with them.")
    changed = _("%(number)s records were deleted.")
    delete = staticmethod(publish.delete)


ACTIONS = (SetCollection, AddPeople, SetProtocol, DeleteRecords)
