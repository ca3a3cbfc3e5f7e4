"""The app that makes the demonstration collection, a part of the library."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """Tells the workers how the collection is made."""

    name = "library.demo"
    label = "library_demo"
    verbose_name = _("Demonstration collection")

    def ready(self) -> None:
        """Register the job."""
        from jobs.domain import kinds
        from library.demo.making import KIND

        kinds.register(KIND)
