"""What each role may do with lexicons and entries, and the policy that asks the gate for each object."""

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
from dictionary.models import Entry, EntryFile, Lexicon, Report

_DRAFTS = (
    "dictionary.view_lexicon",
    "dictionary.view_entry",
    "dictionary.add_entry",
    "dictionary.change_entry",
)
_LEXICONS = ("dictionary.add_lexicon", "dictionary.change_lexicon", "dictionary.import_lexicon")
_REPORTS = ("dictionary.view_report", "dictionary.change_report")
_FILES = ("dictionary.view_entryfile", "dictionary.change_entryfile")
_REVIEW = (
    "dictionary.publish_entry",
    "dictionary.delete_entry",
    "dictionary.lock_entry",
    "dictionary.unlock_entry",
)

GRANTS = (
    roles.RolePermissions(roles.CONTRIBUTOR, _DRAFTS),
    roles.RolePermissions(
        roles.LINGUIST, (*_DRAFTS, *_LEXICONS, *_FILES, *_REPORTS, "dictionary.lock_entry")
    ),
    roles.RolePermissions(roles.REVIEWER, (*_DRAFTS, *_REVIEW, *_FILES, *_REPORTS)),
    roles.RolePermissions(
        roles.STEWARD,
        ("dictionary.view_lexicon", "dictionary.view_entry", *_FILES, "dictionary.set_protocol"),
    ),
    roles.RolePermissions(
        roles.ADMINISTRATOR,
        (
            *_DRAFTS,
            *_LEXICONS,
            *_REVIEW,
            *_FILES,
            *_REPORTS,
            "dictionary.delete_lexicon",
            "dictionary.delete_report",
            "dictionary.set_protocol",
        ),
    ),
)


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


class EntryFilePolicy(GatedPolicy):
    """Files are added and taken away with their entries, never by themselves."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the person may look at files, or change what is said of them."""
        return action in ("view", "change") and super().user_has_permission(user, action)


def register_policies() -> None:
    """Make Wagtail ask these policies."""
    register_permission_policy(Lexicon, GatedPolicy(Lexicon))
    register_permission_policy(Entry, GatedPolicy(Entry))
    register_permission_policy(EntryFile, EntryFilePolicy(EntryFile))
    register_permission_policy(Report, GatedPolicy(Report))
