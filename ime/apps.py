"""The app of keyboards: what was built of them, its pages, and how a word is typed."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImeConfig(AppConfig):
    """Registers its kinds of job and who may publish keyboards."""

    name = "ime"
    verbose_name = _("Keyboards")

    def ready(self) -> None:
        """Register with jobs and access; let the doctor look at compilers and packages."""
        from access.domain import roles
        from ime.domain import proving, publishing
        from ime.interfaces import checks  # noqa: F401
        from jobs.domain import kinds

        for kind in (*publishing.kinds(), *proving.kinds()):
            kinds.register(kind)
        for role in (roles.LINGUIST, roles.ADMINISTRATOR):
            roles.register(roles.RolePermissions(role, ("ime.view_package", "ime.publish_package")))
        roles.register(roles.RolePermissions(roles.REVIEWER, ("ime.view_package",)))
