"""The app of editorial pages, a part of the library."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Gives every site its two trees of pages; says what the roles may do; listens to what is published."""

    name = "library.pages"
    label = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        """Register with access; listen to what happens to pages."""
        from access.domain import roles
        from dictionary.domain import sitemaps
        from library.pages.domain import sitemap
        from library.pages.interfaces import signals
        from library.pages.interfaces.permissions import GRANTS

        roles.register(*GRANTS)
        sitemaps.register(sitemap.PAGES)
        signals.connect()
        post_migrate.connect(_plant, sender=self, dispatch_uid="pages.trees")


def _plant(sender: AppConfig, **kwargs: Any) -> None:
    """After `migrate`: a first page in each language, which librarians may edit."""
    migrated = kwargs.get("apps", apps)
    try:
        migrated.get_model("pages", "HomePage")
        migrated.get_model("access", "RoleGroup")
        migrated.get_model("wagtailimages", "Image")
        migrated.get_model("wagtailsearch", "IndexEntry")
    except LookupError:  # `migrate` of some apps only, or backwards: not yet, or no longer
        return
    from library.pages.domain import tree

    tree.plant()
