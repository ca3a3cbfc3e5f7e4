"""Who may handle requests: librarians those about what they see, stewards those about their communities' own."""

from __future__ import annotations

from access.domain import roles
from library.requests.domain.queue import ALL, COMMUNITY

GRANTS = (
    roles.RolePermissions(roles.LIBRARIAN, (ALL,)),
    roles.RolePermissions(roles.STEWARD, (COMMUNITY,)),
    roles.RolePermissions(roles.ADMINISTRATOR, (ALL,)),
)
