"""On the first page of the admin: how many requests wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from access.domain.viewer import viewer_of
from library.requests.domain import queue


class QueueItem(MenuItem):  # type: ignore[misc]
    """A menu item for those who handle requests."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the person does."""
        return queue.may_handle_any(request.user)  # type: ignore[arg-type]


class WaitingPanel(Component):  # type: ignore[misc]
    """The number of open and overdue requests that the person handles; nothing where none waits."""

    name = "requests"
    template_name = "requests/admin/panel.html"
    order = 90

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        """Both numbers."""
        request = parent_context["request"]
        return dict(queue.waiting(request.user, viewer_of(request)))


def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Show the panel to those who handle requests."""
    if queue.may_handle_any(request.user):  # type: ignore[arg-type]
        panels.append(WaitingPanel())
