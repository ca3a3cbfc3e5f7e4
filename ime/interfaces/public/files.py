"""Packages and fonts over HTTP. A package keeps its address and its bytes; "latest" leads to the newest one."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from ime.domain import downloads, fonts, publishing
from ime.domain.storage import path_of
from ime.models import Package

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_TYPES: Final = {
    ".json": "application/json", ".zip": "application/zip", ".xml": "application/xml",
    ".gz": "application/gzip", ".oxt": "application/vnd.openofficeorg.extension",
}  # fmt: skip
_OTHER: Final = "application/octet-stream"


def address(package: Package, filename: str = "") -> str:
    """The address of a package, or of a further file of it, for ever."""
    name = filename or package.filename
    return reverse("ime:download", args=[package.keyboard, package.target, package.release, name])


def font_address(name: str) -> str:
    """The address of a font's archive."""
    return reverse("ime:font", args=[name])


@require_safe
def download(
    request: HttpRequest, keyboard: str, target: str, release: str, filename: str
) -> HttpResponseBase:
    """`/keyboards/KEYBOARD/TARGET/VERSION/FILE`: the file. Whole answers to GET are counted, by day."""
    version, _, build = release.rpartition("-")
    if not (build.isascii() and build.isdigit() and len(build) < 9):
        raise Http404
    package = get_object_or_404(
        Package,
        keyboard=keyboard,
        target=target,
        version=version,
        build=int(build),
        state=Package.State.PUBLISHED,
    )
    digests = {package.filename: package.sha256} | {each["filename"]: each["sha256"] for each in package.more}
    path = path_of(package, filename)
    if filename not in digests or not path.exists():
        raise Http404
    etag = f'"{digests[filename]}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    kind = next((kind for ending, kind in _TYPES.items() if filename.endswith(ending)), _OTHER)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(content_type=kind)
        response["Content-Length"] = str(path.stat().st_size)
        response["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    else:
        response = FileResponse(path.open("rb"), as_attachment=True, filename=filename, content_type=kind)
        downloads.count(package)
    response["ETag"] = etag
    response["Cache-Control"] = _FOR_EVER
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def latest(request: HttpRequest, keyboard: str, target: str) -> HttpResponse:
    """`/keyboards/KEYBOARD/TARGET/latest/`: on to the package that is offered now."""
    package = publishing.latest(keyboard, target)
    if package is None:
        raise Http404
    return HttpResponseRedirect(address(package), headers={"Cache-Control": "no-cache"})


@require_safe
def font(request: HttpRequest, name: str) -> HttpResponseBase:
    """`/keyboards/fonts/FAMILY.zip`: a font of some script with its licence, to install on a computer."""
    found = fonts.by_archive_name(name)
    if found is None:
        raise Http404
    data, digest = _archive(found)
    etag = f'"{digest}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    return HttpResponse(
        data,
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "ETag": etag,
            "Cache-Control": "public, max-age=86400",
        },
    )


@lru_cache(maxsize=8)
def _archive(found: fonts.FontFamily) -> tuple[bytes, str]:
    data = fonts.archive(found)
    return data, hashlib.sha256(data).hexdigest()
