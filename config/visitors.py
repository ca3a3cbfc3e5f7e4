"""Who asks: the address of a visitor, through as many of our own proxies as there are."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """The network address that a request came from.

    With NHASAN_PROXIES = n the n-th entry from the right of X-Forwarded-For, which our outermost proxy wrote; what a
    visitor put further left is not believed. Without proxies, or with too few entries, the peer of the connection.
    """
    forwarded: list[str] = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if 0 < settings.PROXIES <= len(forwarded) and forwarded[-settings.PROXIES]:
        return forwarded[-settings.PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))
