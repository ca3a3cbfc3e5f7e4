"""Addresses that other parts of the house own: no page may stand in front of them, or behind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RoutePattern
from django.utils.translation import gettext as _
from wagtail.models import Page

OWN: Final = frozenset({"about"})
"""Addresses that stay whatever is there: a page takes the place of what the house says by itself."""


@cache
def taken() -> frozenset[str]:
    """The first parts of all addresses of the house, but those of pages."""
    from_settings = (settings.STATIC_URL, settings.MEDIA_URL)
    found = {part.strip("/").partition("/")[0] for part in from_settings}
    found |= {code for code, _name in settings.LANGUAGES}
    found |= set(_first_parts(get_resolver().url_patterns, ""))
    return frozenset(found - {""}) - OWN


def is_taken(slug: str, parent: Page) -> bool:
    """Whether a page of this address name under this parent would stand at an address of another part."""
    return parent.depth == 2 and slug.casefold() in taken()


def message(slug: str) -> str:
    """What is said to the editor."""
    return _("Another part of this site stands at /%(slug)s/. Choose another address name.") % {"slug": slug}


def _first_parts(patterns: Any, before: str) -> Iterator[str]:
    for each in patterns:
        pattern = each.pattern
        if isinstance(pattern, LocalePrefixPattern):
            route = before
        elif isinstance(pattern, RoutePattern):
            route = before + str(pattern)
        else:  # a regular expression: Wagtail's pages themselves
            continue
        if "/" in route or isinstance(each, URLPattern):
            yield route.partition("/")[0].partition("<")[0]
        elif isinstance(each, URLResolver):
            yield from _first_parts(each.url_patterns, route)
