"""The admin's page “Files in work”: every file, its steps, how far they are, what went wrong; try again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from access.domain.viewer import viewer_of
from jobs.domain.worker import served_queues
from media_pipeline.domain import assets, graph, naming
from media_pipeline.domain.runner import QUEUE
from media_pipeline.models import Asset

PER_PAGE = 30
SEE, ACT = "media_pipeline.view_asset", "media_pipeline.change_asset"


class FilesPage(WagtailAdminTemplateMixin, TemplateView):
    """The list, newest first; `?state=` filters."""

    template_name = "media_pipeline/files.html"
    page_title = gettext_lazy("Files in work")
    header_icon = "media"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only for who may look at files in work."""
        if not request.user.has_perm(SEE):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The files of one page with their steps, in three queries however many there are."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        state = self.request.GET.get("state", "")
        found = Asset.objects.select_related("blob").prefetch_related("steps")
        if state in Asset.State.values:
            found = found.filter(state=state)
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("p"))
        shown = list(page)
        names = naming.names(shown, viewer_of(self.request))
        order = [spec.name for spec in graph.steps()]
        context |= {
            "page": page,
            "rows": [
                (
                    asset,
                    names.get(asset.blob_id),
                    sorted(
                        asset.steps.all(), key=lambda row: order.index(row.name) if row.name in order else -1
                    ),
                )
                for asset in shown
            ],
            "state": state,
            "states": [("", _("all")), *Asset.State.choices],
            "busy": any(asset.state in {Asset.State.WAITING, Asset.State.RUNNING} for asset in shown),
            "unserved": QUEUE if QUEUE not in served_queues() else "",
            "may_act": self.request.user.has_perm(ACT),
        }
        return context

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, then this page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a file worked on again: what is whole stays, what failed or was left out is tried."""
    if not request.user.has_perm(ACT):
        return permission_denied(request)
    assets.start(get_object_or_404(Asset, pk=pk))
    messages.success(request, _("It will be tried again now."))
    return redirect(reverse("media_pipeline:files"))
