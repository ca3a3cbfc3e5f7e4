"""Roles are Wagtail groups. Which permissions a role has is said by the app that owns the model, never here.

An upper app registers in `AppConfig.ready`:

    roles.register(RolePermissions(roles.LINGUIST, ("dictionary.add_entry", "dictionary.change_entry")))

After `migrate` each role's group exists and holds what is registered (`apply_roles`). A permission is granted
once: what an administrator of the site took away from a group stays away. Administrators get every permission
there is.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from access.models import RoleGroup


@dataclass(frozen=True)
class Role:
    """A role: its key in code, the first name of its group (a site may rename it), and what it is for."""

    key: str
    group_name: str
    meaning: str


@dataclass(frozen=True)
class RolePermissions:
    """Permissions, as "app_label.codename", that a role gets."""

    role: Role
    permissions: tuple[str, ...]


CONTRIBUTOR = Role(
    "contributor", "Người đóng góp (contributor)", "Suggests words and recordings, edits own drafts."
)
LINGUIST = Role("linguist", "Nhà ngôn ngữ (linguist)", "Edits lexicons and entries, imports and exports.")
REVIEWER = Role("reviewer", "Người duyệt (reviewer)", "Reviews what was submitted and publishes it.")
LIBRARIAN = Role("librarian", "Thủ thư (librarian)", "Catalogues records, collections and files.")
STEWARD = Role("steward", "Người giữ cộng đồng (steward)", "Decides who sees what is a community's own.")
ADMINISTRATOR = Role("administrator", "Quản trị (administrator)", "Sees and manages everything.")

ROLES: tuple[Role, ...] = (CONTRIBUTOR, LINGUIST, REVIEWER, LIBRARIAN, STEWARD, ADMINISTRATOR)

_registered: list[RolePermissions] = []


def register(*grants: RolePermissions) -> None:
    """Say which permissions a role gets; call from `AppConfig.ready`. Applied after every `migrate`."""
    _registered.extend(grant for grant in grants if grant not in _registered)


def group_of(role: Role) -> Group:
    """The group of a role, made when missing."""
    known = RoleGroup.objects.filter(key=role.key).select_related("group").first()
    if known is not None:
        return known.group
    group, _ = Group.objects.get_or_create(name=role.group_name)
    RoleGroup.objects.create(key=role.key, group=group)
    return group


def registered(role: Role) -> tuple[str, ...]:
    """The permissions registered for a role, sorted, as "app_label.codename"."""
    return tuple(sorted({name for grant in _registered if grant.role == role for name in grant.permissions}))


@transaction.atomic
def apply_roles() -> None:
    """Make each role's group and grant what is registered and was not granted before. Idempotent.

    A permission whose model is not installed (yet) is left for the next time.
    """
    for role in ROLES:
        group = group_of(role)
        link = RoleGroup.objects.get(key=role.key)
        missing = set(registered(role)) - set(link.granted)
        wanted = (
            Permission.objects.all()
            if role is ADMINISTRATOR
            else Permission.objects.filter(codename__in={name.partition(".")[2] for name in missing})
        )
        found = {
            f"{permission.content_type.app_label}.{permission.codename}": permission
            for permission in wanted.select_related("content_type")
        }
        new = {
            name: permission
            for name, permission in found.items()
            if name not in link.granted and (role is ADMINISTRATOR or name in missing)
        }
        if new:
            group.permissions.add(*new.values())
            link.granted = sorted({*link.granted, *new})
            link.save(update_fields=["granted"])
