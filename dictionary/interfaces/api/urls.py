"""Addresses of the API: `/api/v1/…`; every other address under it gets a problem, not a page."""

from __future__ import annotations

from django.urls import path

from dictionary.interfaces.api.problems import not_found
from dictionary.interfaces.api.routes import api

urlpatterns = [
    path("v1/", api.urls),
    path("<path:rest>", not_found),
]
