"""Template tags for records: their addresses, and texts in their language."""

from __future__ import annotations

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from library.domain.presentation import Value
from library.interfaces.public.records import record_address

register = template.Library()


@register.filter
def record_url(ark: str) -> str:
    """The address of the page of a record."""
    return record_address(ark)


@register.simple_tag
def said(value: Value) -> SafeString:
    """A value: in its language and direction, and leading to where there is more of it."""
    shown = format_html("{}", value.text)
    if value.lang:
        shown = format_html(
            '<span lang="{}" dir="{}" data-script="{}">{}</span>',
            value.lang,
            value.direction,
            value.script,
            value.text,
        )
    if value.people:
        return format_html('<a href="{}">{}</a>', reverse("people", args=[value.people]), shown)
    if value.place:
        return format_html('<a href="{}">{}</a>', reverse("place", args=[value.place]), shown)
    if value.term:
        return format_html('<a href="{}?{}">{}</a>', reverse("records"), urlencode([value.term]), shown)
    return shown
