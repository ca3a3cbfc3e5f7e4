"""The address of a file: the same in every language."""

from __future__ import annotations

from django.urls import path

from dictionary.interfaces.files import file

app_name = "dictionary_files"

urlpatterns = [path("files/<uuid:uuid>/<str:name>", file, name="file")]
