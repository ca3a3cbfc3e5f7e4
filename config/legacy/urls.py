"""The address of the page, under / and /en/."""

from __future__ import annotations

from django.urls import path

from config.legacy import views

urlpatterns = [path("legacy-text/", views.legacy_text, name="legacy-text")]
