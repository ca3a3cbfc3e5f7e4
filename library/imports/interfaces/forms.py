"""The form of an import of records: which file, into which collection, of which kind."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from jobs.interfaces.upload_forms import UploadForm
from library.domain.kinds import kinds
from library.imports.source import FORMATS
from library.models import Collection

_NAMES = {"marc": "MARC 21 (ISO 2709)", "marcxml": "MARCXML", "csv": "CSV", "xlsx": "Excel (XLSX)"}


class RecordsUploadForm(UploadForm):
    """A file of records, and what holds for all of them."""

    field_order = ("file", "format", "collection", "kind", "publish", "legacy")

    collection: forms.ModelChoiceField[Collection] = forms.ModelChoiceField(
        label=_("Into the collection"),
        queryset=Collection.objects.none(),
        required=False,
        empty_label=_("none"),
    )
    kind = forms.ChoiceField(
        label=_("Kind of the records"),
        required=False,
        help_text=_("Empty: as the file says; rows of a table that say nothing are books."),
    )
    publish = forms.BooleanField(
        label=_("Publish the records"), required=False, help_text=_("Otherwise new ones stay drafts.")
    )

    def __init__(
        self, *args: Any, collections: QuerySet[Collection], may_publish: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, formats=[(name, _NAMES[name]) for name in FORMATS], **kwargs)
        self.fields["file"].help_text = _(
            "From another catalogue: MARC or MARCXML. A table: the first row names the columns."
        )
        self.fields["legacy"].label = _("Old encoding of a table")
        collection, kind = self.fields["collection"], self.fields["kind"]
        assert isinstance(collection, forms.ModelChoiceField)
        assert isinstance(kind, forms.ChoiceField)
        collection.queryset = collections
        language = get_language() or "vi"
        kind.choices = [
            ("", gettext("as the file says")),
            *((one.id, one.name(language)) for one in kinds().values()),
        ]
        if not may_publish:
            del self.fields["publish"]
