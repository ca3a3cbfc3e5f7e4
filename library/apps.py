"""The app of records, collections and vocabularies."""

from __future__ import annotations

from typing import Final

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

WORKFLOW: Final = "Duyệt tài liệu (review of records)"
TASK: Final = "Người duyệt xem tài liệu (review of records by a reviewer)"


class LibraryConfig(AppConfig):
    """Tells the apps below what they need to know: documents, what the roles may do."""

    name = "library"
    verbose_name = _("Library")

    def ready(self) -> None:
        """Register with search and access; listen to what happens to records."""
        from access.domain import roles, workflows
        from dictionary.domain import mentions, sitemaps
        from jobs.domain import kinds
        from library.domain import documents, inside_documents
        from library.interfaces import signals
        from library.interfaces.jobs import FOLLOW
        from library.interfaces.permissions import GRANTS, register_policies
        from library.interfaces.public import sitemap
        from library.interfaces.public.searching import mentioned
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
        for source in inside_documents.sources():
            sources.register(source)
        kinds.register(FOLLOW)
        mentions.register(mentioned)
        roles.register(*GRANTS)
        register_policies()
        sitemaps.register(sitemap.RECORDS)
        sitemaps.register(sitemap.LIBRARY)
        signals.connect()
        workflows.ensure_after_migrate(self, "Record", WORKFLOW, TASK)
