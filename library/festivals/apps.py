"""The app of festivals, a part of the library."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class FestivalsConfig(AppConfig):
    """Tells the apps below what they need to know: documents, what the roles may do."""

    name = "library.festivals"
    label = "festivals"
    verbose_name = _("Festivals")

    def ready(self) -> None:
        """Register with search and access; listen to what happens to festivals."""
        from access.domain import roles
        from library.festivals.domain import documents
        from library.festivals.interfaces import signals
        from library.festivals.interfaces.permissions import GRANTS, register_policies
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
        post_migrate.connect(_make_workflow, sender=self, dispatch_uid="festivals.workflow")


def _make_workflow(sender: AppConfig, **kwargs: Any) -> None:
    """After `migrate`: the default workflow of festivals."""
    migrated = kwargs.get("apps", apps)
    try:
        migrated.get_model("festivals", "Festival")
        migrated.get_model("access", "RoleGroup")
    except LookupError:  # `migrate` of some apps only, or backwards: not yet, or no longer
        return
    from library.festivals.domain import workflow

    workflow.ensure()
