"""Derivatives: what was made of an asset, and where it lies."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from django.db.models import QuerySet

from media_pipeline.domain import storage
from media_pipeline.models import Asset, Derivative


def of(asset: Asset, role: str, page: int | None = None) -> QuerySet[Derivative]:
    """The derivatives of an asset in a role, in the order of pages; with `page` those of that page alone."""
    found = Derivative.objects.filter(asset=asset, role=role).order_by("page", "pk")
    return found if page is None else found.filter(page=page)


def path_of(derivative: Derivative, inner: str = "") -> Path | None:
    """Where a derivative lies, or a file inside one that is a folder; None when there is no such file.

    `inner` may come from an address: what climbs out of the folder is no file of it. Whoever serves it asks the gate
    first.
    """
    folder = storage.root() / derivative.path
    parts = PurePosixPath(inner).parts
    if ".." in parts or inner.startswith("/") or "\0" in inner:
        return None
    path = folder.joinpath(*parts)
    return path if path.is_file() and path.resolve().is_relative_to(folder.resolve()) else None
