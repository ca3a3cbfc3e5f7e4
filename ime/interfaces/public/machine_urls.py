"""Addresses of files and data, the same in every language."""

from __future__ import annotations

from django.urls import path

from ime.interfaces.public import data, files

app_name = "ime"
urlpatterns = [
    path("keyboards/keyboards.json", data.web_index, name="web_index"),
    path("keyboards/fonts/<str:name>", files.font, name="font"),
    path("keyboards/<slug:name>/<slug:state>.json", data.web_keyboard, name="web_keyboard"),
    path("keyboards/<slug:keyboard>/<slug:target>/latest/", files.latest, name="latest"),
    path(
        "keyboards/<slug:keyboard>/<slug:target>/<str:release>/<str:filename>",
        files.download,
        name="download",
    ),
]
