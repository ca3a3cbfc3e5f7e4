"""Which language a public view speaks."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language


def reader() -> str:
    """The code of the language of the interface that is active."""
    code = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    known = [each for each, _name in settings.LANGUAGES]
    return code if code in known else settings.LANGUAGE_CODE
