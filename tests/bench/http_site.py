"""The site as it is, with one more address: a view that does nothing, to measure the others against."""

from __future__ import annotations

from config.wsgi import application  # isort: skip  (it makes the apps ready, which the addresses need)

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns

__all__ = ["application"]


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, through the same middleware."""
    return HttpResponse("")


# In front of the pages, where the site's own addresses without a language stand.
urlpatterns.insert(0, path("bench-empty/", empty))
