"""Addresses under /admin/dictionary/ beside those of the viewsets."""

from __future__ import annotations

from django.urls import path

from dictionary.interfaces.admin import endpoints, merging

app_name = "dictionary_admin"

urlpatterns = [
    path("upload/", endpoints.upload, name="upload"),
    path("lexicons/<int:lexicon>/find/", endpoints.entries, name="entries"),
    path("duplicates/", merging.candidates, name="duplicates"),
    path("duplicates/merge/", merging.compare, name="merge"),
]
