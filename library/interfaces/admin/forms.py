"""The forms of the admin: a record over its tree, what is guarded, and vocabularies with names one a line."""

from __future__ import annotations

import copy
import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from access.domain.gate import visible
from access.domain.viewer import viewer_for
from access.interfaces.forms import ProtectedForm as AnyProtectedForm
from library.domain import collections, files, vocabulary
from library.domain.content import empty, nodes
from library.domain.kinds import kind_of, kinds
from library.domain.problems import limits, message
from library.domain.protocols import PERMISSION
from library.domain.validation import Problem, is_draft_problem, validate
from library.interfaces.admin.widget import ContentWidget, parsed
from library.models import Collection, Record, RecordFile


class ContentField(forms.Field):
    """A record's content: a tree that `validation` finds nothing wrong with. A draft may lack its title."""

    widget = ContentWidget
    is_deferred_validation = False

    def to_python(self, value: Any) -> Any:
        """The tree; raises ValidationError for text that is not JSON."""
        if value in self.empty_values:
            return empty()
        if isinstance(value, str):
            try:
                return json.loads(value)
            except (ValueError, RecursionError) as error:
                raise ValidationError(
                    _("The record could not be read. Please reload the page; your last saved draft is kept."),
                    code="invalid",
                ) from error
        return value

    def validate(self, value: Any) -> None:
        """Every problem as one message; the widget is told where each is."""
        problems = validate(value, limits())
        if not problems:
            problems = _dangling(value)
        if self.is_deferred_validation:
            problems = [each for each in problems if not is_draft_problem(each)]
        self.widget.problems = tuple(problems)
        if problems:
            raise ValidationError([message(each) for each in problems])

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the tree is another one; the order of keys says nothing."""
        return bool((parsed(data) or {}) != (parsed(initial) or {}))


def _dangling(content: dict[str, Any]) -> list[Problem]:
    """References to what is not there."""
    rows = vocabulary.rows([content])
    numbers: dict[str, int] = {}
    found = []
    for name, node in nodes(content):
        at = numbers[name] = numbers.get(name, -1) + 1
        for key in vocabulary.MODELS:
            if key in node and (key, node[key]) not in rows:
                found.append(Problem(f"{name}[{at}].{key}", "reference"))
    return found


class ProtectedForm(AnyProtectedForm):
    """Something guarded, of the library."""

    protocol_permission = PERMISSION


class CollectionForm(ProtectedForm):
    """A collection: what it lies in, and the picture that leads it, among what the editor may see."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        viewer, present = viewer_for(self.for_user), self.instance
        if "parent" in self.fields:
            below = (present.pk, *collections.tree(Collection).below(present.pk)) if present.pk else ()
            seen = visible(Collection.objects.all(), viewer).order_by().values("pk")
            offered = Collection.objects.filter(Q(pk__in=seen) | Q(pk=present.parent_id))
            self.fields["parent"].queryset = offered.exclude(pk__in=below)
        if "cover" in self.fields:
            shown = files.seen(viewer).order_by().values("pk")
            self.fields["cover"].queryset = RecordFile.objects.filter(
                Q(pk__in=shown) | Q(pk=present.cover_id)
            )

    def clean_cover(self) -> RecordFile | None:
        """A file of the collection's own records, or of what lies in it."""
        cover: RecordFile | None = self.cleaned_data["cover"]
        if cover is not None and cover.pk != self.instance.cover_id:
            pk = self.instance.pk
            within = (pk, *collections.tree(Collection).below(pk)) if pk else ()
            if cover.record.collection_id not in within:
                raise ValidationError(_("Choose a file of a record of this collection."), code="cover")
        return cover


class RecordForm(ProtectedForm):
    """A record. Its kind is chosen when it is made."""

    content = ContentField(label=_("Content"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        record: Record = self.instance
        self.fields["kind"] = forms.ChoiceField(
            choices=[(kind.id, kind.id) for kind in kinds().values()], widget=forms.HiddenInput
        )
        if record.pk is not None:
            del self.fields["kind"]
        else:
            given = self.data.get("kind") if self.is_bound else self.initial.get("kind")
            record.kind = given if given in kinds() else record.kind or next(iter(kinds()))
            self.initial["kind"] = record.kind
        if "collection" in self.fields:
            self.fields["collection"].queryset = visible(Collection.objects.all(), viewer_for(self.for_user))
        widget = self.fields["content"].widget
        widget.kind, widget.pk = kind_of(record.kind), record.pk
        self.initial["content"] = copy.deepcopy(record.content)

    def _post_clean(self) -> None:
        """Let a draft be unfinished: Django asks the record's own `clean` from here."""
        self.instance.may_lack_title = self.fields["content"].is_deferred_validation
        super()._post_clean()
        self.instance.may_lack_title = False

    def defer_required_fields(self) -> None:
        """A draft may lack its title."""
        super().defer_required_fields()
        self.fields["content"].is_deferred_validation = True

    def restore_required_fields(self) -> None:
        """What is published may not."""
        super().restore_required_fields()
        self.fields["content"].is_deferred_validation = False

    class Meta(WagtailAdminModelForm.Meta):
        model = Record
        fields = ["content", "collection", "protocol", "embargo_until"]


class NamesField(forms.CharField):
    """Names, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        """The list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        """The lines as a list, empty ones left out."""
        lines = super().clean(value).splitlines()
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the names are others."""
        return super().has_changed(self.prepare_value(initial), data)


class OtherNamesForm(WagtailAdminModelForm):
    """A row of a vocabulary that has other names."""

    other_names = NamesField(required=False, label=_("Other names"), help_text=_("One a line."))


class AltLabelsForm(WagtailAdminModelForm):
    """A concept."""

    alt_labels = NamesField(required=False, label=_("Other labels"), help_text=_("One a line."))
