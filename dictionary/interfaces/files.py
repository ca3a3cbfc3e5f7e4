"""Recordings and pictures of entries over HTTP: by their reference, behind the gate, never by their hash."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from access.domain.viewer import anonymous, viewer_of
from dictionary.domain import files
from dictionary.models import EntryFile
from media_pipeline.domain import blobs

_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")


@require_safe
def file(request: HttpRequest, uuid: UUID, name: str = "") -> HttpResponseBase:
    """The bytes of a file, whole or a range of them (RFC 9110, section 14), for whom the gate lets see it."""
    found = EntryFile.objects.select_related("entry__lexicon", "blob").filter(uuid=uuid).first()
    edits = request.user.has_perm("dictionary.change_entry")
    if found is None or name not in ("", found.name):
        raise Http404
    if not files.may_open(found, viewer_of(request), edits=edits):
        raise Http404
    if not blobs.path(found.blob).exists():
        raise Http404
    size = found.blob.size
    start, end = 0, size - 1
    status = 200
    if asked := request.headers.get("Range", ""):
        wanted = _range(asked, size)
        if wanted is None:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        if wanted:
            (start, end), status = wanted, 206
    length = end - start + 1
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(status=status)
    else:
        response = StreamingHttpResponse(blobs.chunks(found.blob, start, length), status=status)
    if status == 206:
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Content-Type"] = found.blob.media_type
    response["Content-Length"] = str(length)
    response["Content-Disposition"] = content_disposition_header(False, found.name) or "inline"
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    is_public = files.may_open(found, anonymous(), edits=False)
    # Other bytes get another address; what is not for everybody stays in no cache.
    response["Cache-Control"] = "public, max-age=31536000, immutable" if is_public else "private, no-store"
    return response


def _range(asked: str, size: int) -> tuple[int, int] | tuple[()] | None:
    """First and last byte; empty for what is not one plain range (it is then ignored); None if it lies outside."""
    parts = _RANGE.match(asked)
    if not parts or not any(parts.groups()):
        return ()
    first, last = parts.groups()
    if not first:
        start, end = max(0, size - int(last)), size - 1
        return (start, end) if int(last) else None
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return ()
    return (start, end) if start < size else None
