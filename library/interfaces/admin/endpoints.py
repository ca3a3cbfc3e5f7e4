"""What the record form asks the server while somebody writes: vocabulary rows, new ones, records like this one."""

from __future__ import annotations

import json
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from library.domain import duplicates as same
from library.domain.folding import folded
from library.models import Agent, Concept, Place, Record

FOUND_AT_MOST: Final = 12
_MODELS: Final[dict[str, Any]] = {"agent": Agent, "concept": Concept, "place": Place}


@require_GET
def find(request: HttpRequest) -> JsonResponse:
    """`?of=agent&q=…`: the rows of a vocabulary whose name begins so, then those that have it anywhere."""
    _require_editor(request)
    model = _of(request.GET.get("of", ""))
    text = folded(request.GET.get("q", "")[:200])
    if not text:
        return JsonResponse({"found": []})
    rows: QuerySet[Any] = model._default_manager.all()
    found = list(rows.filter(folded__contains=f"|{text}")[:FOUND_AT_MOST])
    if len(found) < FOUND_AT_MOST:
        further = rows.filter(folded__contains=text).exclude(pk__in=[row.pk for row in found])
        found += list(further[: FOUND_AT_MOST - len(found)])
    return JsonResponse({"found": [{"pk": row.pk, "label": str(row), "hint": _hint(row)} for row in found]})


@require_POST
def create(request: HttpRequest) -> JsonResponse:
    """`{"of": "agent", "label": …}`: a new row of a vocabulary, with only its name; again gives the same one."""
    _require_editor(request)
    try:
        sent = json.loads(request.body)
        model = _of(str(sent["of"]))
        label = str(sent["label"]).strip()
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"message": _("This could not be read.")}, status=400)
    if model is Place:
        return JsonResponse(
            {"message": _("Add places under “Places”: they need a kind and dates.")}, status=400
        )
    if not request.user.has_perm(f"library.add_{model._meta.model_name}"):
        raise PermissionDenied
    name = f"{model.label_field}_{settings.LANGUAGE_CODE}"
    found = model._default_manager.filter(**{name: label}).first()
    if found is None:
        found = model(**{name: label})
        try:
            found.full_clean()
        except ValidationError as error:
            return JsonResponse({"message": " ".join(error.messages)}, status=400)
        found.save()
    return JsonResponse({"pk": found.pk, "label": str(found)})


@require_GET
def duplicates(request: HttpRequest) -> JsonResponse:
    """`?title=…&identifier=…&pk=…`: records that may be the same thing."""
    _require_editor(request)
    records = visible(Record.objects.all(), viewer_of(request), drafts=True)
    pk = request.GET.get("pk", "")
    if pk.isascii() and pk.isdigit():
        records = records.exclude(pk=int(pk[:18]))
    found = same.like(
        records,
        title=request.GET.get("title", "")[:500],
        identifier=request.GET.get("identifier", "")[:200],
    )
    return JsonResponse(
        {
            "found": [
                {
                    "title": str(record),
                    "kind": record.kind_name,
                    "ark": record.ark,
                    "url": reverse("wagtailsnippets_library_record:edit", args=[record.pk]),
                }
                for record in found
            ]
        }
    )


def _of(name: str) -> Any:
    if name not in _MODELS:
        raise PermissionDenied
    return _MODELS[name]


def _hint(row: Any) -> str:
    if isinstance(row, Agent):
        return row.dates
    if isinstance(row, Place):
        return " ".join(part for part in (row.get_kind_display(), row.code) if part)
    return str(row.scheme)


def _require_editor(request: HttpRequest) -> None:
    user = request.user
    if not (user.has_perm("library.change_record") or user.has_perm("library.add_record")):
        raise PermissionDenied
