"""Texts that are stored as an English msgid with parameters, and translated when somebody reads them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext


def say(msgid: str, params: Mapping[str, object]) -> str:
    """The text in the language of the moment; one that does not fit its parameters is shown as it stands."""
    text = gettext(msgid) if msgid else ""
    if not params:
        return text
    try:
        return text % params
    except (KeyError, TypeError, ValueError):
        return text
