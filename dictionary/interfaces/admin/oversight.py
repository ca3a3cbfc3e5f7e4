"""Wagtail's own overviews, behind the gate: what waits for review, workflow reports, the history of the site.

Wagtail asks what a person may do with entries in general; what a community closed must not be named there either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.home import (
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.admin.views.reports.workflows import WorkflowTasksView, WorkflowView
from wagtail.models import ModelLogEntry

from access.domain.gate import may_see, visible
from access.domain.stewardship import is_administrator
from access.domain.viewer import viewer_of
from access.models import Protected
from dictionary.models import Entry, EntryFile, Lexicon, Report

_GUARDED: Final[list[type[Protected]]] = [Entry, EntryFile, Lexicon, Report]


def guard(*models: type[Protected]) -> None:
    """Have the overviews ask the gate about these models, too; an upper app says so once."""
    _GUARDED.extend(model for model in models if model not in _GUARDED)


def closed(request: HttpRequest, type_field: str, id_field: str) -> Q:
    """The condition of rows that point at an object which the person may not see (or that is gone)."""
    condition = Q(pk__in=())
    if is_administrator(request.user):  # type: ignore[arg-type]
        return condition
    for model in _GUARDED:
        seen = visible(model._default_manager.order_by(), viewer_of(request), drafts=True)
        kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
        names = seen.annotate(name_of_row=Cast("pk", CharField())).values("name_of_row")
        condition |= Q(**{type_field: kind}) & ~Q(**{f"{id_field}__in": names})
    return condition


def _shown(request: HttpRequest, thing: Model | None) -> bool:
    return not isinstance(thing, Protected) or may_see(thing, viewer_of(request), drafts=True)


class ToModerate(WorkflowObjectsToModeratePanel):
    """On the first page: what waits for the person's review."""

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        """Without what the person may not see."""
        context = super().get_context_data(parent_context)
        states = [each for each in context["states"] if _shown(parent_context["request"], each["obj"])]
        return {**context, "states": states}


class InModeration(UserObjectsInWorkflowModerationPanel):
    """On the first page: what the person submitted."""

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        """Without what has been closed to the person since."""
        context = super().get_context_data(parent_context)
        states = context["workflow_states"]
        kept = [each for each in states if _shown(parent_context["request"], each.content_object)]
        return {**context, "workflow_states": kept}


def gate_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Put the gated panels in the place of Wagtail's."""
    ours = {WorkflowObjectsToModeratePanel: ToModerate, UserObjectsInWorkflowModerationPanel: InModeration}
    panels[:] = [ours[type(panel)]() if type(panel) in ours else panel for panel in panels]


class GatedWorkflows(WorkflowView):
    """The report of workflows."""

    def get_queryset(self) -> QuerySet[Any]:
        """Those of what the person may see."""
        return super().get_queryset().exclude(closed(self.request, "base_content_type", "object_id"))


class GatedTasks(WorkflowTasksView):
    """The report of workflow steps."""

    def get_queryset(self) -> QuerySet[Any]:
        """Those of what the person may see."""
        condition = closed(self.request, "workflow_state__base_content_type", "workflow_state__object_id")
        return super().get_queryset().exclude(condition)


class GatedHistory(LogEntriesView):
    """The history of the site."""

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Of what the person may see; what was deleted is named to administrators only."""
        if queryset.model is ModelLogEntry:
            queryset = queryset.exclude(closed(self.request, "content_type", "object_id"))
        return super().filter_queryset(queryset)  # type: ignore[no-any-return]


# Under Wagtail's own addresses, before Wagtail's.
urlpatterns = [
    path(f"{address}/{rest}", require_admin_access(view.as_view(results_only=bool(rest))))
    for address, view in (
        ("workflow", GatedWorkflows),
        ("workflow_tasks", GatedTasks),
        ("site-history", GatedHistory),
    )
    for rest in ("", "results/")
]
