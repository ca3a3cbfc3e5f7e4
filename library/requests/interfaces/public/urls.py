"""Addresses of the pages of those who ask. Included by the project under / (Vietnamese) and /en/."""

from __future__ import annotations

from django.urls import path

from library.requests.interfaces.public import asking

urlpatterns = [
    path("records/ark:<str:naan>/<str:name>/request/", asking.about_record, name="record-request"),
    path("festivals/<slug:slug>/request/", asking.about_festival, name="festival-request"),
    path("requests/<str:word>/", asking.state, name="request-state"),
]
