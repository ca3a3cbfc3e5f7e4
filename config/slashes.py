"""Addresses whose slash at the end was forgotten."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.common import CommonMiddleware
from django.urls import resolve
from wagtail.models import Page


class Slashes(CommonMiddleware):
    """Django's own, which adds the slash only where something stands then: any address might be one of a page."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        """Whether the address with a slash is one of the house, or of a page that there is."""
        if not super().should_redirect_with_slash(request):
            return False
        match = resolve(f"{request.path_info}/", getattr(request, "urlconf", None))
        return match.url_name != "wagtail_serve" or Page.route_for_request(request, match.args[0]) is not None
