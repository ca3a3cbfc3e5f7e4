"""The app of long work: jobs, workers, imports."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Registers this app's own kinds of job, and who may import."""

    name = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        """Register kinds and permissions."""
        from access.domain import roles
        from jobs.domain.kinds import register
        from jobs.domain.tidy import TIDY
        from jobs.imports.kinds import KINDS

        for kind in (TIDY, *KINDS):
            register(kind)
        for role in (roles.LINGUIST, roles.LIBRARIAN):
            roles.register(roles.RolePermissions(role, ("jobs.add_importrun",)))
