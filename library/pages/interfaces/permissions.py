"""What each role may do with editorial pages. Which pages, Wagtail says by the tree: `library.pages.domain.tree`."""

from __future__ import annotations

from access.domain import roles

_TRANSLATE = ("simple_translation.submit_translation",)

GRANTS = (
    roles.RolePermissions(roles.LIBRARIAN, _TRANSLATE),
    roles.RolePermissions(roles.ADMINISTRATOR, _TRANSLATE),
)
