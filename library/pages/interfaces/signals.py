"""Who listens to what happens to pages: menus forget what they know."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from library.pages.domain import menu


def connect() -> None:
    """Listen."""
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(_changed, dispatch_uid="pages.menu")
    post_delete.connect(_changed, sender=Page, dispatch_uid="pages.menu.deleted")
    for signal in (post_save, post_delete):
        signal.connect(_changed, sender=PageViewRestriction, dispatch_uid="pages.menu.restricted")


def _changed(sender: Any, **kwargs: Any) -> None:
    menu.forget()
