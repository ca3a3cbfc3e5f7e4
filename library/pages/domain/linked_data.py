"""News as machines read them (schema.org)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest

from library.pages.domain.pictures import responsive

if TYPE_CHECKING:
    from library.pages.models import NewsPage


def article(page: NewsPage, request: HttpRequest) -> dict[str, object]:
    """A schema.org NewsArticle."""
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title,
        "url": base + (page.get_url(request) or ""),
        "datePublished": page.date.isoformat(),
        "inLanguage": page.locale.language_code,
        "publisher": {"@type": "Organization", "name": settings.WAGTAIL_SITE_NAME, "url": base},
    }
    if page.last_published_at:
        data["dateModified"] = page.last_published_at.isoformat()
    if page.summary:
        data["description"] = page.summary
    picture = responsive(page.picture) if page.picture else None
    if picture is not None:
        data["image"] = base + picture.url
    return data
