"""Recordings and pictures of entries over HTTP: by their reference, behind the gate, never by their hash."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from access.domain.viewer import anonymous, viewer_of
from dictionary.domain import files
from dictionary.models import EntryFile
from media_pipeline.domain import blobs
from media_pipeline.interfaces import sending


@require_safe
def file(request: HttpRequest, uuid: UUID, name: str = "") -> HttpResponseBase:
    """The bytes of a file, whole or a range of them, for whom the gate lets see it."""
    found = EntryFile.objects.select_related("entry__lexicon", "blob").filter(uuid=uuid).first()
    edits = request.user.has_perm("dictionary.change_entry")
    if found is None or name not in ("", found.name):
        raise Http404
    if not files.may_open(found, viewer_of(request), edits=edits):
        raise Http404
    # Other bytes get another address; what is not for everybody stays in no cache.
    is_public = files.may_open(found, anonymous(), edits=False)
    return sending.send(
        request,
        blobs.path(found.blob),
        found.blob.media_type,
        cache=sending.FOR_GOOD if is_public else sending.NOWHERE,
        name=found.name,
    )
