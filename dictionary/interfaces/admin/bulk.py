"""Changes to a selection of entries, from the list."""

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
from dictionary.domain import bulk, protocols, publish
from dictionary.domain.ranges import options
from dictionary.models import Entry


class EntryBulkAction(SnippetBulkAction):
    """A change to those of the chosen entries that the person may see and change."""

    template_name = "dictionary/admin/bulk.html"
    permission = "change"
    question = gettext_lazy("Change these entries?")
    button = gettext_lazy("Change")

    @classproperty
    def models(cls) -> list[type[Entry]]:  # noqa: N805
        """Entries alone."""
        return [Entry]

    def get_queryset(self, model: type[Entry], object_ids: Sequence[Any]) -> QuerySet[Entry]:  # type: ignore[override]
        """The chosen entries that the gate lets through."""
        ids = [pk for pk in object_ids if str(pk).isdigit()]
        found = model._default_manager.filter(pk__in=ids).select_related("lexicon", "protocol")
        return visible(found, viewer_of(self.request), drafts=True)

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[int]:
        """All entries of the list as it is filtered now."""
        found = visible(Entry.objects.all(), viewer_of(self.request), drafts=True)
        lexicon = self.request.GET.get("lexicon", "")
        if lexicon.isdigit():
            found = found.filter(lexicon=lexicon)
        return list(found.values_list("pk", flat=True))

    def check_perm(self, snippet: Entry) -> bool:
        """Whether the person may do this to the entry."""
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
                    "%(number)s entry was left as it is, because it is locked or has an open draft.",
                    "%(number)s entries were left as they are, because they are locked or have open drafts.",
                    num_child_objects,
                )
                % {"number": num_child_objects},
            )
        return ngettext(
            "%(number)s entry was changed.", "%(number)s entries were changed.", num_parent_objects
        ) % {"number": num_parent_objects}


class DomainForm(forms.Form):
    """Which domain to add."""

    domain = forms.CharField(label=gettext_lazy("Semantic domain"), max_length=200)


class AddDomain(EntryBulkAction):
    """Add a semantic domain to all senses of the chosen entries."""

    display_name = gettext_lazy("Add a domain")
    action_type = "add_domain"
    aria_label = gettext_lazy("Add a semantic domain to the chosen entries")
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
        label=gettext_lazy("Licence"),
        max_length=100,
        help_text=gettext_lazy("SPDX identifier, such as CC-BY-4.0."),
    )


class SetLicence(EntryBulkAction):
    """Say under which licence the chosen entries stand."""

    display_name = gettext_lazy("Set the licence")
    action_type = "set_licence"
    aria_label = gettext_lazy("Set the licence of the chosen entries")
    action_priority = 20
    permission = "publish"
    form_class = LicenceForm

    @classmethod
    def execute_action(cls, objects: Sequence[Entry], **kwargs: Any) -> tuple[int, int]:
        """Set it."""
        left = bulk.set_licence(objects, kwargs["form"].cleaned_data["licence"].strip(), kwargs["user"])
        return len(objects) - len(left), len(left)


class ProtocolForm(forms.Form):
    """Under which protocol the entries stand; empty: as open as their lexicon."""

    protocol: forms.ModelChoiceField[Protocol] = forms.ModelChoiceField(
        Protocol.objects.none(),
        required=False,
        label=gettext_lazy("Access protocol"),
        empty_label=gettext_lazy("As open as the lexicon"),
    )


class SetProtocol(EntryBulkAction):
    """Decide who sees the chosen entries. It holds at once, for drafts as well."""

    display_name = gettext_lazy("Set who may see")
    action_type = "set_protocol"
    aria_label = gettext_lazy("Set the access protocol of the chosen entries")
    action_priority = 15
    form_class = ProtocolForm

    def get_form(self, form_class: Any = None) -> forms.Form:
        """With the protocols that the person may choose from."""
        form: forms.Form = super().get_form(form_class)
        form.fields["protocol"].queryset = protocols.choices(viewer_of(self.request))  # type: ignore[attr-defined]
        return form

    def check_perm(self, snippet: Entry) -> bool:
        """Stewards, over what is not another community's."""
        return protocols.may_set(self.request.user, viewer_of(self.request), snippet)

    @classmethod
    def execute_action(cls, objects: Sequence[Entry], **kwargs: Any) -> tuple[int, int]:
        """Set it."""
        protocols.set_protocol(objects, kwargs["form"].cleaned_data["protocol"])
        return len(objects), 0


class DeleteEntries(EntryBulkAction):
    """Delete the chosen entries, with all that search knows of them."""

    display_name = gettext_lazy("Delete")
    action_type = "delete"
    aria_label = gettext_lazy("Delete the chosen entries")
    action_priority = 100
    classes = {"serious"}
    permission = "delete"
    question = gettext_lazy("Delete these entries for good? Their revisions go with them.")
    button = gettext_lazy("Yes, delete")

    @classmethod
    def execute_action(cls, objects: Sequence[Entry], **kwargs: Any) -> tuple[int, int]:
        """Delete them, except those that are locked."""
        free = [entry for entry in objects if not entry.locked]
        publish.delete([entry.pk for entry in free])
        return len(free), len(objects) - len(free)

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        """How many are gone."""
        super().get_success_message(0, num_child_objects)
        return _("%(number)s entries were deleted.") % {"number": num_parent_objects}


ACTIONS = (AddDomain, SetProtocol, SetLicence, DeleteEntries)
