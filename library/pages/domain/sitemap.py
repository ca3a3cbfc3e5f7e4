"""Pages for the site map: those that everybody may see, each with its translations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wagtail.models import Page

from dictionary.domain import sitemaps
from library.pages.domain.public import public
from library.pages.domain.translations import address

_FIRST_PAGES: Final = 2
"""How deep the first pages stand: the site map of the dictionary names them."""


def _groups() -> dict[int, list[tuple[str, str, str]]]:
    """By the first key of a page and its translations: (language, path, day of the last change) of each. One query."""
    pages = public(Page.objects.filter(depth__gt=_FIRST_PAGES)).order_by("pk")
    rows = pages.values_list(
        "pk", "translation_key", "locale__language_code", "url_path", "last_published_at"
    )
    first: dict[object, int] = {}
    groups: dict[int, list[tuple[str, str, str]]] = {}
    for pk, key, code, url_path, published in rows.iterator(chunk_size=2000):
        changed = published.date().isoformat() if published else ""
        groups.setdefault(first.setdefault(key, pk), []).append((code, address(url_path, code), changed))
    return groups


def _spans() -> Iterable[int]:
    return sorted({pk // sitemaps.SPAN for pk in _groups()})


def _pages(number: int) -> Iterable[tuple[dict[str, str], str]]:
    for pk, there in _groups().items():
        if pk // sitemaps.SPAN == number:
            yield (
                {code: path for code, path, _changed in there},
                max(changed for _code, _path, changed in there),
            )


PAGES: Final = sitemaps.SiteMap("editorial", _spans, _pages)
