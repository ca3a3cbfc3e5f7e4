"""The form of an import: which file into which lexicon; and what the columns of a table may mean."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dictionary.formats.errors import FileError
from dictionary.formats.mapping import TARGETS
from dictionary.formats.opening import FORMATS
from dictionary.imports.lexicons import well_formed
from dictionary.models import Lexicon
from jobs.interfaces.upload_forms import UploadForm

_NAMES = {"lift": "LIFT (FieldWorks, WeSay)", "cldf": "CLDF", "csv": "CSV", "xlsx": "Excel (XLSX)"}


class LexiconUploadForm(UploadForm):
    """A file, and the lexicon that it goes into: one that is there, or a new one."""

    field_order = ("file", "format", "lexicon", "slug", "title", "language", "legacy", "orthography")

    lexicon: forms.ModelChoiceField[Lexicon] = forms.ModelChoiceField(
        label=_("Into the lexicon"),
        queryset=Lexicon.objects.none(),
        required=False,
        empty_label=_("a new one"),
    )
    slug = forms.CharField(
        label=_("Address name of the new lexicon"), max_length=50, required=False, validators=[validate_slug],
        help_text=_("Small letters, digits and hyphens; it will stand in addresses."),
    )  # fmt: skip
    title = forms.CharField(label=_("Title of the new lexicon"), max_length=300, required=False)
    language = forms.CharField(
        label=_("Language"), max_length=35, required=False,
        help_text=_("BCP 47 tag, such as vi. Empty: as the file says."),
    )  # fmt: skip
    orthography = forms.CharField(
        label=_("Orthography of the words"), max_length=60, required=False,
        help_text=_("BCP 47 tag with script, such as vi-Latn. Empty: as the file says."),
    )  # fmt: skip

    def __init__(self, *args: Any, lexicons: QuerySet[Lexicon], may_add: bool, **kwargs: Any) -> None:
        super().__init__(*args, formats=[(name, _NAMES[name]) for name in FORMATS], **kwargs)
        self.fields["file"].help_text = _(
            "LIFT: the .lift file, or the zip that FieldWorks exports. CLDF: a zip of the data set."
        )
        field = self.fields["lexicon"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = lexicons
        self.may_add = may_add
        if not may_add:
            field.required = True
            for name in ("slug", "title"):
                del self.fields[name]

    def clean_language(self) -> str:
        """A well-formed tag, or nothing."""
        return _tag(self.cleaned_data["language"])

    def clean_orthography(self) -> str:
        """A well-formed tag, or nothing."""
        return _tag(self.cleaned_data["orthography"])

    def clean(self) -> dict[str, Any]:
        """A new lexicon needs an address name that is free."""
        data: dict[str, Any] = super().clean() or {}
        if self.may_add and not data.get("lexicon"):
            slug = data.get("slug", "")
            if not slug and "slug" not in self.errors:
                self.add_error("slug", _("Choose a lexicon, or give the new one an address name."))
            elif Lexicon.objects.filter(slug=slug).exists():
                self.add_error("slug", _("There is a lexicon with this address name already."))
        return data


def _tag(text: str) -> str:
    text = text.strip()
    try:
        return well_formed(text, "") if text else ""
    except FileError as error:
        raise forms.ValidationError(error.message) from None


def targets(lexicon: Lexicon) -> list[str]:
    """What a column may mean, for the list of suggestions."""
    languages = [str(tag) for tag in lexicon.gloss_languages] or ["vi", "en"]
    return [
        *(name for name, kind in TARGETS.items() if name and (not kind or kind.endswith("?"))),
        *(
            f"{name}:{tag}"
            for name in ("gloss", "own-gloss", "definition", "example-translation")
            for tag in languages
        ),
    ]
