"""The addresses of one request's site. Identifiers of IIIF are addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import override


@dataclass(frozen=True)
class Site:
    """Where the site stands: scheme and host, without a slash."""

    root: str

    def url(self, name: str, *args: Any, language: str = "") -> str:
        """The whole address of a named one; `language` for pages that stand in each language of the interface."""
        if not language:
            return self.root + reverse(name, args=args)
        with override(language):
            return self.root + reverse(name, args=args)

    def image(self, file: UUID, page: int) -> str:
        """The address of the IIIF image of a page."""
        return self.url("iiif-base", file, page)

    def canvas(self, ark: str, name: str) -> str:
        """The address of a canvas: `name` is the number of a leaf, or the name of a file."""
        return self.url("iiif-canvas", *parts(ark), name)


def site_of(request: HttpRequest) -> Site:
    """The site that a request came to."""
    return Site(request.build_absolute_uri("/").rstrip("/"))


def parts(ark: str) -> tuple[str, str]:
    """The number of the institution and the name in an ARK."""
    naan, _slash, name = ark.removeprefix("ark:").partition("/")
    return naan, name
