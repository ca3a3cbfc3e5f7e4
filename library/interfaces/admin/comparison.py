"""A difference between two versions of a record: property by property, what came and what went."""

from __future__ import annotations

import json
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.admin.compare import FieldComparison

from dictionary.interfaces.admin.panels import ContentPanel
from library.domain import vocabulary
from library.domain.kinds import kinds
from library.domain.presentation import label, value


class ContentComparison(FieldComparison):
    """The content of a record in Wagtail's compare view."""

    def htmldiff(self) -> SafeString:
        """One list for each property that differs."""
        old, new = self.val_a or {}, self.val_b or {}
        rows = vocabulary.rows([old, new])
        reader = get_language() or "vi"
        kind = next(iter(kinds().values()))
        parts = []
        before, after = old.get("fields", {}), new.get("fields", {})
        for prop in dict.fromkeys((*before, *after)):
            had, has = before.get(prop, []), after.get(prop, [])
            gone, come = _without(had, has), _without(has, had)
            lines = [("deletion", "−", _said(node, rows, reader)) for node in gone]
            lines += [("addition", "+", _said(node, rows, reader)) for node in come]
            if lines:
                shown = format_html_join("", '<li><span class="{}">{} {}</span></li>', lines)
                parts.append((label(kind, prop, reader), shown))
        return format_html_join("", "<p><strong>{}</strong></p><ul>{}</ul>", parts)

    def has_changed(self) -> bool:
        """Whether the trees differ."""
        return bool(self.val_a != self.val_b)


class RecordPanel(ContentPanel):
    """The content of a record in the form; versions are compared value by value."""

    def get_comparison_class(self) -> type[ContentComparison]:
        """How two versions are compared."""
        return ContentComparison


def _without(nodes: list[Any], others: list[Any]) -> list[Any]:
    return [node for node in nodes if node not in others]


def _said(node: Any, rows: vocabulary.Rows, reader: str) -> SafeString:
    shown = value(node, rows, reader) if isinstance(node, dict) else None
    if shown is None:
        return format_html("<code>{}</code>", json.dumps(node, ensure_ascii=False))
    details = ", ".join(part for part in (shown.lang, shown.role, shown.note) if part)
    return format_html("{} ({})", shown.text, details) if details else format_html("{}", shown.text)
