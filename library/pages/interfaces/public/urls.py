"""Addresses that pages share with the house. Included by the project before all others, under / and /en/."""

from __future__ import annotations

from django.urls import path

from library.pages.interfaces.public import front

urlpatterns = [
    path("", front.front, name="lookup"),
    path("about/", front.about, name="about"),
]
