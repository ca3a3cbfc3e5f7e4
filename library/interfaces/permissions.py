"""What each role may do with records and vocabularies; the gate is asked for each object."""

from __future__ import annotations

from wagtail.permissions import register_permission_policy

from access.domain import roles
from access.domain.policies import GatedPolicy
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
_CORRECT = ("library.correct_text",)
_REVIEW = ("library.publish_record", "library.lock_record", "library.unlock_record")

GRANTS = (
    roles.RolePermissions(roles.LIBRARIAN, (*_DRAFTS, *_VOCABULARIES, *_CATALOGUE, *_CORRECT)),
    roles.RolePermissions(roles.CONTRIBUTOR, _DRAFTS),
    roles.RolePermissions(roles.REVIEWER, (*_DRAFTS, *_REVIEW, *_CORRECT)),
    roles.RolePermissions(roles.LINGUIST, _CORRECT),
    roles.RolePermissions(
        roles.STEWARD,
        (*_READ, "library.set_record_protocol", "library.view_recordfile", "library.change_recordfile"),
    ),
    roles.RolePermissions(
        roles.ADMINISTRATOR,
        (
            *_DRAFTS, *_VOCABULARIES, *_CATALOGUE, *_CORRECT,
            "library.delete_collection", "library.set_record_protocol",
            *(f"library.delete_{model}" for model in ("people", "place", "agent", "concept")),
        ),
    ),
)  # fmt: skip


def register_policies() -> None:
    """Make Wagtail ask these policies."""
    for model in (Collection, Record, RecordFile):
        register_permission_policy(model, GatedPolicy(model))
