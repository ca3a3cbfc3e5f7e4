"""Answers to machines: what everybody may see may be fetched from other sites, the rest is kept nowhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from library.domain import ark as arks
from library.models import Record
from media_pipeline.interfaces.sending import ASK_AGAIN, NOWHERE

LD_JSON: Final = "application/ld+json"


def for_other_sites(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let scripts of other sites ask (CORS, the Fetch standard, section 3.2): they may ask beforehand whether they may.

    That they may ask says nothing about what is there; whether they may read the answer stands in the answer.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(
                status=204,
                headers={
                    "Access-Control-Allow-Origin": "*",
                    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
                    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
                    "Access-Control-Max-Age": "86400",
                },
            )
        return require_safe(view)(request, *args, **kwargs)

    return asked


def record_of(request: HttpRequest, naan: str, name: str) -> Record:
    """The record of an ARK that the visitor may see; Http404 otherwise, the same for missing and closed ones."""
    kept = arks.normalised(f"ark:{naan}/{name}")
    found = None
    if kept is not None and arks.is_sound(kept):
        found = (
            visible(Record.objects.filter(ark=kept), viewer_of(request)).select_related("collection").first()
        )
    if found is None:
        raise Http404
    return found


def json_answer(request: HttpRequest, data: dict[str, Any], media_type: str) -> HttpResponseBase:
    """Data as JSON, in UTF-8."""
    return answer(request, json.dumps(data, ensure_ascii=False).encode(), media_type)


def answer(request: HttpRequest, body: bytes, media_type: str) -> HttpResponseBase:
    """What was made for this visitor. Whoever is logged in may have been shown more than everybody may see.

    With an ETag: who has it already is told so (RFC 9110, section 13).
    """
    response = HttpResponse(body, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Vary"] = "Cookie"
    if viewer_of(request).user_id is not None:
        response["Cache-Control"] = NOWHERE
        return response
    response["Cache-Control"] = ASK_AGAIN
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["ETag"] = etag
    found = get_conditional_response(request, etag=etag, response=response) or response
    found["Access-Control-Allow-Origin"] = "*"
    return found
