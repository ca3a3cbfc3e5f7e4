"""The app of records, collections and vocabularies."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    """Tells the apps below what they need to know: documents, what the roles may do."""

    name = "library"
    verbose_name = _("Library")

    def ready(self) -> None:
        """Register with search and access; listen to what happens to records."""
        from access.domain import roles
        from library.domain import documents
        from library.interfaces import signals
        from library.interfaces.permissions import GRANTS, register_policies
        from search.domain import sources

        sources.register(
            sources.DocumentSource(
                type=documents.TYPE,
                documents=documents.documents,
                all_pks=documents.all_pks,
                versions=documents.versions,
                text_fields=documents.FIELDS,
            )
        )
        roles.register(*GRANTS)
        register_policies()
        signals.connect()
        post_migrate.connect(_make_workflow, sender=self, dispatch_uid="library.workflow")


def _make_workflow(sender: AppConfig, **kwargs: Any) -> None:
    """After `migrate`: the default workflow of records."""
    migrated = kwargs.get("apps", apps)
    try:
        migrated.get_model("library", "Record")
        migrated.get_model("access", "RoleGroup")
    except LookupError:  # `migrate` of some apps only, or backwards: not yet, or no longer
        return
    from library.domain import workflow

    workflow.ensure()
