"""What the entry form asks the server while somebody writes: keeping an upload, finding an entry to relate to."""

from __future__ import annotations

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from dictionary.domain import files
from dictionary.domain.documents import TYPE
from dictionary.domain.duplicates import ref
from dictionary.interfaces.admin.form_data import label
from dictionary.interfaces.admin.forms import UPLOADS_SALT
from dictionary.models import Entry, Lexicon
from media_pipeline.domain import blobs
from search.domain.guard import QueryError
from search.domain.lookup import lookup

FOUND_AT_MOST = 15


@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Keep a file; gives its name in the entry and a token that the form is saved with."""
    _require_editor(request)
    sent = request.FILES.get("file")
    if sent is None:
        return JsonResponse({"message": _("No file was sent.")}, status=400)
    kind = request.POST.get("kind", "")
    try:
        blob = blobs.store(sent)
    except blobs.FileRefusedError as error:
        return JsonResponse({"message": str(error)}, status=400)
    if kind and not blob.media_type.startswith(f"{kind}/"):
        wanted = _("A recording is wanted here.") if kind == "audio" else _("A picture is wanted here.")
        return JsonResponse({"message": wanted}, status=400)
    href = files.href_for(blob, sent.name or "")
    token = signing.dumps({"href": href, "blob": blob.pk, "user": request.user.pk}, salt=UPLOADS_SALT)
    return JsonResponse({"href": href, "type": blob.media_type, "token": token})


@require_GET
def entries(request: HttpRequest, lexicon: int) -> JsonResponse:
    """The entries of a lexicon that a text finds, for relating to; best first."""
    _require_editor(request)
    viewer = viewer_of(request)
    within = get_object_or_404(visible(Lexicon.objects.all(), viewer), pk=lexicon)
    text = request.GET.get("q", "").strip()
    pks: list[int] = []
    if text:
        try:
            results = lookup(
                text, viewer=viewer, lexicon=within.slug, types=(TYPE,), limit=FOUND_AT_MOST, fresh=True
            )
            pks = [hit.pk for hit in results.hits]
        except QueryError:
            pks = []
    found = visible(Entry.objects.filter(pk__in=pks), viewer).in_bulk()
    chosen = [found[pk] for pk in pks if pk in found]
    return JsonResponse(
        {"entries": [{"ref": ref(entry), "label": label(entry.headword, entry.gloss)} for entry in chosen]}
    )


def _require_editor(request: HttpRequest) -> None:
    user = request.user
    if not (user.has_perm("dictionary.change_entry") or user.has_perm("dictionary.add_entry")):
        raise PermissionDenied
