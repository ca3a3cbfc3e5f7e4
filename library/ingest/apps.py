"""The app that takes in folders of files, a part of the library."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IngestConfig(AppConfig):
    """Tells the import machinery how files become records."""

    name = "library.ingest"
    label = "library_ingest"
    verbose_name = _("Files taken in")

    def ready(self) -> None:
        """Register the importer."""
        from jobs.imports import types
        from library.ingest.importer import IngestImporter

        types.register(IngestImporter())
