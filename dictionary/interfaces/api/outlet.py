"""What every answer of the API goes through: its language, who may keep it, who may read it from another site."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import override
from django.utils.translation.trans_real import parse_accept_lang_header
from pydantic_core import to_json

from dictionary.domain.presentation import READERS

_SECONDS = 60
JSON = "application/json; charset=utf-8"


def spoken(request: HttpRequest) -> str:
    """The language of names and messages: the parameter `ui`, else the Accept-Language header, else the first one."""
    asked = request.GET.get("ui", "")
    if asked in READERS:
        return asked
    for tag, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        code = tag.split("-")[0]
        if code in READERS:
            return code
    return READERS[0]


def json(data: Any, status: int = 200, content_type: str = JSON) -> HttpResponse:
    """Plain values and frozen dataclasses as JSON; written in one pass, without building models of the answer."""
    return HttpResponse(to_json(data), status=status, content_type=content_type)


def outlet(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Speak the caller's language, say how long the answer holds, and answer 304 to who has it already.

    The public's answers may be kept by anybody for a minute and read from any site (CORS, without credentials);
    those of somebody who has logged in by nobody.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with override(spoken(request)):
            response = view(request, *args, **kwargs)
        known = request.user.is_authenticated
        response["Cache-Control"] = "private, no-cache" if known else f"public, max-age={_SECONDS}"
        if response.status_code != 200:
            response["Cache-Control"] = "no-store"
        response["Access-Control-Allow-Origin"] = "*"
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        etag = f'"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
        if response.status_code == 200 and "ETag" not in response:
            response["ETag"] = etag
            return get_conditional_response(request, etag=etag, response=response) or response
        return response

    return answer
