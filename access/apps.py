"""The app of communities, protocols and roles."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

ADMIN = "wagtailadmin.access_admin"


class AccessConfig(AppConfig):
    """Registers the check of `access_parents`, who may manage communities, and what the roles may do."""

    name = "access"
    verbose_name = _("Access")

    def ready(self) -> None:
        """Say what this app's roles may do, and apply all roles after each `migrate`."""
        from wagtail.permissions import register_permission_policy

        from access import checks  # noqa: F401
        from access.domain import roles
        from access.domain.policies import ManagedPolicy
        from access.models import Community, Protocol

        register_permission_policy(Community, ManagedPolicy(Community))
        register_permission_policy(Protocol, ManagedPolicy(Protocol))
        roles.register(*(roles.RolePermissions(role, (ADMIN,)) for role in roles.ROLES))
        roles.register(
            roles.RolePermissions(
                roles.STEWARD,
                (
                    "access.view_community",
                    "access.change_community",
                    "access.view_protocol",
                    "access.add_protocol",
                    "access.change_protocol",
                    "access.delete_protocol",
                ),
            )
        )
        post_migrate.connect(_apply_roles, dispatch_uid="access.roles")


def _apply_roles(sender: AppConfig, **kwargs: Any) -> None:
    """Once per `migrate`, at its last app: by then the permissions of all others exist."""
    with_models = [config for config in apps.get_app_configs() if config.models_module is not None]
    if sender.label != with_models[-1].label:
        return
    migrated = kwargs.get("apps", apps)
    try:
        migrated.get_model("access", "RoleGroup")
        migrated.get_model("wagtailadmin", "Admin")
    except LookupError:  # `migrate` of some apps only: not yet
        return
    from access.domain.roles import apply_roles

    create_permissions(sender, verbosity=0)  # those of this last app would only come after us
    apply_roles()
