"""The admin's pages of imports: the list, the report of a run, and what a person decides about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from jobs.domain import listing
from jobs.imports import runs
from jobs.imports.types import Advising, importer_named, upload_pages
from jobs.models import ImportRow, ImportRun

RUNS_PER_PAGE = 30
ROWS_PER_PAGE = 50


class ImportsPage(WagtailAdminTemplateMixin, TemplateView):
    """The list of imports, newest first, and where to begin a new one."""

    template_name = "jobs/imports.html"
    page_title = gettext_lazy("Imports")
    header_icon = "upload"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The imports of one page."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        seen = listing.imports_seen_by(self.request.user)
        page = Paginator(seen, RUNS_PER_PAGE).get_page(self.request.GET.get("p"))
        begin = [
            (gettext(one.title), reverse(one.url_name))
            for one in upload_pages()
            if self.request.user.has_perm(one.permission)
        ]
        return context | {"page": page, "begin": begin}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, then this page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


class ImportPage(WagtailAdminTemplateMixin, TemplateView):
    """The report of one import: counts, rows (`?verdict=`, `?outcome=`), conflicts to settle, what to do next."""

    template_name = "jobs/import.html"
    page_title = gettext_lazy("Import")
    header_icon = "upload"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The run, and one page of its rows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        run = get_object_or_404(listing.imports_seen_by(self.request.user), pk=self.kwargs["pk"])
        verdict, outcome = self.request.GET.get("verdict", ""), self.request.GET.get("outcome", "")
        rows = ImportRow.objects.filter(run=run).order_by("number").defer("before")
        if verdict in ImportRow.Verdict.values:
            rows = rows.filter(verdict=verdict)
        if outcome and outcome in ImportRow.Outcome.values:
            rows = rows.filter(outcome=outcome)
        verdicts, outcomes = runs.counts(run)
        mine = listing.may_act_on(self.request.user, run)
        return context | {
            "run": run,
            "job": run.job,
            "busy": run.state in runs.BUSY,
            "page": Paginator(rows, ROWS_PER_PAGE).get_page(self.request.GET.get("p")),
            "verdict": verdict,
            "outcome": outcome,
            "verdicts": [(value, label, verdicts[value]) for value, label in ImportRow.Verdict.choices],
            "outcomes": [
                (value, label, outcomes[value])
                for value, label in ImportRow.Outcome.choices
                if value and outcomes[value]
            ],
            "open": runs.phases_open(run) if mine else frozenset(),
            "pending": runs.pending(run).count() if mine else 0,
            "undecided": runs.undecided(run).count(),
            "choices": _choices(run),
            "may_decide": mine and run.state not in runs.BUSY and run.state != ImportRun.State.UNDONE,
        }

    def get_page_subtitle(self) -> str:
        """The title of the import, for who may see it."""
        seen = listing.imports_seen_by(self.request.user).filter(pk=self.kwargs["pk"])
        return seen.values_list("title", flat=True).first() or ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the list, this import."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("jobs:imports"), "label": _("Imports")},
            {"url": "", "label": self.get_page_subtitle()},
        ]


@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Check again, apply, undo, settle conflicts or discard; says why when it cannot be done now."""
    run = _own(request, pk)
    try:
        if action in runs.KIND_NAMES:
            runs.start(run, action, user=request.user)  # type: ignore[arg-type]
        elif action == "choose":
            runs.choose(run, request.POST.get("key", ""), request.POST.get("value", ""))
            runs.start(run, "check", user=request.user)  # type: ignore[arg-type]
        elif action == "decide":
            _decide(request, run)
        elif action == "discard":
            runs.discard(run)
            messages.success(request, _("The import is forgotten; what it wrote stays."))
            return redirect("jobs:imports")
        else:
            raise Http404
    except ValueError:
        raise Http404 from None
    except runs.NotNow as not_now:
        messages.error(request, gettext(str(not_now)))
    return redirect(f"{reverse('jobs:import', args=[run.pk])}{_filter_of(request)}")


def _choices(run: ImportRun) -> Sequence[tuple[str, str]]:
    """What may be chosen where the check gave advice."""
    importer = importer_named(run.importer) if run.advice else None
    return importer.choices() if isinstance(importer, Advising) else ()


def _own(request: HttpRequest, pk: int) -> ImportRun:
    run = get_object_or_404(listing.imports_seen_by(request.user), pk=pk)
    if not listing.may_act_on(request.user, run):
        raise PermissionDenied
    return run


def _decide(request: HttpRequest, run: ImportRun) -> None:
    """`decision` for the rows ticked (`row`), or with `all` for every conflict."""
    decision = request.POST.get("decision", "")
    if decision not in ImportRow.Decision.values:
        raise Http404
    numbers = [int(number) for number in request.POST.getlist("row") if number.isdecimal()]
    settled = runs.decide(run, decision, None if "all" in request.POST else numbers[:ROWS_PER_PAGE])
    if settled:
        messages.success(request, _("%(count)s conflicts settled.") % {"count": settled})
    else:
        messages.warning(request, _("Tick the rows first."))


def _filter_of(request: HttpRequest) -> str:
    verdict = request.POST.get("verdict", "")
    return f"?verdict={verdict}" if verdict in ImportRow.Verdict.values else ""
