"""A difference between two versions of an entry, in words and with the changed letters marked."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.compare import FieldComparison

from dictionary.domain import naming
from dictionary.domain.diff import Difference, Piece, Place, diff

_KINDS = {
    "sense": gettext_lazy("Sense"), "example": gettext_lazy("Example"), "pronunciation": gettext_lazy("Pronunciation"),
    "variant": gettext_lazy("Variant"), "relation": gettext_lazy("Relation"), "note": gettext_lazy("Note"),
    "etymology": gettext_lazy("Etymology"), "source": gettext_lazy("Source"), "media": gettext_lazy("Recording"),
    "illustration": gettext_lazy("Picture"), "translation": gettext_lazy("Translation"),
    "reversal": gettext_lazy("Reversal"), "field": gettext_lazy("Custom field"), "main": gettext_lazy("Main reversal"),
}  # fmt: skip
_KEYS = {
    "forms": gettext_lazy("text"), "citation": gettext_lazy("citation form"), "glosses": gettext_lazy("gloss"),
    "definition": gettext_lazy("definition"), "pos": gettext_lazy("part of speech"), "label": gettext_lazy("label"),
    "usage": gettext_lazy("usage"), "traits": gettext_lazy("traits"), "annotations": gettext_lazy("annotations"),
    "extra": gettext_lazy("further data of the source"), "type": gettext_lazy("kind"),
    "ref": gettext_lazy("related entry"),
    "source": gettext_lazy("source"), "href": gettext_lazy("file"), "title": gettext_lazy("title"),
    "url": gettext_lazy("address"), "licence": gettext_lazy("licence"), "order": gettext_lazy("order"),
    "created": gettext_lazy("created"), "modified": gettext_lazy("modified"), "guid": gettext_lazy("guid"),
    "lift_id": gettext_lazy("LIFT id"), "deleted": gettext_lazy("deleted"),
}  # fmt: skip


class ContentComparison(FieldComparison):
    """The content of an entry in Wagtail's compare view: one line for each thing that changed."""

    def htmldiff(self) -> SafeString:
        """The list of differences."""
        return differences_html(diff(self.val_a or {}, self.val_b or {}))

    def has_changed(self) -> bool:
        """Whether the trees differ."""
        return bool(self.val_a != self.val_b)


def differences_html(found: list[Difference]) -> SafeString:
    """The differences as a list; texts are marked letter by letter."""
    if not found:
        return format_html("<p>{}</p>", _("There is no difference."))
    lines = format_html_join(
        "", "<li><strong>{}</strong> {}</li>", ((place(each), said(each)) for each in found)
    )
    return format_html('<ul class="entry-differences">{}</ul>', lines)


def place(difference: Difference) -> str:
    """Where something changed: “Sense 2 › Example 1 › text (English)”."""
    steps = [_step(step) for step in difference.where]
    if difference.change == "changed" or (difference.change == "moved" and not difference.was):
        steps.append(_key(difference))
    return " › ".join(steps) or _("Entry")


def said(difference: Difference) -> SafeString:
    """What happened there."""
    if difference.change == "added":
        return format_html(
            '{} <span class="comparison"><span class="addition">{}</span></span>',
            _("added:"),
            _all(difference),
        )
    if difference.change == "removed":
        return format_html(
            '{} <span class="comparison"><span class="deletion">{}</span></span>',
            _("removed:"),
            _all(difference),
        )
    if difference.change == "moved":
        if difference.was:
            before = " › ".join(_step(step) for step in difference.was)
            return format_html("{}", _("moved here; it was %(place)s") % {"place": before})
        return format_html("{}", _("in another order: %(texts)s") % {"texts": _all(difference)})
    return format_html('<span class="comparison">{}</span>', pieces_html(difference.pieces))


def pieces_html(pieces: tuple[Piece, ...]) -> SafeString:
    """An inline difference: removed and added letters are marked, as in Wagtail's own comparisons."""
    classes = {"added": "addition", "removed": "deletion"}
    return format_html_join(
        "",
        "{}",
        (
            (
                piece.text
                if piece.operation == "same"
                else format_html('<span class="{}">{}</span>', classes[piece.operation], piece.text),
            )
            for piece in pieces
        ),
    )


def _all(difference: Difference) -> str:
    return " · ".join(difference.texts) or "—"


def _step(step: Place) -> str:
    return f"{_KINDS.get(step.kind, step.kind)} {step.number}"


def _key(difference: Difference) -> str:
    name: Any = _KEYS.get(difference.key, difference.key)
    if not difference.where and difference.key == "forms":
        name = _("headword")
    if not difference.lang:
        return str(name)
    reader = get_language() or "vi"
    spelled = difference.key in ("forms", "citation")
    named = naming.writing_name if spelled else naming.language_name
    return f"{name} ({named(difference.lang, reader)})"
