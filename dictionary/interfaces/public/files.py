"""Recordings and pictures of entries: gated by their reference, in pieces where a player asks for pieces."""

from __future__ import annotations

import re
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from dictionary.models import EntryFile
from media_pipeline.domain.blobs import chunks, path

_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z", re.ASCII)


@require_safe
def entry_file(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """`/files/UUID`: the bytes, for who may see the reference. One range is honoured (RFC 9110, 14.2).

    Players of some browsers play nothing that they cannot ask for in pieces.
    """
    found = visible(EntryFile.objects.filter(uuid=uuid), viewer_of(request)).select_related("blob").first()
    if found is None or not path(found.blob).exists():
        raise Http404
    blob = found.blob
    etag = f'"{blob.sha256}"'
    start, stop = 0, blob.size
    asked = _RANGE.match(request.headers.get("Range", ""))
    partial = bool(asked and (asked[1] or asked[2])) and request.headers.get("If-Range", etag) == etag
    if partial and asked:
        start, stop = _bounds(asked[1], asked[2], blob.size)
        if start >= stop:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{blob.size}"})
    response: HttpResponseBase = StreamingHttpResponse(
        chunks(blob, start, stop - start), content_type=blob.media_type, status=206 if partial else 200
    )
    if partial:
        response["Content-Range"] = f"bytes {start}-{stop - 1}/{blob.size}"
    response["Content-Length"] = str(stop - start)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    # What was uploaded is never a page of this site.
    response["Content-Disposition"] = "inline"
    if partial:
        return response
    return get_conditional_response(request, etag=etag, response=response) or response


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """The half-open range of bytes that a request means; empty when it lies outside."""
    if not first:
        return max(size - int(last), 0), size
    return int(first), min(int(last) + 1, size) if last else size
