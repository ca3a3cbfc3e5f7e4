"""What belongs to a record (files, consents, copies), for the pages of the admin."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from access.domain.viewer import viewer_of
from library.interfaces.admin.file_forms import HoldingForm
from library.interfaces.admin.file_rows import busy, record_files
from library.models import Consent, Holding, Record
from media_pipeline.domain.blobs import EXTENSIONS

register = template.Library()


@register.inclusion_tag("library/admin/_parts.html", takes_context=True)
def record_parts(context: dict[str, Any], record: Record) -> dict[str, Any]:
    """The panels Files, Consents and Copies of a record."""
    request = context["request"]
    rows = record_files(record, viewer_of(request))
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "perms": context["perms"],
        "record": record,
        "rows": rows,
        "busy": busy(rows),
        "consents": Consent.objects.filter(record=record).select_related("document").order_by("pk"),
        "copies": [
            (copy, HoldingForm(instance=copy, for_user=request.user))
            for copy in Holding.objects.filter(record=record).order_by("institution", "pk")
        ],
        "new_copy": HoldingForm(instance=Holding(record=record), for_user=request.user),
        "largest": settings.NHASAN_MEDIA_MAX_BYTES,
        "accepted": ",".join(sorted({*EXTENSIONS.values(), ".opus", ".jpeg", ".tiff", ".m4v", ".mov"})),
    }


@register.inclusion_tag("library/admin/_parts_jump.html", takes_context=True)
def record_parts_jump(context: dict[str, Any], record: Record) -> dict[str, Any]:
    """Links to these panels, for the head of a long form."""
    return {
        "perms": context["perms"],
        "files": record.files.count(),
        "consents": record.consents.count(),
        "copies": record.holdings.count(),
    }
