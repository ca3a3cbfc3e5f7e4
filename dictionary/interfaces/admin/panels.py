"""The panels of the edit forms."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.telepath import register as register_telepath_adapter

from dictionary.interfaces.admin.comparison import ContentComparison
from dictionary.interfaces.admin.forms import EntryForm, LexiconForm, ProtectedForm


class ContentPanel(FieldPanel):
    """The content of an entry: the component takes the whole width; versions are compared as trees."""

    def get_comparison_class(self) -> type[ContentComparison]:
        """How two versions are compared."""
        return ContentComparison

    @register_telepath_adapter
    class BoundPanel(FieldPanel.BoundPanel):
        """Bound to one entry."""

        telepath_adapter_name = "wagtail.panels.FieldPanel"
        template_name = "dictionary/admin/content_panel.html"

        def js_opts(self) -> dict[str, Any]:
            """The widget has a script of its own; Wagtail's is told nothing of it."""
            options: dict[str, Any] = super(FieldPanel.BoundPanel, self).js_opts()
            return {**options, "fieldName": self.field_name, "widget": None}


def entry_handler() -> ObjectList:
    """The form of an entry."""
    return ObjectList([ContentPanel("content", heading=_("Entry"))], base_form_class=EntryForm)


def entry_file_handler() -> ObjectList:
    """The form of a recording or picture."""
    panels = [
        FieldPanel("href", read_only=True),
        FieldPanel("entry", read_only=True),
        FieldPanel("licence"),
        FieldPanel("protocol"),
        FieldPanel("embargo_until"),
    ]
    return ObjectList(panels, base_form_class=ProtectedForm)


def lexicon_handler() -> ObjectList:
    """The form of a lexicon."""
    return ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("title_vi"),
                    FieldPanel("title_en"),
                    FieldPanel("slug"),
                    FieldPanel("description_vi"),
                    FieldPanel("description_en"),
                ],
                heading=_("What it is"),
            ),
            MultiFieldPanel(
                [FieldPanel("language"), FieldPanel("orthography"), FieldPanel("gloss_languages")],
                heading=_("Languages"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("authors"),
                    FieldPanel("year"),
                    FieldPanel("citation"),
                    FieldPanel("source_url"),
                    FieldPanel("licence"),
                    FieldPanel("under_review"),
                ],
                heading=_("Credits"),
            ),
            MultiFieldPanel(
                [FieldPanel("protocol"), FieldPanel("embargo_until")], heading=_("Who may see it")
            ),
        ],
        base_form_class=LexiconForm,
    )
