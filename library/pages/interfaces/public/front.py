"""The addresses that pages share with the house: what it says by itself stands back where an editor wrote a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from wagtail import views
from wagtail.models import Page

from dictionary.interfaces.public import site
from dictionary.interfaces.public.lookup import lookup_page
from library.pages.models import HomePage, StandardPage


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """`/?q=…`: look a word up; without a query the first page of the language."""
    if request.GET.get("q", "").strip() or not _stands(request, "", HomePage):
        return lookup_page(request)
    return views.serve(request, "")  # type: ignore[no-any-return]


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """`/about/`: the page of that name, else what the house says of itself."""
    if not _stands(request, "about/", StandardPage):
        return site.about(request)
    return views.serve(request, "about/")  # type: ignore[no-any-return]


def _stands(request: HttpRequest, path: str, model: type[Page]) -> bool:
    """Whether a published page of a kind stands at a path; Wagtail keeps what it found for the request."""
    found = Page.route_for_request(request, path)
    return found is not None and isinstance(found[0], model)
