"""Roles: groups with the permissions that the apps declare, granted once."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from access.domain import roles
from access.domain.roles import RolePermissions
from access.models import RoleGroup, User

pytestmark = pytest.mark.django_db


def permissions_of(role: roles.Role) -> set[str]:
    return {
        f"{one.content_type.app_label}.{one.codename}"
        for one in roles.group_of(role).permissions.select_related("content_type")
    }


def test_migrating_made_every_role_with_what_the_apps_declare() -> None:
    for role in roles.ROLES:
        assert RoleGroup.objects.filter(key=role.key).exists()
        assert permissions_of(role) >= {"wagtailadmin.access_admin"}
        assert permissions_of(role) >= set(roles.registered(role))
    assert "access.change_protocol" in permissions_of(roles.STEWARD)
    assert "access.see_everything" not in permissions_of(roles.STEWARD)


def test_administrators_hold_every_permission_there_is() -> None:
    assert roles.group_of(roles.ADMINISTRATOR).permissions.count() == Permission.objects.count()


def test_applying_again_changes_nothing() -> None:
    before = {role.key: permissions_of(role) for role in roles.ROLES}
    groups = Group.objects.count()
    call_command("migrate", verbosity=0)
    assert {role.key: permissions_of(role) for role in roles.ROLES} == before
    assert Group.objects.count() == groups


def test_a_group_may_be_renamed_and_what_was_taken_from_it_stays_away() -> None:
    group = roles.group_of(roles.STEWARD)
    group.name = "Già làng"
    group.save()
    group.permissions.remove(Permission.objects.get(codename="delete_protocol"))
    roles.apply_roles()
    assert roles.group_of(roles.STEWARD).name == "Già làng"
    assert "access.delete_protocol" not in permissions_of(roles.STEWARD)


def test_a_permission_declared_later_is_granted_later_and_one_of_no_model_waits() -> None:
    later = RolePermissions(roles.CONTRIBUTOR, ("access.view_community", "no_such_app.add_thing"))
    roles.register(later)
    roles.apply_roles()
    assert "access.view_community" in permissions_of(roles.CONTRIBUTOR)
    assert "no_such_app.add_thing" not in RoleGroup.objects.get(key="contributor").granted


def test_a_person_with_a_role_may_enter_the_admin_and_others_may_not() -> None:
    user = User.objects.create_user("u")
    assert not user.has_perm("wagtailadmin.access_admin")
    user.groups.add(roles.group_of(roles.CONTRIBUTOR))
    assert User.objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")
