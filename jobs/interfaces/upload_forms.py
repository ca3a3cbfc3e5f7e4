"""The forms of an import: which file, and what the columns of a table mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jobs.imports.types import Advice

Choices = Sequence[tuple[str, str]]


class UploadForm(forms.Form):
    """A file and its format. An upper app adds fields for what the file goes into."""

    file = forms.FileField(label=_("File"))
    format = forms.ChoiceField(label=_("Format"), required=False)
    legacy = forms.ChoiceField(
        label=_("Old encoding of all text"), required=False,
        help_text=_(
            "Only for text from before Unicode. Where a part of the file looks like it, the next page says so and lets "
            "you choose for that part alone."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, formats: Choices, encodings: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("format", [("", gettext("as the name of the file says")), *formats]),
            ("legacy", _with_none(encodings)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    @property
    def upload(self) -> UploadedFile:
        """The file itself."""
        file: UploadedFile = self.cleaned_data["file"]
        return file


class MappingForm(forms.Form):
    """What each column means: one field for each, filled with what its name lets guess.

    `wrong` says what is wrong with a meaning ("" for nothing). A column whose text looks as if it were from before
    Unicode has a second field, for its encoding.
    """

    def __init__(
        self,
        *args: Any,
        guessed: Mapping[str, str],
        wrong: Callable[[str, str], str],
        advice: Sequence[Advice] = (),
        encodings: Choices = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns = list(guessed)
        self.wrong = wrong
        self.advice = {f"legacy-{number}": one for number, one in enumerate(advice)}
        for number, column in enumerate(self.columns):
            self.fields[f"column-{number}"] = forms.CharField(
                label=column or "—", required=False, initial=guessed[column], max_length=100,
                widget=forms.TextInput(attrs={"list": "targets"}),
            )  # fmt: skip
        for name, one in self.advice.items():
            said = gettext(one.message.text) % one.message.params
            self.fields[name] = forms.ChoiceField(
                label=said, required=False, choices=_with_none(encodings), initial=one.chosen,
                help_text=f"{one.before} → {one.after}" if one.before else "",
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Every meaning must be one that there is."""
        data: dict[str, Any] = super().clean() or {}
        for number, column in enumerate(self.columns):
            name = f"column-{number}"
            wrong = self.wrong(column, data.get(name, ""))
            if wrong:
                self.add_error(name, wrong)
        return data

    def mapping(self) -> dict[str, str]:
        """The columns that mean something."""
        said = {column: self.cleaned_data[f"column-{number}"] for number, column in enumerate(self.columns)}
        return {column: target for column, target in said.items() if column and target}

    def encodings(self) -> dict[str, str]:
        """What was chosen for the columns that there is advice about."""
        return {one.key: self.cleaned_data[name] for name, one in self.advice.items()}


def _with_none(encodings: Choices) -> list[tuple[str, str]]:
    return [("", gettext("none: it is Unicode")), *encodings]
