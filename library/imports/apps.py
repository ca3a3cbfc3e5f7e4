"""The app of imports and exports of records, a part of the library."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    """Tells the import machinery how files of records are read."""

    name = "library.imports"
    label = "library_imports"
    verbose_name = _("Imports of records")

    def ready(self) -> None:
        """Register the importer, the page where an import begins, and who may open it."""
        from access.domain import roles
        from jobs.imports import types
        from library.imports.importer import RecordImporter

        types.register(RecordImporter())
        types.register_upload_page(
            types.UploadPage("Import records", "library_imports:upload", "library_imports.import_records")
        )
        for role in (roles.LIBRARIAN, roles.ADMINISTRATOR):
            roles.register(roles.RolePermissions(role, ("library_imports.import_records",)))
