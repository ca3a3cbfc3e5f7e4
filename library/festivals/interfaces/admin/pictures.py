"""The pictures of a festival in the admin: several are added at once, and put in order."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from library.festivals.domain import pictures
from library.festivals.models import Festival, Picture
from library.interfaces.admin import rows


@require_GET
def picture_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows alone, for the page to put in place."""
    return _rows(request, _festival(request, pk, "festivals.view_picture"))


@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one picture or several, each by itself."""
    festival = _festival(request, pk, "festivals.add_picture", changes=True)
    return rows.take(
        request, lambda stream, name: pictures.upload(festival, stream, name), lambda: _back(festival)
    )


@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the pictures in another order: `order=3,1,2`, or `up=PK`, or `down=PK`."""
    festival = _festival(request, pk, "festivals.change_picture", changes=True)
    for name, by in (("up", -1), ("down", 1)):
        if name in request.POST:
            chosen = rows.numbers(request.POST[name])
            picture = Picture.objects.filter(festival=festival, pk__in=chosen).first()
            if picture is not None:
                pictures.move(picture, by)
    if "order" in request.POST:
        pictures.put_in_order(festival, rows.numbers(request.POST["order"]))
    return _rows(request, festival) if rows.by_script(request) else _back(festival)


def shown(request: HttpRequest, festival: Festival) -> list[Picture]:
    """The pictures of a festival that the person may work on, in their order. One query."""
    found = visible(Picture.objects.filter(festival=festival), viewer_of(request), drafts=True)
    return list(found.select_related("blob", "protocol").order_by("order", "pk"))


def _festival(request: HttpRequest, pk: int, permission: str, *, changes: bool = False) -> Festival:
    """The festival, for who holds the permission and sees it; one that somebody locked is locked with its pictures."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    found = visible(Festival.objects.filter(pk=pk), viewer_of(request), drafts=True).first()
    if found is None:
        raise Http404
    lock = found.get_lock() if changes else None
    if lock is not None and lock.for_user(request.user):
        raise PermissionDenied(_("The festival is locked."))
    return found


def _rows(request: HttpRequest, festival: Festival) -> HttpResponse:
    context = {"festival": festival, "pictures": shown(request, festival)}
    return HttpResponse(render_to_string("festivals/admin/_picture_rows.html", context, request))


def _back(festival: Festival) -> HttpResponse:
    edit = reverse("wagtailsnippets_festivals_festival:edit", args=[festival.pk])
    return redirect(f"{edit}#festival-pictures")
