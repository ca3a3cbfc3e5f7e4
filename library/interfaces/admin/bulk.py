"""Changes to a selection of records, from the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import classproperty
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from access.models import Protocol
from library.domain import bulk, protocols, publish
from library.models import Collection, People, Record


class RecordBulkAction(SnippetBulkAction):
    """A change to those of the chosen records that the person may see and change."""

    template_name = "library/admin/bulk.html"
    permission = "change"
    question = gettext_lazy("Change these records?")
    button = gettext_lazy("Change")

    @classproperty
    def models(cls) -> list[type[Record]]:  # noqa: N805
        """Records alone."""
        return [Record]

    def get_queryset(self, model: type[Record], object_ids: Sequence[Any]) -> QuerySet[Record]:  # type: ignore[override]
        """The chosen records that the gate lets through."""
        ids = [pk for pk in object_ids if str(pk).isdigit()]
        found = model._default_manager.filter(pk__in=ids).select_related("collection", "protocol")
        return visible(found, viewer_of(self.request), drafts=True)

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[int]:
        """All records of the list as it is filtered now."""
        found = visible(Record.objects.all(), viewer_of(self.request), drafts=True)
        for name in ("kind", "collection"):
            value = self.request.GET.get(name, "")
            if value:
                found = found.filter(**{name: value}) if name == "kind" or value.isdigit() else found.none()
        return list(found.values_list("pk", flat=True))

    def check_perm(self, snippet: Record) -> bool:
        """Whether the person may do this to the record."""
        return bool(self.permission_policy.user_has_permission(self.request.user, self.permission))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The question and the label of the button, beside what Wagtail shows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "question": self.question, "button": self.button, "action": self.display_name}

    def get_execution_context(self) -> dict[str, Any]:
        """Who does it, and what the form says."""
        return {**super().get_execution_context(), "user": self.request.user, "form": self.cleaned_form}

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        """How many were changed; those that were left are named in a warning."""
        if num_child_objects:
            messages.warning(
                self.request,
                ngettext(
                    "%(number)s record was left as it is, because it is locked or has an open draft.",
                    "%(number)s records were left as they are, because they are locked or have open drafts.",
                    num_child_objects,
                )
                % {"number": num_child_objects},
            )
        return ngettext(
            "%(number)s record was changed.", "%(number)s records were changed.", num_parent_objects
        ) % {"number": num_parent_objects}


class CollectionForm(forms.Form):
    """Into which collection."""

    collection: forms.ModelChoiceField[Collection] = forms.ModelChoiceField(
        Collection.objects.none(), required=False, label=gettext_lazy("Collection")
    )


class SetCollection(RecordBulkAction):
    """Put the chosen records into a collection. It holds at once, for drafts as well."""

    display_name = gettext_lazy("Set the collection")
    action_type = "set_collection"
    aria_label = gettext_lazy("Put the chosen records into a collection")
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

    people: forms.ModelChoiceField[People] = forms.ModelChoiceField(
        People.objects.all(), label=gettext_lazy("People")
    )


class AddPeople(RecordBulkAction):
    """Say that the chosen records are from or about a people."""

    display_name = gettext_lazy("Add a people")
    action_type = "add_people"
    aria_label = gettext_lazy("Add a people to the chosen records")
    action_priority = 20
    permission = "publish"
    form_class = PeopleForm

    @classmethod
    def execute_action(cls, objects: Sequence[Record], **kwargs: Any) -> tuple[int, int]:
        """Add it."""
        left = bulk.add_people(objects, kwargs["form"].cleaned_data["people"], kwargs["user"])
        return len(objects) - len(left), len(left)


class ProtocolForm(forms.Form):
    """Under which protocol the records stand; empty: as open as their collection."""

    protocol: forms.ModelChoiceField[Protocol] = forms.ModelChoiceField(
        Protocol.objects.none(),
        required=False,
        label=gettext_lazy("Access protocol"),
        empty_label=gettext_lazy("As open as the collection"),
    )


class SetProtocol(RecordBulkAction):
    """Decide who sees the chosen records. It holds at once, for drafts as well."""

    display_name = gettext_lazy("Set who may see")
    action_type = "set_record_protocol"
    aria_label = gettext_lazy("Set the access protocol of the chosen records")
    action_priority = 30
    form_class = ProtocolForm

    def get_form(self, form_class: Any = None) -> forms.Form:
        """With the protocols that the person may choose from."""
        form: forms.Form = super().get_form(form_class)
        form.fields["protocol"].queryset = protocols.choices(viewer_of(self.request))  # type: ignore[attr-defined]
        return form

    def check_perm(self, snippet: Record) -> bool:
        """Stewards, over what is not another community's."""
        return protocols.may_set(self.request.user, viewer_of(self.request), snippet)

    @classmethod
    def execute_action(cls, objects: Sequence[Record], **kwargs: Any) -> tuple[int, int]:
        """Set it."""
        protocols.set_protocol(objects, kwargs["form"].cleaned_data["protocol"])
        return len(objects), 0


class DeleteRecords(RecordBulkAction):
    """Delete the chosen records, with all that search knows of them."""

    display_name = gettext_lazy("Delete")
    action_type = "delete"
    aria_label = gettext_lazy("Delete the chosen records")
    action_priority = 100
    classes = {"serious"}
    permission = "delete"
    question = gettext_lazy("Delete these records for good? Their revisions go with them.")
    button = gettext_lazy("Yes, delete")

    @classmethod
    def execute_action(cls, objects: Sequence[Record], **kwargs: Any) -> tuple[int, int]:
        """Delete them, except those that are locked."""
        free = [record for record in objects if not record.locked]
        publish.delete([record.pk for record in free])
        return len(free), len(objects) - len(free)

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        """How many are gone."""
        super().get_success_message(0, num_child_objects)
        return _("%(number)s records were deleted.") % {"number": num_parent_objects}


ACTIONS = (SetCollection, AddPeople, SetProtocol, DeleteRecords)
