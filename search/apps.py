"""The app that finds things."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Registers the writer of the index and its net with the worker."""

    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        """Register with jobs."""
        from jobs.domain import kinds
        from search.domain import index_writer
        from search.interfaces.jobs import REBUILD, SWEEP

        kinds.register(SWEEP)
        kinds.register(REBUILD)
        kinds.register_step("index", index_writer.step)
