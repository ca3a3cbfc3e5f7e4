"""Choosers of things of the house, behind the gate: an editor chooses among what they may see, and is shown no more."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser as views
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser
from wagtail.images.widgets import AdminImageChooser
from wagtail.log_actions import get_active_log_context

from access.domain.gate import visible
from access.domain.viewer import Viewer, viewer_for, viewer_of
from access.models import Protected, User
from dictionary.models import Entry
from library.domain.files import seen
from library.domain.folding import folded
from library.festivals.models import Festival
from library.models import Collection, People, Place, Record, RecordFile


def choosable(model: type[Model], viewer: Viewer) -> QuerySet[Any]:
    """What of a model a person may place on a page: published, and theirs to see."""
    if model is RecordFile:
        return seen(viewer)
    every = model._default_manager.all()
    return visible(every, viewer) if issubclass(model, Protected) else every


class Words(BaseFilterForm):  # type: ignore[misc]
    """The box to search in a chooser: every word has to stand in one of the columns."""

    columns: tuple[str, ...] = ()
    q = forms.CharField(label=_("Search"), required=False, max_length=200)

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow what is shown."""
        text = self.cleaned_data.get("q", "")
        for word in text.split()[:10]:
            either = Q()
            for column in self.columns:
                # Folded columns hold folded text; the others are compared whatever their case.
                look = (
                    {f"{column}__contains": folded(word)}
                    if "folded" in column
                    else {f"{column}__icontains": word}
                )
                either |= Q(**look)
            objects = objects.filter(either)
        if text.strip():
            self.is_searching, self.search_query = True, text
        return objects


class _Gated:
    """What a view of a chooser may find."""

    model_class: type[Model]
    request: HttpRequest

    def get_object_list(self) -> QuerySet[Any]:
        """What the list shows."""
        return choosable(self.model_class, viewer_of(self.request))

    def get_object(self, pk: Any) -> Model:
        """The thing that was chosen."""
        found = self.get_object_list().filter(pk=pk).first() if str(pk).isdigit() else None
        if found is None:
            raise Http404
        return found  # type: ignore[no-any-return]

    def get_objects(self, pks: list[Any]) -> QuerySet[Any]:
        """The things that were chosen."""
        return self.get_object_list().filter(pk__in=[pk for pk in pks if str(pk).isdigit()])


class _Listing(_Gated):
    more_columns: tuple[Column, ...] = ()

    @property
    def columns(self) -> list[Column]:
        """The name, and what tells things of one name apart."""
        return [*super().columns, *self.more_columns]  # type: ignore[misc]


class Choose(_Listing, views.ChooseView):  # type: ignore[misc]
    """The list."""


class ChooseResults(_Listing, views.ChooseResultsView):  # type: ignore[misc]
    """The list, while somebody searches."""


class Chosen(_Gated, views.ChosenView):  # type: ignore[misc]
    """What was chosen."""


class ChosenMultiple(_Gated, views.ChosenMultipleView):  # type: ignore[misc]
    """The things that were chosen."""


class GatedChooser(BaseChooser):  # type: ignore[misc]
    """Names what was chosen, unless the person who edits may not see it."""

    def get_value_data_from_instance(self, instance: Model) -> dict[str, Any]:
        """What the form shows of the thing."""
        user = get_active_log_context().user
        viewer = viewer_for(user if isinstance(user, User) else None)
        if choosable(type(instance), viewer).filter(pk=instance.pk).exists():
            return super().get_value_data_from_instance(instance)  # type: ignore[no-any-return]
        closed = str(_("(not published, or not yours to see)"))
        return {"id": instance.pk, "edit_url": None, self.display_title_key: closed}


def _viewset(
    model: type[Model],
    icon: str,
    one: Any,
    other: Any,
    columns: tuple[str, ...],
    more: tuple[Column, ...] = (),
) -> ChooserViewSet:
    form = type("Words", (Words,), {"columns": columns})
    listing = {"filter_form_class": form, "more_columns": more}
    return type(
        f"{model.__name__}Chooser",
        (ChooserViewSet,),
        {
            "model": model,
            "icon": icon,
            "choose_one_text": one,
            "choose_another_text": other,
            "edit_item_text": _("Edit"),
            "register_widget": False,
            "base_widget_class": GatedChooser,
            "choose_view_class": type("Choose", (Choose,), listing),
            "choose_results_view_class": type("ChooseResults", (ChooseResults,), listing),
            "chosen_view_class": Chosen,
            "chosen_multiple_view_class": ChosenMultiple,
            "per_page": 20,
        },
    )(f"choose_{model.__name__.lower()}", url_prefix=f"choose/{model.__name__.lower()}")


VIEWSETS: Final = {
    "record": _viewset(
        Record, "doc-full", _("Choose a record"), _("Choose another record"), ("title_folded", "identifiers"),
        (Column("kind_name", label=_("Kind")),),
    ),
    "collection": _viewset(
        Collection, "folder-open-inverse", _("Choose a collection"), _("Choose another collection"),
        ("title_vi", "title_en"),
    ),
    "people": _viewset(People, "group", _("Choose a people"), _("Choose another people"), ("folded",)),
    "place": _viewset(Place, "site", _("Choose a place"), _("Choose another place"), ("folded",)),
    "festival": _viewset(
        Festival, "calendar-alt", _("Choose a festival"), _("Choose another festival"), ("name_vi", "name_en", "slug")
    ),
    "entry": _viewset(
        Entry, "openquote", _("Choose a word"), _("Choose another word"), ("headword", "gloss"),
        (Column("gloss", label=_("Meaning")),),
    ),
    "file": _viewset(
        RecordFile, "media", _("Choose a file of a record"), _("Choose another file"),
        ("name", "caption", "record__title_folded"), (Column("record", label=_("Record")),),
    ),
}  # fmt: skip


@cache
def widget(kind: str) -> forms.Widget:
    """The chooser of a kind of reference, for a form."""
    return AdminImageChooser() if kind == "image" else VIEWSETS[kind].widget_class()  # type: ignore[no-any-return]
