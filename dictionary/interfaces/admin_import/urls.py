"""Addresses under /admin/dictionary/files/."""

from __future__ import annotations

from django.urls import path

from dictionary.interfaces.admin_import import views
from dictionary.interfaces.admin_import.uploads import LexiconUpload

app_name = "dictionary_import"

urlpatterns = [
    *LexiconUpload().urls(),
    path("export/", views.exports, name="exports"),
    path("export/<slug:slug>/<slug:kind>/", views.download, name="export"),
]
