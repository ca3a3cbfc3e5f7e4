"""The admin's page of jobs: what runs, for whom, how far it is, what went wrong; cancel and retry."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from jobs.domain import listing, queue
from jobs.domain.kinds import queues
from jobs.domain.worker import served_queues
from jobs.models import Job

PER_PAGE = 30
ACTIONS = {"cancel": queue.cancel, "retry": queue.retry}


class JobsPage(WagtailAdminTemplateMixin, TemplateView):
    """The list, newest first; `?state=` filters."""

    template_name = "jobs/jobs.html"
    page_title = gettext_lazy("Jobs")
    header_icon = "tasks"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The jobs of one page, and the queues that no worker serves."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        state = self.request.GET.get("state", "")
        seen = listing.jobs_seen_by(self.request.user)
        page = Paginator(listing.in_state(seen, state), PER_PAGE).get_page(self.request.GET.get("p"))
        user = self.request.user
        context |= {
            "page": page,
            "rows": [(job, listing.may_act_on(user, job)) for job in page],
            "state": state,
            "states": [("", _("all")), ("open", _("not finished")), *Job.State.choices],
            "unserved": sorted(set(queues()) - served_queues()),
            "show_detail": user.has_perm("jobs.change_job"),
        }
        return context

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, then this page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Cancel or retry a job."""
    job = get_object_or_404(listing.jobs_seen_by(request.user), pk=pk)
    if action not in ACTIONS:
        raise Http404
    if not listing.may_act_on(request.user, job):
        return permission_denied(request)
    ACTIONS[action](job)
    if action == "cancel":
        messages.success(request, _("Cancelled. Work that is under way stops at its next safe point."))
    else:
        messages.success(request, _("It will be tried again now."))
    return redirect(reverse("jobs:jobs"))
