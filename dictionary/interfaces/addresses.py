"""Addresses of entries. A list of results has dozens: the pattern is asked for once, not for each."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language


def entry_address(uuid: UUID, slug: str) -> str:
    """`/entries/UUID/HEADWORD` in the language of the interface that is active; the same as `reverse` gives."""
    return f"{_before(get_language() or '')}{uuid}/{quote(slug)}"


@lru_cache(maxsize=16)
def _before(language: str) -> str:
    nobody = UUID(int=0)
    return reverse("entry", args=[nobody, "-"]).removesuffix(f"{nobody}/-")
