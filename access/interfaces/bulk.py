"""Changes to a selection from a list of the admin, the gate asked: the base for what stands under protocols."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from access.domain import protocols
from access.domain.gate import visible
from access.domain.viewer import viewer_of
from access.models import Protected, Protocol


class GatedBulkAction(SnippetBulkAction):  # type: ignore[misc]
    """A change to those of the chosen objects that the person may see and change.

    `models` has the one model that it is for; `parents` are the foreign keys that are fetched along. `filters`: what
    of the list's address narrows it, and whether that is a number. `changed` and `left` say with %(number)s how many
    were changed and how many were not, because somebody is at work on them.
    """

    template_name = "access/admin/bulk.html"
    permission = "change"
    button: str | Promise = _("Change")
    question: str | Promise
    changed: str | Promise
    left: str | Promise
    parents: ClassVar[Sequence[str]] = ()
    filters: ClassVar[Mapping[str, bool]] = {}

    def get_queryset(self, model: type[Protected], object_ids: Sequence[Any]) -> QuerySet[Protected]:
        """The chosen objects that the gate lets through."""
        ids = [pk for pk in object_ids if str(pk).isdigit()]
        found = model._default_manager.filter(pk__in=ids).select_related(*self.parents, "protocol")
        return visible(found, viewer_of(self.request), drafts=True)

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[int]:
        """All objects of the list as it is filtered now."""
        found = visible(self.model._default_manager.all(), viewer_of(self.request), drafts=True)
        for name, is_number in self.filters.items():
            value = self.request.GET.get(name, "")
            if value:
                found = found.filter(**{name: value}) if value.isdigit() or not is_number else found.none()
        return list(found.values_list("pk", flat=True))

    def check_perm(self, snippet: Protected) -> bool:
        """Whether the person may do this to the object."""
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
            messages.warning(self.request, self.left % {"number": num_child_objects})
        return self.changed % {"number": num_parent_objects}


class _ProtocolForm(forms.Form):
    """Under which protocol the objects stand; empty: as open as what they belong to."""

    protocol: forms.ModelChoiceField[Protocol] = forms.ModelChoiceField(
        Protocol.objects.none(), required=False, label=_("Access protocol")
    )


class SetProtocolAction(GatedBulkAction):
    """Decide who sees the chosen objects. It holds at once, for drafts as well.

    `protocol_permission` is what it takes, `set_protocol` does it, `as_open_as` says what an empty choice means.
    """

    display_name = _("Set who may see")
    form_class = _ProtocolForm
    protocol_permission: ClassVar[str]
    set_protocol: Callable[[Sequence[Any], Protocol | None], None]
    as_open_as: str | Promise

    def get_form(self, form_class: Any = None) -> forms.Form:
        """With the protocols that the person may choose from."""
        form: forms.Form = super().get_form(form_class)
        field = form.fields["protocol"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = protocols.choices(viewer_of(self.request))
        field.empty_label = str(self.as_open_as)
        return form

    def check_perm(self, snippet: Protected) -> bool:
        """Stewards, over what is not another community's."""
        viewer = viewer_of(self.request)
        return protocols.may_set(self.request.user, self.protocol_permission, viewer, snippet)

    @classmethod
    def execute_action(cls, objects: Sequence[Protected], **kwargs: Any) -> tuple[int, int]:
        """Set it."""
        cls.set_protocol(objects, kwargs["form"].cleaned_data["protocol"])
        return len(objects), 0


class DeleteAction(GatedBulkAction):
    """Delete the chosen objects, with all that search knows of them: `delete` does it, given their keys."""

    display_name = _("Delete")
    action_type = "delete"
    action_priority = 100
    classes: ClassVar[set[str]] = {"serious"}
    permission = "delete"
    button = _("Yes, delete")
    delete: Callable[[Sequence[int]], object]

    @classmethod
    def execute_action(cls, objects: Sequence[Any], **kwargs: Any) -> tuple[int, int]:
        """Delete them, except those that are locked."""
        free = [each for each in objects if not each.locked]
        cls.delete([each.pk for each in free])
        return len(free), len(objects) - len(free)
