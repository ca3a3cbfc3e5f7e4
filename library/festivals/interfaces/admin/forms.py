"""The forms of festivals and their pictures in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from access.domain.gate import visible
from access.domain.viewer import viewer_for
from access.interfaces.forms import ProtectedForm
from library.festivals.calendar import LONGEST, CalendarError, Rule, rule_of
from library.festivals.domain import pictures
from library.festivals.domain.presentation import known_rule
from library.festivals.domain.protocols import PERMISSION
from library.festivals.models import Festival, Picture
from library.festivals.problems import problem
from library.interfaces.admin.file_forms import licence_choices
from library.models import Record
from library.vocabularies import Place
from media_pipeline.domain.blobs import FileRefusedError

CALENDARS = (
    ("vietnamese-lunar", _("Vietnamese lunar calendar")),
    ("gregorian", _("solar calendar")),
    ("declared", _("declared by the community each year")),
)
LEAPS = (
    ("regular", _("in the first of the two")),
    ("leap", _("in the second, the leap month")),
    ("both", _("in both")),
)
RULE_FIELDS = ("calendar", "month", "day", "length", "leap")


class RuleForm(forms.Form):
    """When a festival is held, field by field."""

    calendar = forms.ChoiceField(label=_("Calendar"), choices=CALENDARS)
    month = forms.IntegerField(label=_("Month"), min_value=1, max_value=12, required=False)
    day = forms.IntegerField(label=_("Day"), min_value=1, max_value=31, required=False)
    length = forms.IntegerField(label=_("Number of days"), min_value=1, max_value=LONGEST, required=False)
    leap = forms.ChoiceField(label=_("When the month is repeated"), choices=LEAPS, required=False)

    def rule(self) -> Rule:
        """The rule of what was entered. Raises CalendarError."""
        found = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return rule_of(found)


class FestivalForm(ProtectedForm):
    """A festival. Its rule is entered field by field; who may see it is set by stewards alone."""

    protocol_permission = PERMISSION
    rule_calendar = forms.ChoiceField(label=_("Calendar"), choices=CALENDARS, initial="vietnamese-lunar")
    rule_month = forms.IntegerField(label=_("Month"), min_value=1, max_value=12, required=False)
    rule_day = forms.IntegerField(label=_("First day"), min_value=1, max_value=31, required=False)
    rule_length = forms.IntegerField(
        label=_("Number of days"), min_value=1, max_value=LONGEST, required=False, initial=1
    )
    rule_leap = forms.ChoiceField(
        label=_("When the month is repeated"), choices=LEAPS, required=False, initial="regular",
        help_text=_("Some lunar years have a month twice."),
    )  # fmt: skip
    own_names = forms.CharField(
        label=_("Names in the people's own languages"), required=False, help_text=_("One on each line."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        festival: Festival = self.instance
        self.initial["own_names"] = "\n".join(festival.own_names)
        if festival.pk is not None:
            rule = known_rule(festival)
            self.initial |= {f"rule_{name}": getattr(rule, name) for name in RULE_FIELDS}
            if "slug" in self.fields:
                self.fields["slug"].disabled = True
        self._offer_records()
        if "places" in self.fields:
            self.fields["places"].queryset = Place.objects.order_by("valid_to", "name")

    def _offer_records(self) -> None:
        """Let those records be chosen that the editor may see; what belongs to the festival already may stay."""
        formset = self.formsets.get("record_links")
        if formset is None:
            return
        kept = [link.record_id for link in self.instance.record_links.all()]
        seen = visible(Record.objects.all(), viewer_for(self.for_user)).order_by().values("pk")
        for form in formset.forms:
            form.fields["record"].queryset = Record.objects.filter(Q(pk__in=seen) | Q(pk__in=kept))

    def clean_own_names(self) -> list[str]:
        """The names, each once."""
        lines = (line.strip() for line in self.cleaned_data["own_names"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self) -> dict[str, Any]:
        """Put the rule together; what cannot be stands at its field."""
        cleaned: dict[str, Any] = super().clean()
        given = {name: cleaned.get(f"rule_{name}") for name in RULE_FIELDS}
        if any(f"rule_{name}" in self.errors for name in RULE_FIELDS):
            return cleaned
        try:
            self.instance.rule = rule_of(
                {name: value for name, value in given.items() if value not in (None, "")}
            ).as_json()
        except CalendarError as error:
            self.add_error(f"rule_{error.params['field']}", problem(error))
        return cleaned


class PictureForm(ProtectedForm):
    """A picture, uploaded with the form. Who may see it is set by stewards alone."""

    protocol_permission = PERMISSION
    upload = forms.FileField(label=_("Picture"), required=False, help_text=_("PNG, JPEG, GIF or WebP."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].required = self.instance.pk is None
        if "licence" in self.fields:
            self.fields["licence"] = forms.ChoiceField(
                label=_("Licence"), required=False, choices=licence_choices(self.instance.licence, "–")
            )

    def clean_upload(self) -> Any:
        """Keep the bytes, if they are a picture that is taken."""
        upload = self.cleaned_data["upload"]
        if upload:
            try:
                self.instance.blob = pictures.kept(upload.file)
            except FileRefusedError as error:
                raise ValidationError(str(error)) from error
        return upload

    class Meta(WagtailAdminModelForm.Meta):
        model = Picture
        fields = ["festival"]
