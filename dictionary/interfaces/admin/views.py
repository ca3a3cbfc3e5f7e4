"""The views of entries in the admin: list, form, and the choice of a lexicon for a new entry."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import StatusTagColumn
from wagtail.models import WorkflowState
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from dictionary.domain import files
from dictionary.domain.documents import TYPE
from dictionary.models import Entry, Lexicon
from search.domain.guard import QueryError
from search.domain.lookup import lookup

FOUND_AT_MOST = 200


def state(entry: Entry) -> str:
    """Where an entry of the list stands, in a word or two. Wagtail's own column asks the database for each row."""
    if entry.in_review:  # type: ignore[attr-defined]
        return _("in review")
    if entry.live:
        return _("published, with a draft") if entry.has_unpublished_changes else _("published")
    return _("draft")


def state_column() -> StatusTagColumn:
    """The column of the list that says where entries stand."""
    return StatusTagColumn(
        "state", label=gettext_lazy("State"), accessor=state, primary=lambda entry: entry.live
    )


class EntryList(IndexView):
    """All entries that the person may work on, published or not."""

    def get_base_queryset(self) -> QuerySet[Entry]:
        """The entries with what a row shows, without their content."""
        reviews = WorkflowState.objects.filter(
            base_content_type=Entry.get_base_content_type(),
            object_id=Cast(OuterRef("pk"), CharField()),
            status=WorkflowState.STATUS_IN_PROGRESS,
        )
        found = super().get_base_queryset().annotate(in_review=Exists(reviews))
        return found.select_related("lexicon").defer("content", "fragment")  # type: ignore[no-any-return]

    def search_queryset(self, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        """What the look-up finds in any script, and drafts by their beginning."""
        text = (self.search_query or "").strip()
        if not text:
            return queryset
        condition = Q(headword__istartswith=text) | Q(gloss__icontains=text) | Q(identity=text)
        try:
            results = lookup(
                text, viewer=viewer_of(self.request), types=(TYPE,), limit=FOUND_AT_MOST, fresh=True
            )
        except QueryError:
            return queryset.filter(condition)
        return queryset.filter(condition | Q(pk__in=[hit.pk for hit in results.hits]))


class _KeepsUploads:
    """After an entry was saved, what was uploaded in its form belongs to it."""

    def form_valid(self, form: Any) -> HttpResponseBase:
        """Save, and attach the files in the same transaction."""
        with transaction.atomic():
            response: HttpResponseBase = super().form_valid(form)  # type: ignore[misc]
            files.attach_all(self.object, form.cleaned_data["content_files"])  # type: ignore[attr-defined]
        return response


class EntryEdit(_KeepsUploads, EditView):
    """The form of an entry."""


class EntryCreate(_KeepsUploads, CreateView):
    """The form of a new entry, after a lexicon was chosen for it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form; without a lexicon in the address, the lexicons to choose from."""
        lexicons = visible(Lexicon.objects.all(), viewer_of(request))
        chosen = request.GET.get("lexicon", "")
        if chosen.isdigit() and lexicons.filter(pk=chosen).exists():
            return super().get(request, *args, **kwargs)  # type: ignore[no-any-return]
        only = list(lexicons[:2])
        if len(only) == 1:
            return redirect(f"{request.path}?lexicon={only[0].pk}")
        return self.choose(request, lexicons)

    def get_initial(self) -> dict[str, Any]:
        """The lexicon of the address."""
        return {**super().get_initial(), "lexicon": self.request.GET.get("lexicon")}

    @staticmethod
    def choose(request: HttpRequest, lexicons: QuerySet[Lexicon]) -> HttpResponse:
        """The page that asks which lexicon the new entry is for."""
        context = {
            "lexicons": lexicons.order_by("title"),
            "page_title": _("New entry: which lexicon?"),
            "header_icon": "openquote",
        }
        return TemplateResponse(request, "dictionary/admin/choose_lexicon.html", context)
