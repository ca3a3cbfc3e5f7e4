"""The net under the domain functions: whatever Wagtail or the ORM does to records, their files and collections reaches
search."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.signals import published, unpublished

from library.domain import file_languages, inside_documents, publish
from library.interfaces.admin import file_names
from library.models import Collection, Consent, Record, RecordFile
from media_pipeline.domain import changes, naming


def connect() -> None:
    """Listen; called once when the app is ready."""
    published.connect(_published, sender=Record, dispatch_uid="library.published")
    unpublished.connect(_unpublished, sender=Record, dispatch_uid="library.unpublished")
    post_delete.connect(_record_deleted, sender=Record, dispatch_uid="library.record_deleted")
    post_save.connect(_collection_changed, sender=Collection, dispatch_uid="library.collection_changed")
    post_save.connect(_file_saved, sender=RecordFile, dispatch_uid="library.file_saved")
    pre_delete.connect(_file_goes, sender=RecordFile, dispatch_uid="library.file_goes")
    post_save.connect(_consent_saved, sender=Consent, dispatch_uid="library.consent_saved")
    changes.register(inside_documents.asset_changed)
    changes.register(file_languages.asset_changed)
    naming.register(file_names.names)


def _published(instance: Record, **kwargs: Any) -> None:
    publish.reindex([instance.pk])
    file_languages.follow([instance.pk])


def _unpublished(instance: Record, **kwargs: Any) -> None:
    publish.forget([instance.pk])


def _record_deleted(instance: Record, **kwargs: Any) -> None:
    if not publish.are_deletions_handled():
        publish.forget([instance.pk])


def _collection_changed(instance: Collection, created: bool, **kwargs: Any) -> None:
    if not created:
        publish.collection_changed(instance)


def _file_saved(instance: RecordFile, raw: bool, **kwargs: Any) -> None:
    if not raw:
        publish.touch([instance.record_id])
        inside_documents.follow([instance.record_id])


def _file_goes(instance: RecordFile, **kwargs: Any) -> None:
    if not publish.are_deletions_handled():
        inside_documents.file_goes(instance)


def _consent_saved(instance: Consent, created: bool, raw: bool, **kwargs: Any) -> None:
    if not created and not raw:
        inside_documents.follow([instance.record_id])
