"""Telling the apps above that text or derivatives of an asset changed."""

from __future__ import annotations

from collections.abc import Callable

from media_pipeline.models import Asset

_callbacks: list[Callable[[Asset], None]] = []


def register(callback: Callable[[Asset], None]) -> None:
    """Have `callback` called in the transaction that changes text or derivatives of an asset."""
    if callback not in _callbacks:
        _callbacks.append(callback)


def unregister(callback: Callable[[Asset], None]) -> None:
    """Call it no more."""
    _callbacks.remove(callback)


def tell(asset: Asset) -> None:
    """Call them; inside the transaction of the change."""
    for callback in _callbacks:
        callback(asset)
