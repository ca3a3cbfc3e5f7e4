"""The app of festivals, a part of the library."""

from __future__ import annotations

from typing import Final

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

WORKFLOW: Final = "Duyệt lễ hội (review of festivals)"
TASK: Final = "Người duyệt xem lễ hội (review of festivals by a reviewer)"


class FestivalsConfig(AppConfig):
    """Tells the apps below what they need to know: documents, what the roles may do."""

    name = "library.festivals"
    label = "festivals"
    verbose_name = _("Festivals")

    def ready(self) -> None:
        """Register with search and access; listen to what happens to festivals."""
        from access.domain import roles, workflows
        from dictionary.domain import sitemaps
        from library.festivals.domain import documents
        from library.festivals.interfaces import signals
        from library.festivals.interfaces.permissions import GRANTS, register_policies
        from library.festivals.interfaces.public import sitemap
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
        sitemaps.register(sitemap.FESTIVALS)
        signals.connect()
        workflows.ensure_after_migrate(self, "Festival", WORKFLOW, TASK)
