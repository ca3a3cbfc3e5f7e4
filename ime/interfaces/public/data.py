"""Keyboards as data, for the engine in the page: the list of all, and each at an address that says what is in it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ime.catalogue import keyboards
from ime.compiling import compiled
from ime.domain import shelf
from ime.domain.presentation import language_rows
from ime.model import Keyboard
from ime.targets.web import as_bytes, entry, payload
from languages import registry

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_NOW = "public, max-age=600"


def address(keyboard: Keyboard) -> str:
    """Where the data of a keyboard is served; another keyboard, another address."""
    return reverse("ime:web_keyboard", args=[keyboard.id, keyboard.hash])


def entries(reader: str) -> list[dict[str, Any]]:
    """What menus know of each keyboard, in the order in which people see them."""
    return [
        entry(found, registry().profile(found.language).names, address(found))
        for row in language_rows(reader)
        for found in shelf.of_language(row.code)
    ]


@require_safe
def web_index(request: HttpRequest) -> HttpResponse:
    """`/keyboards/keyboards.json`: all keyboards."""
    return _json(_index("-".join(found.hash for found in keyboards().by_id.values())), _FOR_NOW)


@lru_cache(maxsize=2)
def _index(state: str) -> bytes:
    return as_bytes({"keyboards": entries(settings.LANGUAGE_CODE)})


@require_safe
def web_keyboard(request: HttpRequest, name: str, state: str) -> HttpResponse:
    """`/keyboards/KEYBOARD/HASH.json`: what the engine needs to type with it."""
    found = shelf.keyboard(name)
    if found is None or found.hash != state:
        raise Http404
    return _json(_payload(found), _FOR_EVER)


@lru_cache(maxsize=256)
def _payload(found: Keyboard) -> bytes:
    return as_bytes(payload(found, compiled(found), registry().profile(found.language).names))


def _json(body: bytes, caching: str) -> HttpResponse:
    return HttpResponse(body, content_type="application/json", headers={"Cache-Control": caching})
