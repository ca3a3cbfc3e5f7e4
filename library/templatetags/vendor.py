"""The addresses of scripts of others, where they are installed."""

from __future__ import annotations

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static

register = template.Library()


@register.simple_tag
def vendored(path: str) -> str:
    """The address of `vendor/PATH`; "" where npm did not bring it, or it is not collected yet."""
    name = f"vendor/{path}"
    if finders.find(name) is None:
        return ""
    try:
        return static(name)
    except ValueError:  # the manifest does not know it
        return ""
