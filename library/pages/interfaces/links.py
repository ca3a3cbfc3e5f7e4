"""Links from texts to pages."""

from __future__ import annotations

from django.utils.html import format_html
from wagtail.rich_text.pages import PageLinkHandler


class PageLinks(PageLinkHandler):  # type: ignore[misc]
    """Leads to the page that was chosen. (Wagtail's own asks for the active language anew at each link.)"""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        """The opening tags; a page that is gone or not published gets no address."""
        addresses = (
            page.url if page is not None and page.live else None for page in cls.get_many(attrs_list)
        )
        return [format_html('<a href="{}">', url) if url else "<a>" for url in addresses]
