"""Letters from the public: forms without an account, kept for people who work here. The base of each of them."""

from __future__ import annotations

from typing import Any, ClassVar, Final, TypeVar

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

M = TypeVar("M", bound=Model)
LONGEST: Final = 5000


class LetterForm(forms.ModelForm[M]):
    """Something said, and by whom if they like. `website` is a trap: people do not see it, robots fill it in.

    `said` names the field that holds what is said. Show the fields with `access/_letter_fields.html`.
    """

    said: ClassVar[str] = "message"
    website = forms.CharField(required=False, label="")

    def clean(self) -> dict[str, Any]:
        """At most 5,000 characters, and something said."""
        cleaned: dict[str, Any] = super().clean() or {}
        text = str(cleaned.get(self.said, "")).strip()
        if len(text) > LONGEST:
            self.add_error(self.said, _("Please keep it under 5,000 characters."))
        elif self.said in cleaned:
            cleaned[self.said] = text
        return cleaned

    @property
    def is_from_a_robot(self) -> bool:
        """Whether the trap closed; asked of a valid form. Thank it, and keep nothing."""
        return bool(self.cleaned_data["website"])

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields that people see."""
        return [field for field in self.visible_fields() if field.name != "website"]
