"""Festivals in the menu of the admin."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from dictionary.interfaces.admin.viewsets import GatedViewSet
from library.festivals.interfaces.admin.panels import festival_handler, picture_handler
from library.festivals.interfaces.admin.views import FestivalEdit, PictureCreate, PictureDelete, PictureEdit
from library.festivals.models import Festival, Picture


class FestivalViewSet(GatedViewSet):
    """Festivals: list, form, drafts, review, history, preview."""

    model = Festival
    icon = "calendar-alt"
    menu_label = _("Festivals")
    menu_order = 100
    base_url_path = "festivals/festivals"
    list_display = ["name", "live", "has_unpublished_changes", UpdatedAtColumn()]
    list_filter = ["live", "peoples"]
    search_fields = ["name_vi", "name_en", "slug"]
    list_per_page = 50
    edit_view_class = FestivalEdit
    edit_template_name = "festivals/admin/festival_edit.html"

    def get_edit_handler(self) -> Any:
        """The form."""
        return festival_handler().bind_to_model(self.model)


class PictureViewSet(GatedViewSet):
    """Pictures of festivals: the file, what is said of it, who may see it."""

    model = Picture
    icon = "image"
    menu_label = _("Pictures of festivals")
    menu_order = 200
    base_url_path = "festivals/pictures"
    list_display = ["caption", "festival", "credit", "licence", "order"]
    search_fields = ["caption_vi", "caption_en", "credit"]
    list_per_page = 50
    add_view_class = PictureCreate
    edit_view_class = PictureEdit
    delete_view_class = PictureDelete

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the festivals, which the list names."""
        return super().get_queryset(request).select_related("festival")

    def get_edit_handler(self) -> Any:
        """The form."""
        return picture_handler().bind_to_model(self.model)


class FestivalGroup(SnippetViewSetGroup):
    """The festivals' place in the menu."""

    items = (FestivalViewSet, PictureViewSet)
    menu_icon = "calendar-alt"
    menu_label = _("Festivals")
    menu_name = "festivals"
    menu_order = 130
