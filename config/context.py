"""What every public page needs to know about its own address."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url

_OWN_NAMES = {"vi": "Tiếng Việt", "en": "English"}


@dataclass(frozen=True)
class Alternate:
    """The same page in one language of the interface: `path` keeps the query, `url` is absolute, without it."""

    code: str
    name: str
    path: str
    url: str


@dataclass(frozen=True)
class PageAddress:
    """Where this page stands, absolutely, and where it stands in each language."""

    canonical: str
    alternates: tuple[Alternate, ...]


def page_address(request: HttpRequest) -> dict[str, object]:
    """Context processor: `page_address`, None where the path is no page (an error, a file, the admin)."""
    if request.resolver_match is None or request.path.startswith(("/admin/", "/api/")):
        return {"page_address": None}
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    alternates = []
    for code, name in settings.LANGUAGES:
        path = translate_url(request.path, code)
        query = request.META.get("QUERY_STRING", "")
        alternates.append(
            Alternate(
                code, _OWN_NAMES.get(code, str(name)), f"{path}?{query}" if query else path, base + path
            )
        )
    alternates.append(Alternate("x-default", "", alternates[0].path, alternates[0].url))
    return {"page_address": PageAddress(base + request.path, tuple(alternates))}
