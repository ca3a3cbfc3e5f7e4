"""Communities and protocols in Wagtail's admin: a person sees and opens only what they manage."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history, usage
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from access.interfaces.forms import ProtocolForm
from access.models import Community, Protocol


class ManagedObject:
    """For views of one object: 403 unless the policy lets the person act on this very one."""

    def get_object(self, *args: Any) -> Model:
        """The object of the address."""
        found = super().get_object(*args)  # type: ignore[misc]
        if not self.user_has_permission_for_instance(self.permission_needed, found):  # type: ignore[attr-defined]
            raise PermissionDenied
        return found  # type: ignore[no-any-return]

    @property
    def permission_needed(self) -> str:
        """What the person must hold on the object: what the view itself asks for, else the right to look."""
        return getattr(self, "permission_required", None) or "view"


class ManagedList(generic.IndexView):
    """Lists what the person manages."""

    def get_base_queryset(self) -> QuerySet[Any]:
        """All of it, for administrators."""
        queryset = super().get_base_queryset()
        managed = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, self.any_permission_required
        )
        return queryset.filter(pk__in=managed.values("pk"))


class ManagedEdit(ManagedObject, generic.EditView):
    """Edits what the person manages."""


class ManagedDelete(ManagedObject, generic.DeleteView):
    """Deletes what the person manages."""


class ManagedHistory(ManagedObject, history.HistoryView):
    """The history of what the person manages."""


class ManagedUsage(ManagedObject, usage.UsageView):
    """Where what the person manages is used."""


class ManagedViewSet(ModelViewSet):
    """What communities and protocols have in common."""

    index_view_class = ManagedList
    edit_view_class = ManagedEdit
    delete_view_class = ManagedDelete
    history_view_class = ManagedHistory
    usage_view_class = ManagedUsage
    copy_view_enabled = False
    add_to_admin_menu = False


class CommunityViewSet(ManagedViewSet):
    """Communities, with their members inline."""

    model = Community
    icon = "group"
    menu_label = _("Communities")
    list_display = ["name", "slug"]
    search_fields = ["name_vi", "name_en", "slug"]
    edit_handler = ObjectList(
        [
            FieldPanel("name_vi"),
            FieldPanel("name_en"),
            FieldPanel("slug"),
            InlinePanel(
                "memberships", heading=_("Members"), panels=[FieldPanel("user"), FieldPanel("steward")]
            ),
        ]
    )


class ProtocolViewSet(ManagedViewSet):
    """Protocols: who may see what stands under them."""

    model = Protocol
    icon = "lock"
    menu_label = _("Access protocols")
    list_display = ["name", "community", "level", "embargo_until"]
    list_filter = ["level", "community"]
    search_fields = ["name_vi", "name_en", "slug"]
    edit_handler = ObjectList(
        [
            FieldPanel("name_vi"),
            FieldPanel("name_en"),
            FieldPanel("slug"),
            FieldPanel("community"),
            FieldPanel("level"),
            FieldPanel("embargo_until"),
            FieldPanel("labels"),
        ],
        base_form_class=ProtocolForm,
    )


class AccessGroup(ModelViewSetGroup):
    """Both under one menu item."""

    menu_label = _("Communities and access")
    menu_icon = "lock"
    menu_order = 700
    items = (CommunityViewSet, ProtocolViewSet)
