"""Moments as the editor of transcripts writes them."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def moment(milliseconds: int) -> str:
    """1:02:03.500, or 2:03.500."""
    seconds, rest = divmod(milliseconds, 1000)
    hours, minutes = divmod(seconds // 60, 60)
    head = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{head}:{seconds % 60:02}.{rest:03}"
