"""Calendar files and pictures of festivals, behind the gate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from access.domain.gate import may_see
from access.domain.viewer import anonymous, viewer_of
from library.festivals import ics
from library.festivals.domain.presentation import spoken
from library.festivals.domain.schedule import Held, all_held
from library.festivals.interfaces.public.views import base, find, shown
from library.festivals.models import Festival, Picture
from media_pipeline.domain import blobs
from media_pipeline.interfaces import sending

_YEARS: Final = 5


@require_safe
def all_dates(request: HttpRequest) -> HttpResponse:
    """`/festivals/all.ics`: all festivals of last year, this one and some to come."""
    return _file(request, list(shown(viewer_of(request))), _("Festivals"), "festivals.ics")


@require_safe
def dates(request: HttpRequest, slug: str) -> HttpResponse:
    """`/festivals/NAME/dates.ics`: the same of one festival."""
    festival = find(slug, viewer_of(request))
    return _file(request, [festival], festival.name, f"{slug}.ics")


@require_safe
def picture(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """`/festivals/pictures/UUID`: the bytes of a picture, for whom the gate lets see it."""
    found = Picture.objects.select_related("festival", "blob").filter(uuid=uuid).first()
    edits = request.user.has_perm("festivals.change_festival")
    if found is None or not may_see(found, viewer_of(request), drafts=edits):
        raise Http404
    return sending.send(
        request,
        blobs.path(found.blob),
        found.blob.media_type,
        cache=sending.FOR_A_DAY if may_see(found, anonymous()) else sending.NOWHERE,
    )


def _file(request: HttpRequest, festivals: Sequence[Festival], name: str, file_name: str) -> HttpResponse:
    year = timezone.localdate().year
    held = all_held(festivals, date(year - 1, 1, 1), date(year + _YEARS, 12, 31))
    reader = get_language() or "vi"
    body = ics.calendar(name, reader, [_event(each, reader) for each in held])
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    everybody = anonymous()
    is_public = all(may_see(festival, everybody) for festival in festivals)
    response["Cache-Control"] = "public, max-age=3600" if is_public else "private, no-store"
    return response


def _event(held: Held, reader: str) -> ics.Event:
    festival = held.festival
    return ics.Event(
        uid=f"{held.uid}@{urlsplit(base()).hostname or 'localhost'}",
        start=held.days.start,
        end=held.days.end,
        summary=spoken(festival, "name", reader).text,
        changed=festival.updated_at,
        description="\n".join(filter(None, (spoken(festival, "summary", reader).text, held.note))),
        location=", ".join(str(place) for place in festival.places.all()),
        url=base() + reverse("festival", args=[festival.slug]),
    )
