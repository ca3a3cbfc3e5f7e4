"""The queue of requests, and one request with all that can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from access.domain.gate import may_see
from access.domain.viewer import viewer_of
from access.interfaces.letters import LONGEST
from access.models import User
from library.festivals.models import Festival
from library.interfaces.public.records import record_address
from library.models import RecordFile
from library.requests.domain import material, queue
from library.requests.interfaces.admin import asked
from library.requests.interfaces.public.asking import place
from library.requests.models import Hold, Request

PER_PAGE: Final = 50
_STATES: Final = {
    "open": Request.OPEN,
    "mine": Request.OPEN,
    "decided": (Request.State.DONE, Request.State.REFUSED),
}


class _Page(WagtailAdminTemplateMixin, TemplateView):  # type: ignore[misc]
    """A page for those who handle requests."""

    header_icon = "mail"
    person: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """403 for everybody else."""
        if not queue.may_handle_any(request.user):  # type: ignore[arg-type]
            raise PermissionDenied
        assert isinstance(request.user, User)
        self.person = request.user
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


class QueuePage(_Page):
    """The requests that the person handles, the one that is due first on top; `?show=` open, mine or decided."""

    template_name = "requests/admin/queue.html"
    page_title = gettext_lazy("Requests from the public")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The requests of one page."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        show = self.request.GET.get("show", "open")
        show = show if show in _STATES else "open"
        found = Request.objects.filter(state__in=_STATES[show]).select_related("assignee")
        if show == "mine":
            found = found.filter(assignee=self.person)
        if show == "decided":
            found = found.order_by("-closed_at", "-pk")
        items = queue.handled(found, self.person, viewer_of(self.request))
        return context | {
            "page": Paginator(items, PER_PAGE).get_page(self.request.GET.get("p")),
            "show": show,
            "shows": [
                ("open", pgettext("requests", "open")),
                ("mine", pgettext("requests", "mine")),
                ("decided", pgettext("requests", "decided")),
            ],
        }

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, then this page."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


@dataclass(frozen=True)
class Closable:
    """Something that this request may close: what it is called here, what it is, who keeps it closed."""

    word: str
    name: str
    whole: bool
    by_this: bool
    by_another: bool


class RequestPage(_Page):
    """One request. POST `act` does something about it, with `text`."""

    template_name = "requests/admin/request.html"

    @cached_property
    def item(self) -> queue.Item:
        """The request of the address; Http404 where the person does not handle it."""
        found = queue.find(self.kwargs["pk"], self.person, viewer_of(self.request))
        if found is None:
            raise Http404
        return found

    def get_page_title(self) -> str:
        """Its number."""
        return _("Request %(number)s") % {"number": self.item.request.number}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the queue, then this page."""
        queue_page = {"url": reverse("library_requests:queue"), "label": QueuePage.page_title}
        return [*self.breadcrumbs_items, queue_page, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The request, what it is about, what may be done, what was done."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        request = self.item.request
        return context | {
            "asked": request,
            "thing": self.item.thing,
            "part": self.item.thing if isinstance(self.item.thing, RecordFile) else None,
            "place": place(request.locator),
            "links": self._links(),
            "closable": [each for each, _thing in self.closable()],
            "colleagues": queue.colleagues(self.item) if request.is_open else [],
            "acts": request.acts.select_related("user"),
            "longest": LONGEST,
        }

    def closable(self) -> list[tuple[Closable, material.Material]]:
        """What the request may close: the file, and the record that it is of; or the festival."""
        thing = self.item.thing
        if thing is None:
            return []
        things: list[material.Material] = [thing]
        if isinstance(thing, RecordFile):
            things.append(thing.record)
        holds = set(
            Hold.objects.filter(target__in=[each.uuid for each in things]).values_list(
                "about", "target", "request"
            )
        )
        found = []
        for each in things:
            about, target = material.name_of(each)
            by = {request for kind, uuid, request in holds if (kind, uuid) == (about, target)}
            if by and not material.is_closed(each):
                # Somebody has opened it in its form meanwhile.
                by = set()
            mine = self.item.request.pk in by
            found.append((Closable(about, str(each), each is not thing, mine, bool(by) and not mine), each))
        return found

    def _links(self) -> list[tuple[str, str]]:
        """Where the person sees the material as it stands now: in public, and its form."""
        request, viewer = self.item.request, viewer_of(self.request)
        thing = material.current(request.about, request.target)
        whole = thing.record if isinstance(thing, RecordFile) else thing
        if thing is None or whole is None or not may_see(thing, viewer, drafts=True):
            return []
        links = []
        if may_see(thing, viewer):
            links.append((_public(thing, request), _("Look at it")))
        form = (
            "wagtailsnippets_festivals_festival"
            if isinstance(whole, Festival)
            else "wagtailsnippets_library_record"
        )
        if self.person.has_perm(f"{whole._meta.app_label}.change_{whole._meta.model_name}"):
            links.append((reverse(f"{form}:edit", args=[whole.pk]), _("To its form")))
        return links

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, and lead back."""
        problem = asked.act(self.item, [thing for _each, thing in self.closable()], self.person, request.POST)
        if problem:
            messages.error(request, problem)
        else:
            messages.success(request, _("Kept."))
        return redirect("library_requests:request", pk=pk)


def _public(thing: material.Material, request: Request) -> str:
    if isinstance(thing, Festival):
        return reverse("festival", args=[thing.slug])
    record = thing.record if isinstance(thing, RecordFile) else thing
    naan, _slash, name = record.ark.removeprefix("ark:").partition("/")
    at, value = request.place
    if at == "page":
        return f"{reverse('record-read', args=[naan, name])}?page={value}"
    if at == "t" and isinstance(thing, RecordFile):
        return f"{reverse('record-play', args=[naan, name, thing.uuid])}?t={value}"
    return record_address(record.ark)
