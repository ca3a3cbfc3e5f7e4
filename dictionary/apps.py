"""The app of lexicons and entries."""

from __future__ import annotations

from typing import Final

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

WORKFLOW: Final = "Duyệt mục từ (review of entries)"
TASK: Final = "Người duyệt xem (review by a reviewer)"


class DictionaryConfig(AppConfig):
    """Tells the apps below what they need to know: documents, kinds of job, what the roles may do."""

    name = "dictionary"
    verbose_name = _("Dictionary")

    def ready(self) -> None:
        """Register with search, jobs and access; listen to what happens to entries."""
        from access.domain import roles, workflows
        from dictionary.domain import documents, lexicons, published_words
        from dictionary.imports.importer import LexiconImporter
        from dictionary.interfaces import signals
        from dictionary.interfaces.permissions import GRANTS, register_policies
        from ime.domain import words
        from jobs.domain import kinds
        from jobs.imports import types as imports
        from search.domain import sources

        sources.register(
            sources.DocumentSource(
                type=documents.TYPE,
                documents=documents.documents,
                all_pks=documents.all_pks,
                versions=documents.versions,
                text_fields=("meaning", "example"),
            )
        )
        words.register(
            words.WordSource(
                "dictionary", published_words.words, published_words.headwords, published_words.state
            )
        )
        kinds.register(lexicons.kind())
        imports.register(LexiconImporter())
        imports.register_upload_page(
            imports.UploadPage("Import a dictionary", "dictionary_import:upload", "dictionary.import_lexicon")
        )
        roles.register(*GRANTS)
        register_policies()
        signals.connect()
        workflows.ensure_after_migrate(self, "Entry", WORKFLOW, TASK)
