"""What each role may do with lexicons and entries; the gate is asked for each object."""

from __future__ import annotations

from typing import Any

from wagtail.permissions import register_permission_policy

from access.domain import roles
from access.domain.policies import GatedPolicy
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
