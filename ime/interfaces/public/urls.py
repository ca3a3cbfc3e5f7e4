"""Addresses of the pages. Included by the project under / (Vietnamese) and /en/."""

from __future__ import annotations

from django.urls import path

from ime.interfaces.public import pages

urlpatterns = [
    path("ban-phim/", pages.index, name="keyboards"),
    path("ban-phim/khung-go/", pages.typing_pad, name="typing-pad"),
    path("ban-phim/<str:code>/", pages.language, name="keyboard-language"),
    path("ban-phim/<str:code>/<slug:name>/", pages.keyboard, name="keyboard"),
    path("ban-phim/<str:code>/<slug:name>/card.pdf", pages.card_file, name="keyboard-card"),
]
