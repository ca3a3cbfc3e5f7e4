"""The panels of the forms of festivals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    Panel,
)

from library.festivals.domain.presentation import known_rule
from library.festivals.interfaces.admin.forms import FestivalForm, PictureForm
from library.festivals.interfaces.admin.views import preview
from library.pages.interfaces.choosers import widget


class DatesPanel(Panel):
    """The dates that the rule gives in the next years; a script keeps them up to what is entered."""

    class BoundPanel(Panel.BoundPanel):
        """Bound to one festival."""

        template_name = "festivals/admin/dates_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """With the dates of the rule as it is kept."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, "dates": preview(known_rule(self.instance))}

        class Media:
            js = ("festivals/admin-dates.js",)


def festival_handler() -> ObjectList:
    """The form of a festival."""
    declared = [
        FieldRowPanel([FieldPanel("year"), FieldPanel("start"), FieldPanel("end")]),
        FieldPanel("declared_by"),
        FieldPanel("note"),
        FieldPanel("source"),
    ]
    return ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("name_vi"), FieldPanel("name_en"), FieldPanel("own_names"), FieldPanel("slug"),
                    FieldPanel("summary_vi"), FieldPanel("summary_en"),
                ],
                heading=_("What it is"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("rule_calendar"),
                    FieldRowPanel([FieldPanel("rule_day"), FieldPanel("rule_month"), FieldPanel("rule_length")]),
                    FieldPanel("rule_leap"),
                    DatesPanel(),
                ],
                heading=_("When it is held"),
            ),
            InlinePanel(
                "occurrences", panels=declared, heading=_("Declared dates"), label=_("Year"),
                help_text=_("What the community declared for a year stands in the place of the rule."),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("peoples", widget=forms.CheckboxSelectMultiple),
                    FieldPanel("places", widget=forms.SelectMultiple(attrs={"size": 10})),
                ],
                heading=_("Whose, and where"),
            ),
            MultiFieldPanel(
                [FieldPanel("story_vi"), FieldPanel("story_en"), FieldPanel("sources"), FieldPanel("demonstration")],
                heading=_("Story"),
            ),
            MultipleChooserPanel(
                "record_links", chooser_field_name="record", heading=_("Records"), label=_("Record"),
                panels=[FieldPanel("record", widget=widget("record"))],
                help_text=_("Films, photographs, books of this festival, in the order in which its page shows them."),
            ),
            MultiFieldPanel([FieldPanel("protocol"), FieldPanel("embargo_until")], heading=_("Who may see it")),
        ],
        base_form_class=FestivalForm,
    )  # fmt: skip


def picture_handler() -> ObjectList:
    """The form of a picture."""
    names = (
        "festival", "upload", "caption_vi", "caption_en", "credit", "licence", "order", "protocol", "embargo_until",
    )  # fmt: skip
    return ObjectList([FieldPanel(name) for name in names], base_form_class=PictureForm)
