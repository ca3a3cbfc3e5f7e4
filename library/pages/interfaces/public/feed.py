"""News for feed readers (Atom, RFC 4287)."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed

from library.pages.domain import lists

if TYPE_CHECKING:
    from library.pages.models import NewsIndexPage

MOST: Final = 30


def atom(index: NewsIndexPage, request: HttpRequest) -> HttpResponse:
    """The newest news of a list, as a feed."""
    from library.pages.models import NewsPage

    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    address = base + (index.get_url(request) or "")
    feed = Atom1Feed(
        title=f"{index.title} · {settings.WAGTAIL_SITE_NAME}",
        link=address,
        description=index.summary,
        language=index.locale.language_code,
        feed_url=f"{address}feed/",
    )
    for page in lists.below(index, NewsPage)[:MOST]:
        feed.add_item(
            title=page.title,
            link=base + (page.get_url(request) or ""),
            description=page.summary,
            pubdate=datetime.combine(page.date, time(), tzinfo=UTC),
            updateddate=page.last_published_at or datetime.combine(page.date, time(), tzinfo=UTC),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
