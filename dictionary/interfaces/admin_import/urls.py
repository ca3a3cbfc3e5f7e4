"""Addresses under /admin/dictionary/files/."""

from __future__ import annotations

from django.urls import path

from dictionary.interfaces.admin_import import views

app_name = "dictionary_import"

urlpatterns = [
    path("import/", views.upload, name="upload"),
    path("import/<int:pk>/columns/", views.columns, name="columns"),
    path("export/", views.exports, name="exports"),
    path("export/<slug:slug>/<slug:kind>/", views.download, name="export"),
]
