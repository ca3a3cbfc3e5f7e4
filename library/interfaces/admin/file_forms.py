"""The forms of what belongs to a record: its files, the consents of those shown or heard, the copies there are."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from library.domain import chapters, files, licences
from library.domain.chapters import ChapterError
from library.interfaces.admin.forms import ProtectedForm
from library.models import Consent, Holding, RecordFile
from media_pipeline.domain import blobs
from media_pipeline.domain.blobs import FileRefusedError
from media_pipeline.models import Asset

CATALOGUES: Final = "library.add_recordfile"
"""What those may who describe and order files; who may only change them decides who sees them."""
_PROBLEMS: Final = {
    "form": _("Line %(line)s is no chapter: “%(text)s”. Write a time, a blank and a title: 03:15 The drums"),
    "order": _("Line %(line)s, “%(text)s”, comes before the one above it."),
    "many": _("There are too many chapters: at line %(line)s it is more than %(most)s."),
}


class SeenForm(WagtailAdminModelForm):
    """A form that knows what the person saw: of two people who save, the second learns what the first wrote."""

    data: Any
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = _digest(self.instance)

    def clean(self) -> dict[str, Any]:
        """Refuse to write over what the person has not seen; saving again does."""
        cleaned: dict[str, Any] = super().clean()
        if self.instance.pk is None:
            return cleaned
        now = type(self.instance)._default_manager.get(pk=self.instance.pk)
        if cleaned.get("seen") != _digest(now):
            theirs = [
                f"{self.fields[name].label}: {_said(now, name)}"
                for name in self.fields
                if name in self.changed_data and name in _names(now)
            ]
            given: QueryDict = self.data.copy()
            given[self.add_prefix("seen")] = _digest(now)
            self.data = given
            message = gettext(
                "Somebody else changed this after you opened it. Nothing was saved now, and what you wrote stands "
                "below; save again to put it in the place of theirs."
            )
            raise ValidationError([message, *theirs])
        return cleaned


class FileForm(SeenForm, ProtectedForm):
    """A file of a record."""

    licence = forms.ChoiceField(label=_("Licence"), required=False)
    chapters = forms.CharField(
        label=_("Chapters"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line, a time and a title: 03:15 The drums"),
    )

    class Meta:
        model = RecordFile
        fields = ["caption", "licence", "consent", "chapters", "protocol", "embargo_until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file: RecordFile = self.instance
        licence = self.fields["licence"]
        assert isinstance(licence, forms.ChoiceField)
        licence.choices = licence_choices(file.licence, gettext("As the record says"))
        self.fields["consent"].queryset = Consent.objects.filter(record=file.record_id)
        if file.asset is not None and file.asset.kind in {Asset.Kind.AUDIO, Asset.Kind.VIDEO}:
            self.initial["chapters"] = chapters.written(file.chapters)
        else:
            del self.fields["chapters"]
        if not self.for_user.has_perm(CATALOGUES):  # stewards decide who sees a file, and describe nothing
            for name in ("caption", "licence", "chapters"):
                self.fields.pop(name, None)

    def clean_chapters(self) -> list[dict[str, Any]]:
        """The lines as chapters; raises ValidationError that names the line."""
        try:
            return chapters.parse(self.cleaned_data["chapters"])
        except ChapterError as error:
            params = {"line": error.line, "text": error.text, "most": chapters.MOST}
            raise ValidationError(str(_PROBLEMS[error.code]) % params) from error


class ConsentForm(SeenForm):
    """What somebody agreed to, with the paper."""

    upload = forms.FileField(
        label=_("Document"),
        required=False,
        help_text=_("A scan, PDF or recording. Only who edits the files of records can open it."),
    )

    class Meta:
        model = Consent
        fields = ["who", "kind", "scope", "given_on", "until", "withdrawn_on", "note"]
        widgets = {"scope": forms.Textarea(attrs={"rows": 2}), "note": forms.Textarea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any]:
        """The days are in the order of time; the document is one that is taken."""
        cleaned = super().clean()
        given, until = cleaned.get("given_on"), cleaned.get("until")
        if given and until and until < given:
            self.add_error("until", gettext("This is before the day it was given on."))
        upload = cleaned.get("upload")
        if upload and not self.errors:
            try:
                self.instance.document = blobs.store_original(upload.file)
            except FileRefusedError as error:
                self.add_error("upload", str(error))
            else:
                self.instance.document_name = files.safe_name(upload.name)
        return cleaned


class HoldingForm(SeenForm):
    """A copy, and where it lies."""

    class Meta:
        model = Holding
        fields = ["institution", "location", "call_number", "item_id", "note"]


def licence_choices(present: str, without: str) -> list[tuple[str, Any]]:
    """The licences to choose from, in groups; `without` stands for none, and `present` may be words of one's own."""
    reader = get_language() or "vi"
    known = list(licences.LICENCES.values())
    groups = [
        ("Creative Commons", [each for each in known if "creativecommons.org" in each.uri]),
        ("RightsStatements.org", [each for each in known if "rightsstatements.org" in each.uri]),
    ]
    shown: list[tuple[str, Any]] = [("", without)]
    if present and present not in licences.LICENCES:
        shown.append((present, present))
    return [*shown, *((name, [(each.uri, each.name(reader)) for each in group]) for name, group in groups)]


def _names(instance: models.Model) -> list[str]:
    return [
        field.name for field in instance._meta.concrete_fields if field.name not in {"id", "order", "asset"}
    ]


def _digest(instance: models.Model) -> str:
    """A sum of all that a person may change of a row, so that another value is noticed."""
    values = [str(getattr(instance, instance._meta.get_field(name).attname)) for name in _names(instance)]  # type: ignore[union-attr]
    return hashlib.sha256("\0".join(values).encode()).hexdigest()[:32]


def _said(instance: models.Model, name: str) -> str:
    value = getattr(instance, name)
    if name == "chapters":
        return chapters.written(value).replace("\n", "; ") or "–"
    return str(value) if value not in (None, "") else "–"
