"""Compressing answers, but not files: a range is one of the bytes as they lie there, and pictures grow no smaller."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class Compression(GZipMiddleware):
    """Django's own, which leaves alone what says that ranges of it may be asked for."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, smaller where that helps."""
        if response.has_header("Accept-Ranges"):
            return response
        return super().process_response(request, response)
