"""Addresses below /admin/keyboards/."""

from __future__ import annotations

from django.urls import path

from ime.interfaces import admin

app_name = "ime_admin"
urlpatterns = [
    path("", admin.KeyboardsPage.as_view(), name="keyboards"),
    path("<slug:action>/", admin.act, name="act_all"),
    path("<slug:action>/<slug:keyboard>/", admin.act, name="act"),
]
