"""What each role may do with festivals; the gate is asked for each object."""

from __future__ import annotations

from wagtail.permissions import register_permission_policy

from access.domain import roles
from access.domain.policies import GatedPolicy
from library.festivals.models import Festival, Picture

_READ = ("festivals.view_festival", "festivals.view_picture")
_DRAFTS = (*_READ, "festivals.add_festival", "festivals.change_festival")
_PICTURES = tuple(f"festivals.{action}_picture" for action in ("add", "change", "delete"))
_REVIEW = ("festivals.publish_festival", "festivals.lock_festival", "festivals.unlock_festival")
_ALL = (*_DRAFTS, *_PICTURES, *_REVIEW, "festivals.delete_festival")

GRANTS = (
    roles.RolePermissions(roles.LIBRARIAN, _ALL),
    roles.RolePermissions(roles.CONTRIBUTOR, _DRAFTS),
    roles.RolePermissions(roles.REVIEWER, (*_DRAFTS, *_REVIEW)),
    roles.RolePermissions(
        roles.STEWARD, (*_READ, "festivals.change_picture", "festivals.set_festival_protocol")
    ),
    roles.RolePermissions(roles.ADMINISTRATOR, (*_ALL, "festivals.set_festival_protocol")),
)


def register_policies() -> None:
    """Make Wagtail ask these policies."""
    for model in (Festival, Picture):
        register_permission_policy(model, GatedPolicy(model))
