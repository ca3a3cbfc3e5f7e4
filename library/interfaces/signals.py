"""The net under the domain functions: whatever Wagtail or the ORM does to records and collections reaches search."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.signals import published, unpublished

from library.domain import publish
from library.models import Collection, Record


def connect() -> None:
    """Listen; called once when the app is ready."""
    published.connect(_published, sender=Record, dispatch_uid="library.published")
    unpublished.connect(_unpublished, sender=Record, dispatch_uid="library.unpublished")
    post_delete.connect(_record_deleted, sender=Record, dispatch_uid="library.record_deleted")
    post_save.connect(_collection_changed, sender=Collection, dispatch_uid="library.collection_changed")


def _published(instance: Record, **kwargs: Any) -> None:
    publish.reindex([instance.pk])


def _unpublished(instance: Record, **kwargs: Any) -> None:
    publish.forget([instance.pk])


def _record_deleted(instance: Record, **kwargs: Any) -> None:
    if not publish.are_deletions_handled():
        publish.forget([instance.pk])


def _collection_changed(instance: Collection, created: bool, **kwargs: Any) -> None:
    if not created:
        publish.collection_changed(instance)
