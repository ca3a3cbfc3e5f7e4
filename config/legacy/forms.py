"""What a person gives: text or a file, and perhaps the encoding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from languages.legacy import tables


class LegacyForm(forms.Form):
    """Text (white space and control characters are data in some encodings: nothing is stripped), or a file."""

    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(label=_("Or a file: .txt, .csv or .docx"), required=False)
    encoding = forms.ChoiceField(label=_("The text is in"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = "vi" if (get_language() or "vi").startswith("vi") else "en"
        self.fields["encoding"].choices = [  # type: ignore[attr-defined]
            ("", gettext("I do not know: guess")),
            *((name, table.names[language]) for name, table in tables().items()),
        ]

    def clean_file(self) -> UploadedFile | None:
        """A file that is not too large."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > settings.NHASAN_LEGACY_MAX_BYTES:
            limit = filesizeformat(settings.NHASAN_LEGACY_MAX_BYTES)
            raise forms.ValidationError(_("The file is larger than %(limit)s."), params={"limit": limit})
        return file

    def clean(self) -> dict[str, Any]:
        """There must be something to convert."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not data.get("text") and not data.get("file"):
            self.add_error("text", _("Paste a text, or choose a file."))
        return data
