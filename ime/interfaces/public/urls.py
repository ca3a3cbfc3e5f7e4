"""Addresses of the pages. Included by the project under / (Vietnamese) and /en/."""

from __future__ import annotations

from django.urls import path

from ime.interfaces.public import pages

urlpatterns = [
    path("keyboards/", pages.index, name="keyboards"),
    path("keyboards/typing-pad/", pages.typing_pad, name="typing-pad"),
    path("keyboards/<str:code>/", pages.language, name="keyboard-language"),
    path("keyboards/<str:code>/<slug:name>/", pages.keyboard, name="keyboard"),
    path("keyboards/<str:code>/<slug:name>/card.pdf", pages.card_file, name="keyboard-card"),
]
