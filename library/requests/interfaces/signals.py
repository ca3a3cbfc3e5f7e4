"""Requests outlive what they are about: what is deleted leaves with them who may still read them."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_delete

from library.festivals.models import Festival
from library.models import Record, RecordFile
from library.requests.domain import material


def connect() -> None:
    """Listen; called once when the app is ready."""
    for model in (Record, RecordFile, Festival):
        pre_delete.connect(_goes, sender=model, dispatch_uid=f"requests.{model.__name__}")


def _goes(instance: material.Material, **kwargs: Any) -> None:
    material.goes(instance)
