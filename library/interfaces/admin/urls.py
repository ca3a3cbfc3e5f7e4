"""Addresses under /admin/library/ beside those of the viewsets."""

from __future__ import annotations

from django.urls import path

from library.interfaces.admin import endpoints

app_name = "library_admin"

urlpatterns = [
    path("find/", endpoints.find, name="find"),
    path("create/", endpoints.create, name="create"),
    path("duplicates/", endpoints.duplicates, name="duplicates"),
]
