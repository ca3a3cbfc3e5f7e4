"""What imports of records add to Wagtail's admin: addresses, and a place in the menu of the library."""

from __future__ import annotations

from django.urls import URLResolver, include, path
from wagtail import hooks

from library.imports.interfaces import urls
from library.imports.interfaces.menu import ImportItem


@hooks.register("register_admin_urls")
def _urls() -> list[URLResolver]:
    return [path("library/files/", include(urls))]


@hooks.register("register_library_menu_item")
def _item() -> ImportItem:
    return ImportItem(order=1000)
