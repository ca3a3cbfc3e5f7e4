"""What each role may do with records and vocabularies, and the policy that asks the gate for each object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from access.domain import roles
from access.domain.gate import may_see, visible
from access.domain.viewer import viewer_for
from access.models import Protected
from library.models import Collection, Record, RecordFile

_READ = ("library.view_record", "library.view_collection")
_DRAFTS = (*_READ, "library.add_record", "library.change_record")
_VOCABULARIES = tuple(
    f"library.{action}_{model}"
    for model in ("people", "place", "agent", "concept")
    for action in ("view", "add", "change")
)
_CATALOGUE = (
    "library.add_collection",
    "library.change_collection",
    "library.publish_record",
    "library.lock_record",
    "library.unlock_record",
    "library.delete_record",
    *(f"library.{action}_recordfile" for action in ("view", "add", "change", "delete")),
    *(f"library.{action}_holding" for action in ("view", "add", "change", "delete")),
)
_REVIEW = ("library.publish_record", "library.lock_record", "library.unlock_record")

GRANTS = (
    roles.RolePermissions(roles.LIBRARIAN, (*_DRAFTS, *_VOCABULARIES, *_CATALOGUE)),
    roles.RolePermissions(roles.CONTRIBUTOR, _DRAFTS),
    roles.RolePermissions(roles.REVIEWER, (*_DRAFTS, *_REVIEW)),
    roles.RolePermissions(
        roles.STEWARD,
        (*_READ, "library.set_record_protocol", "library.view_recordfile", "library.change_recordfile"),
    ),
    roles.RolePermissions(
        roles.ADMINISTRATOR,
        (
            *_DRAFTS, *_VOCABULARIES, *_CATALOGUE, "library.delete_collection", "library.set_record_protocol",
            *(f"library.delete_{model}" for model in ("people", "place", "agent", "concept")),
        ),
    ),
)  # fmt: skip


class GatedPolicy(ModelPermissionPolicy):
    """Permissions on the model, and on each object only for whom the gate lets see it."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Protected) -> bool:
        """Whether the person holds the permission and may see the object at all."""
        if not self.user_has_permission(user, action):
            return False
        return instance.pk is None or may_see(instance, viewer_for(user), drafts=True)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        """The objects that the person may act on in one of these ways."""
        found: QuerySet[Any] = super().instances_user_has_any_permission_for(user, actions)
        return visible(found, viewer_for(user), drafts=True)


def register_policies() -> None:
    """Make Wagtail ask these policies."""
    for model in (Collection, Record, RecordFile):
        register_permission_policy(model, GatedPolicy(model))
