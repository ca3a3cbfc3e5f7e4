"""Dates of festivals in templates."""

from __future__ import annotations

from datetime import date

from django import template

from library.festivals.domain.schedule import lunar_text

register = template.Library()


@register.filter
def lunar(day: date) -> str:
    """The lunar date of a day as "15/1"."""
    return lunar_text(day)
