"""Records, collections and vocabularies in the menu of the admin."""

from __future__ import annotations

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from dictionary.interfaces.admin.viewsets import GatedViewSet
from library.domain.kinds import kinds
from library.interfaces.admin.comparison import RecordPanel
from library.interfaces.admin.forms import AltLabelsForm, CollectionForm, OtherNamesForm, RecordForm
from library.interfaces.admin.views import (
    CollectionCreate,
    CollectionEdit,
    RecordCreate,
    RecordEdit,
    RecordList,
    state_column,
)
from library.models import Agent, Collection, Concept, People, Place, Record
from library.pages.interfaces.choosers import widget


class RecordFilters(WagtailFilterSet):
    """What a list of records can be narrowed by."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind"),
        choices=lambda: [(kind.id, kind.name(get_language() or "vi")) for kind in kinds().values()],
    )
    collection = django_filters.ModelChoiceFilter(
        label=_("Collection"),
        queryset=lambda request: visible(Collection.objects.all(), viewer_of(request)),
    )
    live = django_filters.BooleanFilter(label=_("Published"))
    has_unpublished_changes = django_filters.BooleanFilter(label=_("Has an open draft"))
    locked = django_filters.BooleanFilter(label=_("Locked"))

    class Meta:
        model = Record
        fields = ["kind", "collection", "live", "has_unpublished_changes", "locked"]


class RecordViewSet(GatedViewSet):
    """Records: list, form, drafts, review, history, preview."""

    model = Record
    icon = "doc-full"
    menu_label = _("Records")
    menu_order = 100
    base_url_path = "library/records"
    list_display = [
        "__str__",
        Column("kind_name", label=_("Kind")),
        "collection",
        UpdatedAtColumn(),
        state_column(),
    ]
    list_export = ["title", "kind", "collection", "identifiers", "ark", "live", "updated_at"]
    export_filename = "records"
    list_per_page = 50
    ordering = ["-updated_at", "-pk"]
    filterset_class = RecordFilters
    search_fields = ["title", "identifiers"]
    inspect_view_enabled = True
    inspect_view_fields = [
        "title",
        "kind",
        "collection",
        "ark",
        "identifiers",
        "protocol",
        "live",
        "updated_at",
    ]
    index_view_class = RecordList
    add_view_class = RecordCreate
    edit_view_class = RecordEdit
    edit_template_name = "library/admin/record_edit.html"

    def get_edit_handler(self) -> Any:
        """The form."""
        panels = [
            FieldPanel("kind"),
            RecordPanel("content", heading=_("Description")),
            MultiFieldPanel(
                [FieldPanel("collection"), FieldPanel("protocol"), FieldPanel("embargo_until")],
                heading=_("Where it belongs, and who may see it (holds at once)"),
            ),
        ]
        return ObjectList(panels, base_form_class=RecordForm).bind_to_model(self.model)


class CollectionViewSet(GatedViewSet):
    """Collections: what they are, who may see them."""

    model = Collection
    icon = "folder-open-inverse"
    menu_label = _("Collections")
    menu_order = 200
    base_url_path = "library/collections"
    list_display = ["title", "parent", "slug", "order", UpdatedAtColumn()]
    search_fields = ["title", "slug"]
    add_view_class = CollectionCreate
    edit_view_class = CollectionEdit

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what each lies in, which the list names."""
        return super().get_queryset(request).select_related("parent")

    def get_edit_handler(self) -> Any:
        """The form."""
        panels = [
            FieldPanel("title_vi"), FieldPanel("title_en"), FieldPanel("slug"), FieldPanel("description_vi"),
            FieldPanel("description_en"), FieldPanel("parent"), FieldPanel("cover", widget=widget("file")),
            FieldPanel("order"),
            MultiFieldPanel([FieldPanel("protocol"), FieldPanel("embargo_until")], heading=_("Who may see it")),
        ]  # fmt: skip
        return ObjectList(panels, base_form_class=CollectionForm).bind_to_model(self.model)


class VocabularyViewSet(SnippetViewSet):
    """A vocabulary: a list with labels in both languages, found in either."""

    form_class_of_rows: Any = OtherNamesForm
    field_names: tuple[str, ...] = ()
    list_per_page = 50
    search_fields = ["folded"]

    def get_edit_handler(self) -> Any:
        """The form."""
        panels = [FieldPanel(name) for name in self.field_names]
        return ObjectList(panels, base_form_class=self.form_class_of_rows).bind_to_model(self.model)


class PeopleViewSet(VocabularyViewSet):
    """The official list of peoples."""

    model = People
    icon = "group"
    menu_label = _("Peoples")
    menu_order = 300
    base_url_path = "library/peoples"
    list_display = ["number", "name_vi", "name_en", "reviewed"]
    ordering = ["number"]
    list_filter = ["reviewed"]
    field_names = (
        "number", "slug", "name_vi", "name_en", "other_names", "description_vi", "description_en", "source", "reviewed",
    )  # fmt: skip


class PlaceViewSet(VocabularyViewSet):
    """Places, old and new."""

    model = Place
    icon = "site"
    menu_label = _("Places")
    menu_order = 400
    base_url_path = "library/places"
    list_display = ["__str__", "name_en", "kind", "code", "code_system", "reviewed"]
    list_filter = ["kind", "code_system", "reviewed"]
    field_names = (
        "name_vi", "name_en", "slug", "kind", "other_names", "code", "code_system", "valid_from", "valid_to", "parent",
        "successors", "latitude", "longitude", "geojson", "source", "reviewed",
    )  # fmt: skip


class AgentViewSet(VocabularyViewSet):
    """People, families and organisations that made things."""

    model = Agent
    icon = "user"
    menu_label = _("Agents")
    menu_order = 500
    base_url_path = "library/agents"
    list_display = ["name_vi", "name_en", "kind", "dates"]
    list_filter = ["kind"]
    field_names = ("name_vi", "name_en", "kind", "other_names", "dates", "viaf", "wikidata", "isni", "note")


class ConceptViewSet(VocabularyViewSet):
    """Subjects."""

    model = Concept
    icon = "tag"
    menu_label = _("Concepts")
    menu_order = 600
    base_url_path = "library/concepts"
    list_display = ["label_vi", "label_en", "broader", "scheme"]
    list_filter = ["scheme"]
    form_class_of_rows = AltLabelsForm
    field_names = ("label_vi", "label_en", "alt_labels", "broader", "scheme", "exact_match", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Concept]:
        """With the broader terms, which the list names."""
        return Concept.objects.select_related("broader")


class LibraryGroup(SnippetViewSetGroup):
    """The library's place in the menu."""

    items = (RecordViewSet, CollectionViewSet, PeopleViewSet, PlaceViewSet, AgentViewSet, ConceptViewSet)
    menu_icon = "doc-full"
    menu_label = _("Library")
    menu_name = "library"
    menu_order = 90
    submenu_hook = "register_library_menu_item"
