"""The admin's page "Keyboards": each keyboard on each target, what was published and proved, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from access.models import User
from ime.catalogue import keyboards
from ime.domain import downloads, presentation, proving, publishing, shelf
from ime.interfaces.public.reader import reader
from ime.model import Keyboard
from ime.models import Build, Package, Proof
from jobs.domain.words import say

ACTIONS = {"build": publishing.request_anew, "prove": proving.request}


@dataclass(frozen=True)
class Row:
    """A keyboard on a target: what is published, how the last build went, what was proved, how often it was fetched."""

    target: str
    package: Package | None
    state: str
    error: str
    proofs: tuple[Proof, ...]
    downloads: int


@dataclass(frozen=True)
class Group:
    """A keyboard with its rows."""

    keyboard: Keyboard
    name: str
    language: str
    rows: tuple[Row, ...]


class KeyboardsPage(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """The list, by language."""

    permission_required = "ime.view_package"
    raise_exception = True
    template_name = "ime/admin/keyboards.html"
    page_title = gettext_lazy("Keyboards")
    header_icon = "keyboard"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All keyboards; a fixed number of queries."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= {
            "groups": list(groups(reader())),
            "faults": keyboards().faults,
            "may_publish": self.request.user.has_perm("ime.publish_package"),
        }
        return context

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, then this page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


def groups(speaks: str) -> Iterator[Group]:
    """Every keyboard with what is known of it on each target that can carry it."""
    builds = {(build.keyboard, build.target): build for build in Build.objects.select_related("package")}
    proofs: dict[tuple[str, str], list[Proof]] = {}
    for proof in Proof.objects.all():
        proofs.setdefault((proof.keyboard, proof.target), []).append(proof)
    counts = downloads.totals()
    by_keyboard: dict[str, list[Row]] = {}
    for task in publishing.tasks():
        key = (task.keyboard.id, task.target.id)
        build = builds.get(key)
        by_keyboard.setdefault(task.keyboard.id, []).append(
            Row(
                target=task.target.title,
                package=build.package if build else None,
                state=build.get_state_display() if build else _("not built yet"),
                error=say(build.error, build.error_params) if build else "",
                proofs=tuple(proofs.get(key, ())),
                downloads=counts.get(key, 0),
            )
        )
    for row in presentation.language_rows(speaks):
        for found in shelf.of_language(row.code):
            name = shelf.name(found, speaks)
            yield Group(found, name, row.name, tuple(by_keyboard.get(found.id, ())))


@require_POST
def act(request: HttpRequest, action: str, keyboard: str = "") -> HttpResponse:
    """Have one keyboard, or all, be built or proved now: a job in the background."""
    if action not in ACTIONS or (keyboard and shelf.keyboard(keyboard) is None):
        raise Http404
    if not request.user.has_perm("ime.publish_package"):
        return permission_denied(request)  # type: ignore[no-any-return]
    user = request.user if isinstance(request.user, User) else None
    ACTIONS[action]([keyboard] if keyboard else [], user=user)
    messages.success(request, _("Started. The page “Jobs” shows how far it is."))
    return redirect(reverse("ime_admin:keyboards"))
