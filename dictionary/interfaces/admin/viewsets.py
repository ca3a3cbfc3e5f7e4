"""Lexicons and entries in the menu of the admin."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from dictionary.interfaces.admin.panels import entry_file_handler, entry_handler, lexicon_handler
from dictionary.interfaces.admin.views import EntryCreate, EntryEdit, EntryList, state_column
from dictionary.models import Entry, EntryFile, Lexicon, Report


class GatedViewSet(SnippetViewSet):
    """Every view of an object asks the gate first: what a person may not see is not there for them."""

    def construct_view(self, view_class: Any, **kwargs: Any) -> Any:
        """The view, behind the gate."""
        return gated(self.model, super().construct_view(view_class, **kwargs))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What the list shows."""
        return visible(self.model._default_manager.all(), viewer_of(request), drafts=True)

    def register_chooser_viewset(self) -> None:
        """There is no chooser: it would list what the gate hides."""


def gated(model: type[Model], view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that answers 404 when its address names an object that the person may not see."""

    @wraps(view)
    def ask(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        pk = str(kwargs.get("pk", ""))
        if "pk" in kwargs:
            found = visible(model._default_manager.all(), viewer_of(request), drafts=True)
            if not pk.isdigit() or not found.filter(pk=pk).exists():
                raise Http404
        return view(request, *args, **kwargs)

    return ask


class EntryFilters(WagtailFilterSet):
    """What a list of entries can be narrowed by."""

    lexicon = django_filters.ModelChoiceFilter(
        label=_("Lexicon"),
        queryset=lambda request: visible(Lexicon.objects.all(), viewer_of(request)),
    )
    live = django_filters.BooleanFilter(label=_("Published"))
    has_unpublished_changes = django_filters.BooleanFilter(label=_("Has an open draft"))
    locked = django_filters.BooleanFilter(label=_("Locked"))

    class Meta:
        model = Entry
        fields = ["lexicon", "live", "has_unpublished_changes", "locked"]


class EntryViewSet(GatedViewSet):
    """Entries: list, form, drafts, review, history, preview."""

    model = Entry
    icon = "openquote"
    menu_label = _("Entries")
    menu_order = 100
    base_url_path = "dictionary/entries"
    list_display = ["__str__", "gloss", "lexicon", UpdatedAtColumn(), state_column()]
    list_export = ["headword", "gloss", "lexicon", "identity", "live", "updated_at"]
    export_filename = "entries"
    list_per_page = 50
    ordering = ["lexicon_id", "sort_key", "pk"]
    filterset_class = EntryFilters
    search_fields = ["headword", "gloss"]
    inspect_view_enabled = True
    inspect_view_fields = ["headword", "gloss", "lexicon", "identity", "protocol", "live", "updated_at"]
    index_view_class = EntryList
    add_view_class = EntryCreate
    edit_view_class = EntryEdit

    def get_edit_handler(self) -> Any:
        """The form."""
        return entry_handler().bind_to_model(self.model)


class LexiconViewSet(GatedViewSet):
    """Lexicons: what they are, whose they are, who may see them."""

    model = Lexicon
    icon = "list-ul"
    menu_label = _("Lexicons")
    menu_order = 200
    base_url_path = "dictionary/lexicons"
    list_display = ["title", "language", "orthography", "licence", "under_review", UpdatedAtColumn()]
    list_filter = ["language", "under_review"]
    search_fields = ["title", "slug", "language"]
    inspect_view_enabled = True
    inspect_view_fields = [
        "title", "slug", "description", "language", "orthography", "gloss_languages", "authors", "year", "licence",
        "citation", "source_url", "under_review", "protocol",
    ]  # fmt: skip

    def get_edit_handler(self) -> Any:
        """The form."""
        return lexicon_handler().bind_to_model(self.model)


class ReportViewSet(GatedViewSet):
    """Mistakes that visitors reported: read, answered, marked as done. Nobody adds one here."""

    model = Report
    icon = "warning"
    menu_label = _("Reported mistakes")
    menu_order = 300
    base_url_path = "dictionary/reports"
    list_display = ["entry", "message", "contact", "done", "created_at"]
    list_filter = ["done"]
    ordering = ["done", "-created_at"]
    search_fields = ["message", "contact"]
    panels = [
        FieldPanel("entry", read_only=True),
        FieldPanel("message", read_only=True),
        FieldPanel("contact", read_only=True),
        FieldPanel("done"),
        FieldPanel("answer"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the entries, which the list names."""
        return super().get_queryset(request).select_related("entry")


class EntryFileViewSet(GatedViewSet):
    """Recordings and pictures: who may hear and see each, its licence. They come and go with their entries."""

    model = EntryFile
    icon = "media"
    menu_label = _("Files of entries")
    menu_order = 250
    base_url_path = "dictionary/entry-files"
    list_display = ["href", "entry", "protocol", "embargo_until", "licence"]
    list_per_page = 50
    ordering = ["href", "pk"]
    search_fields = ["href", "entry__headword"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the entries and protocols, which the list names."""
        return super().get_queryset(request).select_related("entry", "protocol")

    def get_edit_handler(self) -> Any:
        """The form."""
        return entry_file_handler().bind_to_model(self.model)


class DictionaryGroup(SnippetViewSetGroup):
    """The dictionary's place in the menu."""

    items = (EntryViewSet, LexiconViewSet, EntryFileViewSet, ReportViewSet)
    menu_icon = "openquote"
    menu_label = _("Dictionary")
    menu_name = "dictionary"
    menu_order = 100
