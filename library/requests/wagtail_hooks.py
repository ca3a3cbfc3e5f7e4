"""What requests add to Wagtail's admin: their pages, a place in the menu of reports, a number on the first page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from library.requests.domain import acts
from library.requests.interfaces.admin import panel, urls

hooks.register("construct_homepage_panels", panel.add_panel)


@hooks.register("register_admin_urls")
def _urls() -> list[URLResolver]:
    return [path("library/requests/", include(urls))]


@hooks.register("register_reports_menu_item")
def _item() -> panel.QueueItem:
    return panel.QueueItem(
        _("Requests from the public"),
        reverse_lazy("library_requests:queue"),
        name="requests",
        icon_name="mail",
        order=40,
    )


@hooks.register("register_log_actions")
def _log_actions(actions: Any) -> None:
    actions.register_action(acts.CLOSED, _("Closing on request"), _("Closed to readers because of a request"))
    actions.register_action(acts.OPENED, _("Opening after a request"), _("Opened again after a request"))


@hooks.register("register_permissions")
def _permissions() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="requests")
