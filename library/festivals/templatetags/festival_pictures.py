"""The panel of the pictures of a festival, for its form in the admin."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from library.festivals.interfaces.admin.pictures import shown
from library.festivals.models import Festival

register = template.Library()


@register.inclusion_tag("festivals/admin/_pictures.html", takes_context=True)
def festival_pictures(context: dict[str, Any], festival: Festival) -> dict[str, Any]:
    """The pictures of a festival with what adds and orders them."""
    request = context["request"]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "perms": context["perms"],
        "festival": festival,
        "pictures": shown(request, festival),
        "largest": settings.NHASAN_MEDIA_MAX_BYTES,
    }
