"""The views of records in the admin: list, form, and the choice of a kind for a new record."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import StatusTagColumn
from wagtail.models import WorkflowState
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView

from library.domain import ark, collections, publish
from library.domain.folding import folded
from library.domain.kinds import kinds
from library.models import Collection, Record


def state(record: Record) -> str:
    """Where a record of the list stands, in a word or two. Wagtail's own column asks the database for each row."""
    if record.in_review:  # type: ignore[attr-defined]
        return _("in review")
    if record.live:
        return _("published, with a draft") if record.has_unpublished_changes else _("published")
    return _("draft")


def state_column() -> StatusTagColumn:
    """The column of the list that says where records stand."""
    return StatusTagColumn(
        "state", label=gettext_lazy("State"), accessor=state, primary=lambda record: record.live
    )


class _OneTreeChange:
    """Changes of the tree of collections are made one after the other: the second is checked against the first."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check and save while nobody else changes the tree."""
        with transaction.atomic():
            collections.lock(Collection)
            response: HttpResponseBase = super().post(request, *args, **kwargs)  # type: ignore[misc]
        return response


class CollectionCreate(_OneTreeChange, CreateView):
    """The form of a new collection."""


class CollectionEdit(_OneTreeChange, EditView):
    """The form of a collection."""


class RecordList(IndexView):
    """All records that the person may work on, published or not."""

    def get_base_queryset(self) -> QuerySet[Record]:
        """The records with what a row shows, without their content."""
        reviews = WorkflowState.objects.filter(
            base_content_type=Record.get_base_content_type(),
            object_id=Cast(OuterRef("pk"), CharField()),
            status=WorkflowState.STATUS_IN_PROGRESS,
        )
        found = super().get_base_queryset().annotate(in_review=Exists(reviews))
        return found.select_related("collection").defer("content")  # type: ignore[no-any-return]

    def search_queryset(self, queryset: QuerySet[Record]) -> QuerySet[Record]:
        """Words of the title, an identifier, or an ARK."""
        text = (self.search_query or "").strip()
        kept = ark.normalised(text)
        if kept:
            return queryset.filter(ark=kept)
        for word in folded(text).split()[:10]:
            queryset = queryset.filter(Q(title_folded__contains=word) | Q(identifiers__icontains=word))
        return queryset


class _WholeAtOnce:
    """What belongs to the record as a whole (collection, who may see it) holds at once, also beside a draft."""

    def form_valid(self, form: Any) -> HttpResponseBase:
        """Save; then write the whole, and tell search."""
        given = {
            name: form.cleaned_data[name]
            for name in ("collection", "protocol", "embargo_until")
            if name in form.fields and name in form.changed_data
        }
        with transaction.atomic():
            response: HttpResponseBase = super().form_valid(form)  # type: ignore[misc]
            record: Record = self.object  # type: ignore[attr-defined]
            if given and record.pk is not None:
                Record.objects.filter(pk=record.pk).update(**given)
                publish.touch([record.pk])
                publish.reindex([record.pk])
        return response


class RecordEdit(_WholeAtOnce, EditView):
    """The form of a record. Who saves what somebody else has changed meanwhile is told, and loses nothing."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save while nobody else can: of two at once the second learns of the first."""
        with transaction.atomic():
            now = (
                Record.objects.select_for_update(of=("self",))
                .select_related("latest_revision")
                .get(pk=self.object.pk)
            )
            self.object.latest_revision = now.latest_revision
            return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]

    def is_valid(self, form: Any) -> bool:
        """Refuse to write over what the person has not seen; the form comes back with all that was written in it."""
        if not self.expects_json_response and self.is_out_of_date:
            form.is_valid()
            self.produced_error_code, self.produced_error_message = "invalid_revision", self._conflict()
            return False
        return bool(super().is_valid(form))

    def _conflict(self) -> str:
        revision = self.latest_revision
        return _(
            "%(name)s saved this record on %(when)s, after you opened it. Nothing was saved now, and what you wrote "
            "stands below. Compare it with theirs under “History”; save again to put yours in its place (theirs stays "
            "in the history)."
        ) % {
            "name": revision.user.get_full_name() or revision.user.get_username()
            if revision.user
            else _("Somebody"),
            "when": localize(localtime(revision.created_at)),
        }


class RecordCreate(_WholeAtOnce, CreateView):
    """The form of a new record, after its kind was chosen."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form; without a kind in the address, the kinds to choose from."""
        if request.GET.get("kind") in kinds():
            return super().get(request, *args, **kwargs)  # type: ignore[no-any-return]
        reader = get_language() or "vi"
        context = {
            "kinds": [(kind.id, kind.name(reader)) for kind in kinds().values()],
            "page_title": _("New record: of which kind?"),
            "header_icon": "doc-full",
        }
        return TemplateResponse(request, "library/admin/choose_kind.html", context)

    def get_initial(self) -> dict[str, Any]:
        """The kind of the address."""
        return {**super().get_initial(), "kind": self.request.GET.get("kind")}
