"""Dates of festivals in templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django import template

from library.festivals.domain.schedule import lunar_text

register = template.Library()


@register.filter
def lunar(day: date) -> str:
    """The lunar date of a day as "15/1"."""
    return lunar_text(day)


@register.filter
def of(found: Mapping[int, object], key: int) -> object:
    """What a mapping has under a key; nothing where it has none."""
    return found.get(key)
