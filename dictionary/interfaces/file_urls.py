"""The addresses of a file, short and with its name: the same in every language."""

from __future__ import annotations

from django.urls import path

from dictionary.interfaces.files import file

urlpatterns = [
    path("files/<uuid:uuid>", file, name="entry-file"),
    path("files/<uuid:uuid>/<str:name>", file, name="entry-file-named"),
]
