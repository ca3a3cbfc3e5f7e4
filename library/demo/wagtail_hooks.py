"""What the history of a record says of the demonstration collection."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from library.demo.making import ACTION


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    """Name the action by which a record of the demonstration is made."""
    actions.register_action(ACTION, _("Make for the demonstration"), _("Made for the demonstration"))
