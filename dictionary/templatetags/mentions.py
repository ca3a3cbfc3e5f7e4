"""A template tag for where else a word stands."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from access.domain.viewer import viewer_of
from dictionary.domain import mentions

register = template.Library()


@register.inclusion_tag("dictionary/_mentions.html", takes_context=True)
def mentioned(context: Context, text: str) -> dict[str, Any]:
    """What the library has that speaks of a text, with numbers; nothing where there is nothing."""
    return {"mentions": mentions.of(text, viewer_of(context["request"])), "text": text}
