"""Moments as the editor of transcripts writes them."""

from __future__ import annotations

from django import template

from library.domain.moments import said

register = template.Library()


@register.filter
def moment(milliseconds: int) -> str:
    """1:02:03.500, or 2:03.500."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{said(seconds)}.{rest:03}"
