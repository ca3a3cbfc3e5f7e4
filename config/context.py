"""What every public page needs to know about its own address."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url

from library.pages.domain.translations import Translated

_OWN_NAMES = {"vi": "Tiếng Việt", "en": "English"}


@dataclass(frozen=True)
class Alternate:
    """The same page in one language of the interface: `path` keeps the query, `url` is absolute, without it.

    Where there is no translation, `same` is false, and the path leads to the first page of that language.
    """

    code: str
    name: str
    path: str
    url: str
    same: bool = True


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
    # Editorial pages say themselves where their translations stand.
    translated: dict[str, Translated] = getattr(request, "translated_paths", {})
    query = request.META.get("QUERY_STRING", "")
    alternates = []
    for code, name in settings.LANGUAGES:
        there = translated.get(code) or Translated(translate_url(request.path, code), same=True)
        path = f"{there.path}?{query}" if query and there.same else there.path
        alternates.append(
            Alternate(code, _OWN_NAMES.get(code, str(name)), path, base + there.path, there.same)
        )
    default = next((each for each in alternates if each.same), alternates[0])
    alternates.append(Alternate("x-default", "", default.path, default.url))
    return {"page_address": PageAddress(base + request.path, tuple(alternates))}
