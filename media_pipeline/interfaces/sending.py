"""Sending a file that lies on disk over HTTP: whole, a range of it, or through the web server in front.

Whoever calls has asked the gate already. RFC 9110: ranges (section 14), If-Range (13.1.5), If-None-Match (13.1.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date

_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")
_CHUNK: Final = 1 << 16
# A browser may keep what does not change; a cache that many share asks again, so that what is closed stays closed.
FOR_GOOD: Final = "public, max-age=31536000, s-maxage=3600, immutable"
FOR_A_DAY: Final = "public, max-age=86400, s-maxage=3600"
ASK_AGAIN: Final = "public, no-cache"
NOWHERE: Final = "private, no-store"


def send(
    request: HttpRequest,
    path: Path,
    media_type: str,
    *,
    cache: str,
    name: str = "",
    download: bool = False,
) -> HttpResponseBase:
    """The bytes at `path`. `cache` is one of the constants above: NOWHERE for what not everybody may have.

    `name` is what the file is called where somebody keeps it. Raises Http404 when nothing lies there.
    """
    try:
        stat = path.stat()
    except (OSError, ValueError):
        raise Http404 from None
    if not path.is_file():
        raise Http404
    by = settings.NHASAN_SEND_FILES_BY
    response: HttpResponseBase
    if by:
        response = HttpResponse()
        del response["Content-Type"]
        header, value = _by_web_server(by, path)
        response[header] = value
    else:
        response = _answer(
            request, path, stat.st_size, f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"', stat.st_mtime
        )
    if response.status_code not in {304, 416}:
        response["Content-Type"] = media_type
        if name:
            response["Content-Disposition"] = content_disposition_header(download, name) or "inline"
    return guarded(response, cache)


def guarded(response: HttpResponseBase, cache: str) -> HttpResponseBase:
    """Say that a browser is to guess nothing about a file, to run nothing in it, and for how long to keep it."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = cache
    return response


def _by_web_server(by: str, path: Path) -> tuple[str, str]:
    """The header that has the web server in front send the file; ranges and ETag are its business then."""
    if by == "x-sendfile":
        return "X-Sendfile", quote(str(path))
    inner = path.resolve().relative_to(Path(settings.MEDIA_ROOT).resolve())
    return "X-Accel-Redirect", quote(f"{settings.NHASAN_SEND_FILES_PREFIX}{inner.as_posix()}")


def _answer(request: HttpRequest, path: Path, size: int, etag: str, modified: float) -> HttpResponseBase:
    headers = {"Accept-Ranges": "bytes", "ETag": etag, "Last-Modified": http_date(modified)}
    unchanged = get_conditional_response(request, etag=etag, last_modified=int(modified))
    if unchanged is not None:
        for header, value in headers.items():
            unchanged[header] = value
        return unchanged
    start, end, status = 0, size - 1, 200
    asked = request.headers.get("Range", "") if request.method == "GET" else ""
    if asked and _same(request.headers.get("If-Range", ""), etag, modified):
        wanted = range_of(asked, size)
        if wanted is None:
            return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
        if wanted:
            (start, end), status = wanted, 206
            headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    headers["Content-Length"] = str(end - start + 1)
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(_chunks(path, start, end - start + 1), status=status, headers=headers)


def _same(if_range: str, etag: str, modified: float) -> bool:
    """Whether the file that a range was begun of (a strong ETag, or the exact date) is still this one."""
    return if_range in {"", etag, http_date(modified)}


def range_of(asked: str, size: int) -> tuple[int, int] | tuple[()] | None:
    """First and last byte; empty for what is not one plain range (it is then ignored); None if it lies outside."""
    parts = _RANGE.match(asked)
    if not parts or not any(parts.groups()):
        return ()
    first, last = parts.groups()
    if not first:
        start, end = max(0, size - int(last)), size - 1
        return (start, end) if int(last) and size else None
    if last and int(last) < int(first):
        return ()
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    return (start, end) if start < size else None


def _chunks(path: Path, start: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        stream.seek(start)
        while length > 0 and (piece := stream.read(min(_CHUNK, length))):
            length -= len(piece)
            yield piece
