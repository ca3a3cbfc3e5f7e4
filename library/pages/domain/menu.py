"""The pages that stand in the menus of every page. Asked once, and kept until a page changes."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from wagtail.models import Page

from library.pages.domain.public import public
from library.pages.domain.translations import address

_KEY: Final = "pages:menu:"
_SECONDS: Final = 600
_DEEPEST: Final = 4
MOST: Final = 12


class Link(NamedTuple):
    """A page by its title."""

    title: str
    url: str


def menu(code: str) -> tuple[Link, ...]:
    """The pages "in menus" of a language that everybody may see, in the order of the tree. At most one query."""
    kept = cache.get(_KEY + code)
    if kept is None:
        pages = public(Page.objects.filter(show_in_menus=True, locale__language_code=code))
        rows = (
            pages.filter(depth__gt=2, depth__lte=_DEEPEST).order_by("path").values_list("title", "url_path")
        )
        kept = [(title, address(url_path, code)) for title, url_path in rows[:MOST]]
        cache.set(_KEY + code, kept, _SECONDS)
    return tuple(Link(title, path) for title, path in kept)


def forget() -> None:
    """A page changed: ask anew; also once the change is committed, for whoever asked meanwhile."""
    _forget()
    transaction.on_commit(_forget)


def keys() -> list[str]:
    """What the menus are kept under in the cache."""
    return [_KEY + code for code, _name in settings.LANGUAGES]


def _forget() -> None:
    cache.delete_many(keys())
