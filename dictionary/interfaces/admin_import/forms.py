"""The forms of an import: which file into which lexicon, and what its columns mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_slug
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dictionary.formats.errors import FileError
from dictionary.formats.mapping import TARGETS, ColumnMapping, from_json
from dictionary.formats.opening import FORMATS
from dictionary.imports import legacy
from dictionary.imports.lexicons import well_formed
from dictionary.models import Lexicon
from jobs.imports.types import Advice

_NAMES = {"lift": "LIFT (FieldWorks, WeSay)", "cldf": "CLDF", "csv": "CSV", "xlsx": "Excel (XLSX)"}


class UploadForm(forms.Form):
    """A file, and the lexicon that it goes into: one that is there, or a new one."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("LIFT: the .lift file, or the zip that FieldWorks exports. CLDF: a zip of the data set."),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[("", _("as the name of the file says")), *((name, _NAMES[name]) for name in FORMATS)],
        required=False,
    )
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
    legacy = forms.ChoiceField(
        label=_("Old encoding of all text"), required=False,
        help_text=_(
            "Only for text from before Unicode. Where a part of the file looks like it, the next page says so and lets "
            "you choose for that part alone."
        ),
    )  # fmt: skip
    orthography = forms.CharField(
        label=_("Orthography of the words"), max_length=60, required=False,
        help_text=_("BCP 47 tag with script, such as vi-Latn. Empty: as the file says."),
    )  # fmt: skip

    def __init__(self, *args: Any, lexicons: QuerySet[Lexicon], may_add: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lexicon"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = lexicons
        self.fields["legacy"].choices = encodings()  # type: ignore[attr-defined]
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

    @property
    def upload(self) -> UploadedFile:
        """The file itself."""
        file: UploadedFile = self.cleaned_data["file"]
        return file


def encodings() -> list[tuple[str, str]]:
    """The encodings to choose from, the first being none."""
    return [("", gettext("none: it is Unicode")), *legacy.choices()]


def _tag(text: str) -> str:
    text = text.strip()
    try:
        return well_formed(text, "") if text else ""
    except FileError as error:
        raise forms.ValidationError(error.message) from None


class MappingForm(forms.Form):
    """What each column means: one field for each, filled with what its name lets guess.

    A column whose text looks as if it were from before Unicode has a second field, for its encoding.
    """

    def __init__(
        self, *args: Any, guess: ColumnMapping, advice: Sequence[Advice] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.advice = {f"legacy-{number}": one for number, one in enumerate(advice)}
        self.columns = list(guess.columns)
        for number, column in enumerate(self.columns):
            self.fields[f"column-{number}"] = forms.CharField(
                label=column or "—", required=False, initial=guess.columns[column], max_length=100,
                widget=forms.TextInput(attrs={"list": "targets"}),
            )  # fmt: skip
        for name, one in self.advice.items():
            said = gettext(one.message.text) % one.message.params
            self.fields[name] = forms.ChoiceField(
                label=said, required=False, choices=encodings(), initial=one.chosen,
                help_text=f"{one.before} → {one.after}" if one.before else "",
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Every meaning must be one that there is."""
        data: dict[str, Any] = super().clean() or {}
        for number, _column in enumerate(self.columns):
            name = f"column-{number}"
            try:
                from_json({"columns": {"x": data.get(name, "")}}, "")
            except FileError as error:
                self.add_error(name, error.params["detail"])
        return data

    def mapping(self) -> ColumnMapping:
        """The columns that mean something."""
        said = {column: self.cleaned_data[f"column-{number}"] for number, column in enumerate(self.columns)}
        return ColumnMapping({column: target for column, target in said.items() if column and target})

    def encodings(self) -> dict[str, str]:
        """What was chosen for the columns that there is advice about."""
        return {one.key: self.cleaned_data[name] for name, one in self.advice.items()}


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
