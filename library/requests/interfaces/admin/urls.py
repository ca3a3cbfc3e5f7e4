"""Addresses of the pages of those who decide, below /admin/library/requests/."""

from __future__ import annotations

from django.urls import path

from library.requests.interfaces.admin import pages

app_name = "library_requests"
urlpatterns = [
    path("", pages.QueuePage.as_view(), name="queue"),
    path("<int:pk>/", pages.RequestPage.as_view(), name="request"),
]
