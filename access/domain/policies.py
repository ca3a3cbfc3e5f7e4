"""Wagtail's permission policies: the model's permission, and management of the instance, or the gate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from wagtail.permission_policies import ModelPermissionPolicy

from access.domain import stewardship
from access.domain.gate import may_see, visible
from access.domain.viewer import viewer_for
from access.models import Community, Protected, Protocol

if TYPE_CHECKING:
    from access.domain.stewardship import AnyUser


class ManagedPolicy(ModelPermissionPolicy):  # type: ignore[misc]
    """A steward needs the permission of the role and the stewardship of the community."""

    def user_has_any_permission_for_instance(
        self, user: AnyUser, actions: Sequence[str], instance: Community | Protocol
    ) -> bool:
        """The permission on the model, and the instance is one of those the user manages."""
        return self.user_has_any_permission(user, actions) and stewardship.may_manage(user, instance)

    def user_has_permission_for_instance(
        self, user: AnyUser, action: str, instance: Community | Protocol
    ) -> bool:
        """The same, for one action."""
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def instances_user_has_any_permission_for(
        self, user: AnyUser, actions: Sequence[str]
    ) -> QuerySet[Community] | QuerySet[Protocol]:
        """What the user manages, if the model's permission is there."""
        if not self.user_has_any_permission(user, actions):
            nothing: QuerySet[Community] | QuerySet[Protocol] = self.model._default_manager.none()
            return nothing
        if self.model is Community:
            return stewardship.managed_communities(user)
        return stewardship.managed_protocols(user)


class GatedPolicy(ModelPermissionPolicy):  # type: ignore[misc]
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
