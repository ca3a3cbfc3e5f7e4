"""What `access` adds to Wagtail's admin."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks

from access.interfaces.admin import AccessGroup


@hooks.register("register_admin_viewset")
def communities_and_protocols() -> AccessGroup:
    """The menu "Communities and access"."""
    return AccessGroup()


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """What the form of a group may grant."""
    return Permission.objects.filter(
        content_type__app_label="access", content_type__model__in=["community", "protocol"]
    )
