"""The views of festivals in the admin, and the dates that a rule gives while it is entered."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.snippets.views.snippets import CreateView, DeleteView, EditView

from library.festivals.calendar import CalendarError, Days, Rule, occurrences
from library.festivals.domain import protocols
from library.festivals.interfaces.admin.forms import RuleForm
from library.festivals.models import Picture
from library.festivals.problems import problem

YEARS_SHOWN = 5


class FestivalEdit(EditView):
    """The form of a festival. Who may see it holds at once, whatever becomes of the draft."""

    def form_valid(self, form: Any) -> HttpResponseBase:
        """Save; set the protocol in the same transaction."""
        with transaction.atomic():
            response: HttpResponseBase = super().form_valid(form)
            if "protocol" in form.cleaned_data and {"protocol", "embargo_until"} & set(form.changed_data):
                protocols.set_protocol(
                    self.object, form.cleaned_data["protocol"], form.cleaned_data.get("embargo_until")
                )
        return response


class _BackToFestival:
    """Done with a picture, one is back among those of its festival."""

    object: Picture

    def get_success_url(self) -> str:
        """The form of the festival, at its pictures; the list of pictures for who may not edit festivals."""
        if not self.request.user.has_perm("festivals.change_festival"):  # type: ignore[attr-defined]
            return super().get_success_url()  # type: ignore[misc,no-any-return]
        edit = reverse("wagtailsnippets_festivals_festival:edit", args=[self.object.festival_id])
        return f"{edit}#festival-pictures"


class PictureCreate(_BackToFestival, CreateView):
    """The form of a new picture."""


class PictureEdit(_BackToFestival, EditView):
    """The form of a picture."""


class PictureDelete(_BackToFestival, DeleteView):
    """Asks, then deletes a picture."""


@require_safe
def dates(request: HttpRequest) -> HttpResponse:
    """The dates of the rule in the address for the next years, as a piece of the form."""
    if not request.user.has_perm("festivals.change_festival"):
        raise PermissionDenied
    form = RuleForm(request.GET)
    if not form.is_valid():
        return HttpResponse(
            preview(None, "; ".join(str(line) for lines in form.errors.values() for line in lines))
        )
    try:
        return HttpResponse(preview(form.rule()))
    except CalendarError as error:
        return HttpResponse(preview(None, problem(error)))


def preview(rule: Rule | None, message: str = "") -> str:
    """The dates that a rule gives in the next years, or what is wrong with it."""
    year = timezone.localdate().year
    days: list[Days] = []
    if rule is not None:
        days = [each for ahead in range(YEARS_SHOWN) for each in occurrences(rule, year + ahead)]
    return render_to_string("festivals/admin/_dates.html", {"rule": rule, "days": days, "problem": message})
