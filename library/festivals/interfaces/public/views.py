"""The public pages of festivals."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from access.domain.gate import visible
from access.domain.viewer import Viewer, anonymous, viewer_of
from library.festivals.calendar import FIRST_YEAR, LAST_YEAR
from library.festivals.domain import gathering, schedule
from library.festivals.domain.presentation import FestivalView, festival_view
from library.festivals.interfaces.public import months
from library.festivals.interfaces.public.places import points
from library.festivals.models import Festival
from library.interfaces.public.asked import asked
from library.vocabularies import People


@require_safe
def all_festivals(request: HttpRequest) -> HttpResponse:
    """`/festivals/?people=…`: those that come next, and all of them, or those of a people."""
    viewer = viewer_of(request)
    narrowed = narrowed_to(request, viewer)
    festivals = list(narrowed.of(shown(viewer)))
    today = timezone.localdate()
    context = {
        "section": "festivals",
        "coming": schedule.coming(festivals, today),
        "festivals": sorted(festivals, key=lambda each: each.name.casefold()),
        "pictures": gathering.leading(festivals, viewer),
        "narrowed": narrowed,
        "today": today,
    }
    return render(request, "festivals/festivals.html", context)


@require_safe
def calendar(request: HttpRequest, year: int = 0, month: int = 0) -> HttpResponse:
    """`/festivals/calendar/YEAR/MONTH/?people=…`: a month with its lunar dates; without them, the present one."""
    today = timezone.localdate()
    year, month = year or today.year, month or today.month
    if not (FIRST_YEAR < year <= LAST_YEAR and 1 <= month <= 12):
        raise Http404
    viewer = viewer_of(request)
    narrowed = narrowed_to(request, viewer)
    festivals = list(narrowed.of(shown(viewer)))
    context = {
        "section": "festivals",
        "month": months.month_view(festivals, year, month, today),
        "narrowed": narrowed,
    }
    return render(request, "festivals/calendar.html", context)


@require_safe
def festival_map(request: HttpRequest) -> HttpResponse:
    """`/festivals/map/?people=…`: festivals by their places."""
    viewer = viewer_of(request)
    narrowed = narrowed_to(request, viewer)
    found = points(list(narrowed.of(shown(viewer))))
    context = {"section": "festivals", "points": found, "narrowed": narrowed}
    return render(request, "festivals/map.html", context)


@require_safe
def festival_page(request: HttpRequest, slug: str) -> HttpResponse:
    """`/festivals/NAME/`."""
    viewer = viewer_of(request)
    festival = find(slug, viewer)
    view = festival_view(festival, reader=get_language() or "vi", viewer=viewer)
    context = {
        "section": "festivals",
        "festival": view,
        "linked_data": [linked_data(view, each) for each in view.next],
        "open_to_all": visible(Festival.objects.filter(pk=festival.pk), anonymous()).exists(),
    }
    return render(request, "festivals/festival.html", context)


@dataclass(frozen=True)
class Narrowed:
    """What lists of festivals are narrowed to: a people by its number; `choices` are the peoples that have any."""

    number: str
    name: str
    choices: tuple[People, ...]

    @property
    def query(self) -> str:
        """What keeps the choice in another address of festivals."""
        return f"?{urlencode({'people': self.number})}" if self.number else ""

    def of(self, festivals: QuerySet[Festival]) -> QuerySet[Festival]:
        """Those of the people that was chosen; of one that nobody knows, none."""
        return festivals.filter(peoples__number=self.number) if self.number else festivals


def narrowed_to(request: HttpRequest, viewer: Viewer) -> Narrowed:
    """What the address says, with the peoples of all festivals that the viewer may see. One query."""
    seen = visible(Festival.objects.all(), viewer).order_by().values("pk")
    choices = tuple(People.objects.filter(festivals__in=seen).distinct())
    number = asked(request, "people")
    return Narrowed(number, next((one.name for one in choices if one.number == number), number), choices)


def shown(viewer: Viewer) -> QuerySet[Festival]:
    """The festivals that the viewer may see, with all that lists show of them. Three queries."""
    found: QuerySet[Festival] = visible(Festival.objects.all(), viewer)
    return found.prefetch_related("peoples", "places")


def find(slug: str, viewer: Viewer) -> Festival:
    """A festival that the viewer may see; Http404 otherwise, the same for missing and closed ones."""
    found = shown(viewer).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def linked_data(festival: FestivalView, held: schedule.Held) -> dict[str, object]:
    """One time of the festival as a schema.org Event."""
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Festival",
        "name": festival.name.text,
        "url": base() + reverse("festival", args=[festival.slug]),
        "startDate": held.days.start.isoformat(),
        "endDate": held.days.end.isoformat(),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "inLanguage": festival.name.lang,
    }
    if festival.summary.text:
        data["description"] = festival.summary.text
    if festival.places:
        data["location"] = [
            {"@type": "Place", "name": name, "address": name} for name, _slug in festival.places
        ]
    if festival.pictures:
        data["image"] = [base() + each.full for each in festival.pictures]
    return data


def base() -> str:
    """The site's own address."""
    return str(settings.WAGTAILADMIN_BASE_URL).rstrip("/")
