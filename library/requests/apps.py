"""The app of requests from the public, a part of the library."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    """Says what the roles may do; forgets, after a time, who asked; listens to what is deleted."""

    name = "library.requests"
    label = "requests"
    verbose_name = _("Requests from the public")

    def ready(self) -> None:
        """Register with access and jobs."""
        from access.domain import roles
        from jobs.domain import kinds
        from library.requests.interfaces import signals
        from library.requests.interfaces.jobs import FORGET
        from library.requests.interfaces.permissions import GRANTS

        roles.register(*GRANTS)
        kinds.register(FORGET)
        signals.connect()
