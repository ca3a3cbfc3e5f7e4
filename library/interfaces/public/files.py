"""Files of records over HTTP: by their reference, behind the gate (`library.domain.serving`), never by their hash."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from access.domain.viewer import viewer_of
from dictionary.interfaces.files import file as file_of_entry
from library.domain import serving
from library.domain.serving import Found
from library.interfaces.public.records import record_address
from media_pipeline.domain import blobs, derivatives, texts
from media_pipeline.interfaces import sending
from media_pipeline.models import Derivative

EDITS: Final = "library.change_record"
CORRECTS: Final = "library.correct_text"
_OF_STREAMS: Final = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
}


@require_safe
def original(request: HttpRequest, uuid: UUID, name: str) -> HttpResponseBase:
    """The bytes as they came. Whom the licence does not let keep them is told so, and shown where to read."""
    found = _found(request, uuid)
    if found is None or name != found.file.name:
        raise Http404
    edits = request.user.has_perm(EDITS)
    if not serving.may_keep_original(found.file, edits=edits):
        licence = serving.licence_of(found.file)
        context = {
            "file": found.file,
            "rights": licence.name(get_language() or "vi") if licence else found.file.licence,
            "record_url": record_address(found.file.record.ark),
            "section": "records",
        }
        refused = render(request, "library/no_original.html", context, status=403)
        refused["Cache-Control"] = sending.NOWHERE
        return refused
    everybody = found.everybody and serving.may_keep_original(found.file, edits=False)
    cache = sending.FOR_GOOD if everybody else sending.NOWHERE
    blob = found.file.blob
    return sending.send(
        request, blobs.path(blob), blob.media_type, cache=cache, name=found.file.name, download=True
    )


@require_safe
def thumbnail(request: HttpRequest, uuid: UUID, page: int) -> HttpResponseBase:
    """A small picture of a page."""
    return _derivative(request, uuid, "thumbnail", page)


@require_safe
def page_image(request: HttpRequest, uuid: UUID, page: int) -> HttpResponseBase:
    """A picture of a whole page, large enough to read."""
    return _derivative(request, uuid, "reading-image", page)


@require_safe
def alto(request: HttpRequest, uuid: UUID, page: int) -> HttpResponseBase:
    """What stands on a page, word by word (ALTO): as the machine wrote it, or anew where people corrected it."""
    found = _or_404(request, uuid)
    corrected = None if found.file.asset is None else texts.corrected_alto(found.file.asset, page)
    if corrected is None:
        return _send(request, found, serving.derivative(found.file, "alto", page), "", "")
    return _text(corrected, "application/xml", found)


@require_safe
def poster(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """A picture out of a film."""
    return _named(request, uuid, "poster.jpg", "poster")


@require_safe
def peaks(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The waveform (JSON as audiowaveform writes it)."""
    return _named(request, uuid, "peaks.json", "peaks")


@require_safe
def audio(request: HttpRequest, uuid: UUID, kind: str) -> HttpResponseBase:
    """A copy for listening: `opus` or `m4a`."""
    role = {"opus": "audio-opus", "m4a": "audio-aac"}.get(kind)
    if role is None:
        return file_of_entry(request, uuid, f"audio.{kind}")
    return _named(request, uuid, f"audio.{kind}", role)


@require_safe
def subtitles(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """What is said, with people's corrections, as WebVTT."""
    found = _found(request, uuid)
    if found is None:
        return file_of_entry(request, uuid, "subtitles.vtt")
    if found.file.asset is None:
        raise Http404
    return _text(texts.subtitles(found.file.asset), "text/vtt; charset=utf-8", found)


@require_safe
def text(request: HttpRequest, uuid: UUID, page: int) -> HttpResponseBase:
    """What stands on a page, with people's corrections, as plain text."""
    found = _or_404(request, uuid)
    shown = None if found.file.asset is None else texts.page(found.file.asset, page)
    if shown is None:
        raise Http404
    return _text(f"{shown.text}\n", "text/plain; charset=utf-8", found)


@require_safe
def hls(request: HttpRequest, uuid: UUID, inner: str) -> HttpResponseBase:
    """A playlist or a piece of a film. Playlists name their pieces relative to themselves, so they lead here again."""
    media_type = _OF_STREAMS.get(Path(inner).suffix)
    if media_type is None:
        raise Http404
    return _derivative(request, uuid, "hls", inner=inner, media_type=media_type)


@require_safe
def image_base(request: HttpRequest, uuid: UUID, page: int) -> HttpResponseBase:
    """The address of an image leads to what is said of it (IIIF Image API 3.0, section 5)."""
    found = _or_404(request, uuid)
    answer = redirect(reverse("iiif-info", args=[uuid, page]))
    answer.status_code = 303
    return _open(sending.guarded(answer, sending.ASK_AGAIN if found.everybody else sending.NOWHERE), found)


@require_safe
def image_information(request: HttpRequest, uuid: UUID, page: int) -> HttpResponseBase:
    """The info.json of a page (IIIF Image API 3.0, level 0)."""
    found = _or_404(request, uuid)
    tiles = serving.derivative(found.file, "tile-set", page)
    if tiles is None:
        raise Http404
    whole = serving.derivative(found.file, "reading-image", page)
    address = request.build_absolute_uri(reverse("iiif-base", args=[uuid, page]))
    wants_ld = "application/ld+json" in request.headers.get("Accept", "")
    kind = (
        'application/ld+json;profile="http://iiif.io/api/image/3/context.json"'
        if wants_ld
        else "application/json"
    )
    answer = JsonResponse(serving.image_information(tiles, whole, address), content_type=kind)
    answer["Vary"] = "Accept"
    return _open(sending.guarded(answer, sending.ASK_AGAIN if found.everybody else sending.NOWHERE), found)


@require_safe
def image(request: HttpRequest, uuid: UUID, page: int, inner: str) -> HttpResponseBase:
    """A tile, or the picture of the whole page."""
    if not inner.endswith("/default.jpg"):
        raise Http404
    found = _or_404(request, uuid)
    if inner.startswith("full/"):
        whole = serving.derivative(found.file, "reading-image", page)
        if whole is not None and serving.is_whole(whole, inner):
            return _send(request, found, whole, "", "image/jpeg")
    return _send(request, found, serving.derivative(found.file, "tile-set", page), inner, "image/jpeg")


def _found(request: HttpRequest, uuid: UUID) -> Found | None:
    return serving.find(
        uuid, viewer_of(request), lambda: request.user.has_perm(EDITS) or request.user.has_perm(CORRECTS)
    )


def _or_404(request: HttpRequest, uuid: UUID) -> Found:
    found = _found(request, uuid)
    if found is None:
        raise Http404
    return found


def _derivative(
    request: HttpRequest,
    uuid: UUID,
    role: str,
    page: int | None = None,
    *,
    inner: str = "",
    media_type: str = "",
) -> HttpResponseBase:
    found = _or_404(request, uuid)
    return _send(request, found, serving.derivative(found.file, role, page), inner, media_type)


def _named(request: HttpRequest, uuid: UUID, name: str, role: str) -> HttpResponseBase:
    """As `_derivative`; files of entries live under the same addresses, and one may be called so."""
    found = _found(request, uuid)
    if found is None:
        return file_of_entry(request, uuid, name)
    return _send(request, found, serving.derivative(found.file, role), "", "")


def _send(
    request: HttpRequest, found: Found, derivative: Derivative | None, inner: str, media_type: str
) -> HttpResponseBase:
    path = None if derivative is None else derivatives.path_of(derivative, inner)
    if derivative is None or path is None:
        raise Http404
    cache = sending.FOR_A_DAY if found.everybody else sending.NOWHERE
    return _open(sending.send(request, path, media_type or derivative.media_type, cache=cache), found)


def _text(content: str | bytes, media_type: str, found: Found) -> HttpResponseBase:
    cache = sending.ASK_AGAIN if found.everybody else sending.NOWHERE
    return _open(sending.guarded(HttpResponse(content, content_type=media_type), cache), found)


def _open(answer: HttpResponseBase, found: Found) -> HttpResponseBase:
    """Readers on other sites may fetch what everybody may have (CORS), and nothing else."""
    if found.everybody:
        answer["Access-Control-Allow-Origin"] = "*"
    return answer
