"""The festivals that anybody may see, for site maps."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from access.domain.gate import visible
from access.domain.viewer import anonymous
from dictionary.domain.sitemaps import SiteMap
from library.festivals.models import Festival


def _pages(number: int) -> Iterator[tuple[str, str]]:
    if number:
        return
    for name in ("festivals", "festival-map", "festival-calendar"):
        yield reverse(name), ""
    for slug, updated in visible(Festival.objects.all(), anonymous()).values_list("slug", "updated_at"):
        yield reverse("festival", args=[slug]), updated.date().isoformat()


FESTIVALS = SiteMap("festivals", lambda: (0,), _pages)
