"""Where a page stands in each language of the interface."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Page


@dataclass(frozen=True)
class Translated:
    """The path of a page in one language; `same` if it is this page there, and not the first page in its stead."""

    path: str
    same: bool


def addresses(page: Page, request: HttpRequest | None = None) -> dict[str, Translated]:
    """By language code: the published translation, else the first page. One query beside Wagtail's own."""
    there = {
        each.locale.language_code: each
        for each in Page.objects.filter(translation_key=page.translation_key, live=True).select_related(
            "locale"
        )
    }
    found = {}
    for code, _name in settings.LANGUAGES:
        url = there[code].get_url(request) if code in there else None
        found[code] = Translated(url, same=True) if url else Translated(first(code), same=False)
    return found


def address(url_path: str, code: str) -> str:
    """The path of a page in its language: Wagtail's `url_path` begins with the name of the first page."""
    with override(code):
        return reverse("wagtail_serve", args=[url_path.strip("/").partition("/")[2] + "/"])


def first(code: str) -> str:
    """The path of the first page in a language."""
    with override(code):
        return reverse("lookup")
