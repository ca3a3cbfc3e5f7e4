"""What pages add to Wagtail's admin: choosers, and a look at addresses before pages are moved or copied."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry

from library.pages.domain import reserved
from library.pages.interfaces.choosers import VIEWSETS
from library.pages.interfaces.links import PageLinks


@hooks.register("register_admin_viewset")
def _choosers() -> list[Any]:
    return list(VIEWSETS.values())


@hooks.register("register_rich_text_features", order=10)
def _links(features: FeatureRegistry) -> None:
    # After Wagtail's own, in its place.
    features.register_link_type(PageLinks)


@hooks.register("before_move_page")
def _before_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    return _refused(request, page.slug, page, destination) if request.method == "POST" else None


@hooks.register("before_copy_page")
def _before_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    if request.method != "POST":
        return None
    chosen = request.POST.get("new_parent_page", "")
    parent = Page.objects.filter(pk=chosen).first() if chosen.isdigit() else page.get_parent()
    return _refused(request, request.POST.get("new_slug", ""), page, parent)


def _refused(request: HttpRequest, slug: str, page: Page, parent: Page | None) -> HttpResponse | None:
    """Back to where the page stands, with the reason, when its new address has another part of the house."""
    if parent is None or not reserved.is_taken(slug, parent):
        return None
    messages.error(request, reserved.message(slug))
    return redirect("wagtailadmin_explore", page.get_parent().pk)
