"""The net under the domain functions: whatever Wagtail or the ORM does to festivals reaches search."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete
from wagtail.signals import published, unpublished

from library.festivals.domain import publish
from library.festivals.models import Festival


def connect() -> None:
    """Listen; called once when the app is ready."""
    published.connect(_published, sender=Festival, dispatch_uid="festivals.published")
    unpublished.connect(_unpublished, sender=Festival, dispatch_uid="festivals.unpublished")
    post_delete.connect(_deleted, sender=Festival, dispatch_uid="festivals.deleted")


def _published(instance: Festival, **kwargs: Any) -> None:
    publish.reindex([instance.pk])


def _unpublished(instance: Festival, **kwargs: Any) -> None:
    publish.forget([instance.pk])


def _deleted(instance: Festival, **kwargs: Any) -> None:
    publish.forget([instance.pk])
