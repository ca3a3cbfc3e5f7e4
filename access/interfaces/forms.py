"""The forms of the admin for communities and protocols, and the base of those for what stands under them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from access.domain import protocols
from access.domain.labels import LABELS
from access.domain.stewardship import is_administrator, managed_communities
from access.domain.viewer import viewer_for
from access.models import Protocol


class LabelsField(forms.MultipleChoiceField):
    """Local Contexts labels as boxes to tick; the value is a list of codes."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        choices = [(label.code, f"{label.name} ({label.code})") for label in LABELS.values()]
        super().__init__(choices=choices, **kwargs)


class ProtocolForm(WagtailAdminModelForm):
    """A steward chooses among own communities, and must choose one; an administrator may leave it empty."""

    labels = LabelsField(
        label=_("Local Contexts labels"),
        required=False,
        help_text=_("What the community asks of whoever uses the material; shown beside it."),
    )

    class Meta:
        model = Protocol
        fields = ["slug", "name_vi", "name_en", "community", "level", "embargo_until", "labels"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.for_user
        self.fields["community"].queryset = managed_communities(user)
        if not is_administrator(user):
            self.fields["community"].required = True
            self.fields["community"].empty_label = None

    def clean(self) -> dict[str, Any]:
        """A closed level without a community would shut out everybody but administrators: say so."""
        cleaned: dict[str, Any] = super().clean()
        level, community = cleaned.get("level"), cleaned.get("community")
        if level == Protocol.Level.COMMUNITY and community is None and "community" not in self.errors:
            raise ValidationError(
                {
                    "community": _(
                        "Choose the community whose members may see what stands under this protocol."
                    )
                }
            )
        return cleaned


class ProtectedForm(WagtailAdminModelForm):
    """Something guarded; its protocol and embargo are set by stewards alone, who hold `protocol_permission`."""

    protocol_permission: ClassVar[str] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        viewer = viewer_for(self.for_user)
        if "protocol" in self.fields:
            if not protocols.may_set(self.for_user, self.protocol_permission, viewer, self.instance):
                del self.fields["protocol"]
                self.fields.pop("embargo_until", None)
            else:
                self.fields["protocol"].queryset = protocols.choices(viewer)
