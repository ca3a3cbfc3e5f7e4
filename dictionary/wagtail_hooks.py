"""What the dictionary adds to Wagtail's admin: menu, addresses, bulk actions, names of what history tells."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from dictionary.domain import bulk as bulk_domain
from dictionary.domain import duplicates, publish
from dictionary.interfaces.admin import bulk, oversight
from dictionary.interfaces.admin import urls as admin_urls
from dictionary.interfaces.admin.viewsets import DictionaryGroup
from dictionary.interfaces.admin_import import urls as import_urls

register_snippet(DictionaryGroup)

for action in bulk.ACTIONS:
    # After Wagtail's own, so that deleting entries is ours.
    hooks.register("register_bulk_action", order=10)(action)


@hooks.register("register_admin_urls")
def _urls() -> list[URLResolver]:
    return [path("dictionary/files/", include(import_urls)), path("dictionary/", include(admin_urls))]


hooks.register("construct_homepage_panels", oversight.gate_panels)


class ReviewersItem(MenuItem):
    """A menu item for those who may publish entries."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the person may publish."""
        return request.user.has_perm("dictionary.publish_entry")


@hooks.register("register_reports_menu_item")
def _duplicates() -> MenuItem:
    return ReviewersItem(
        _("Possible duplicates"), reverse_lazy("dictionary_admin:duplicates"), icon_name="copy", order=800
    )


@hooks.register("register_reports_menu_item")
def _exports() -> MenuItem:
    return MenuItem(
        _("Export dictionaries"), reverse_lazy("dictionary_import:exports"), icon_name="download", order=70
    )


@hooks.register("register_log_actions")
def _log_actions(actions: Any) -> None:
    actions.register_action(publish.IMPORTED, _("Import"), _("Imported"))
    actions.register_action(bulk_domain.CHANGED, _("Change of a selection"), _("Changed with a selection"))
    actions.register_action(duplicates.MERGED, _("Merge"), _("Merged"))
