"""Addresses of files and data, the same in every language."""

from __future__ import annotations

from django.urls import path

from ime.interfaces.public import data, files

app_name = "ime"
urlpatterns = [
    path("ban-phim/keyboards.json", data.web_index, name="web_index"),
    path("ban-phim/fonts/<str:name>", files.font, name="font"),
    path("ban-phim/<slug:name>/<slug:state>.json", data.web_keyboard, name="web_keyboard"),
    path("ban-phim/<slug:keyboard>/<slug:target>/latest/", files.latest, name="latest"),
    path(
        "ban-phim/<slug:keyboard>/<slug:target>/<str:release>/<str:filename>", files.download, name="download"
    ),
]
