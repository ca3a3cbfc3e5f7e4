"""What a file is, and how large: from its headers, before anything is decoded."""

from __future__ import annotations

import json
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_noop

from media_pipeline.domain import ffmpeg
from media_pipeline.domain.errors import StepFailed
from media_pipeline.domain.graph import step
from media_pipeline.domain.work import Work
from media_pipeline.models import Asset

PIXELS: Final = gettext_noop(
    "Page %(page)s has %(width)s × %(height)s pixels; at most %(limit)s pixels are taken (NHASAN_SCAN_MAX_PIXELS)."
)
PAGES: Final = gettext_noop(
    "The file has %(pages)s pages; at most %(limit)s are taken (NHASAN_SCAN_MAX_PAGES)."
)
NO_PAGES: Final = gettext_noop("The file has no pages.")
SECONDS: Final = gettext_noop(
    "The recording lasts %(seconds)s seconds; at most %(limit)s are taken (NHASAN_MEDIA_MAX_SECONDS)."
)
NO_STREAMS: Final = gettext_noop("There is neither sound nor film in the file.")
_HEADER_SECONDS: Final = 120
_PICTURES_IN_FILMS: Final = {"mjpeg", "png", "bmp", "gif"}


@step("probe", gettext_noop("Identify the file"), keep=False)
def probe(work: Work) -> None:
    """Identify the format, read sizes, refuse bombs."""
    media_type = work.asset.blob.media_type
    facts: dict[str, Any] = {"media_type": media_type, **_pronom(work)}
    if media_type == "application/pdf":
        facts |= _document(work)
    elif media_type.startswith("image/"):
        facts |= _picture(work)
    elif media_type.startswith(("audio/", "video/")):
        facts |= _film(work)
    work.result.facts = facts


def _pronom(work: Work) -> dict[str, str]:
    """The identifier in the PRONOM registry; a file that fits no signature is UNKNOWN, which stops nothing."""
    done = work.program("pronom", str(work.source), tool="siegfried", check=False, seconds=_HEADER_SECONDS)
    try:
        match = json.loads(done.out)["files"][0]["matches"][0]
        return {"pronom": match["id"], "format": match["format"], "format_version": match["version"]}
    except (ValueError, LookupError, TypeError):
        return {"pronom": "UNKNOWN"}


def _picture(work: Work) -> dict[str, Any]:
    done = work.program("picture", "header", str(work.source), tool="libvips", seconds=_HEADER_SECONDS)
    found = json.loads(done.out)
    _check_pages(found["pages"])
    limit: int = settings.NHASAN_SCAN_MAX_PIXELS
    for page, (width, height) in enumerate(found["sizes"], 1):
        if width * height > limit:
            raise StepFailed(PIXELS, {"page": page, "width": width, "height": height, "limit": limit})
    return {"pages": found["pages"], "sizes": found["sizes"], "orientation": found["orientation"]}


def _document(work: Work) -> dict[str, Any]:
    done = work.program("document", "header", str(work.source), tool="pdfium", seconds=_HEADER_SECONDS)
    found = json.loads(done.out)
    _check_pages(found["pages"])
    return {"pages": found["pages"]}


def _check_pages(pages: int) -> None:
    limit: int = settings.NHASAN_SCAN_MAX_PAGES
    if pages > limit:
        raise StepFailed(PAGES, {"pages": pages, "limit": limit})
    if pages < 1:
        raise StepFailed(NO_PAGES)


def _film(work: Work) -> dict[str, Any]:
    found = ffmpeg.probe(work)
    sound = [each for each in found.get("streams", ()) if each.get("codec_type") == "audio"]
    film = [
        each
        for each in found.get("streams", ())
        if each.get("codec_type") == "video" and not each.get("disposition", {}).get("attached_pic")
        and each.get("codec_name") not in _PICTURES_IN_FILMS
    ]  # fmt: skip
    if not sound and not film:
        raise StepFailed(NO_STREAMS)
    seconds = float(found.get("format", {}).get("duration") or 0.0)
    limit: int = settings.NHASAN_MEDIA_MAX_SECONDS
    if seconds > limit:
        raise StepFailed(SECONDS, {"seconds": int(seconds), "limit": limit})
    facts: dict[str, Any] = {"duration": seconds, "kind": Asset.Kind.VIDEO if film else Asset.Kind.AUDIO}
    if sound:
        facts |= {
            "sound": sound[0].get("codec_name", ""),
            "channels": int(sound[0].get("channels") or 1),
            "sample_rate": int(sound[0].get("sample_rate") or 0),
        }
    if film:
        facts |= _picture_of(film[0])
    return facts


def _picture_of(stream: dict[str, Any]) -> dict[str, Any]:
    width, height = int(stream.get("width") or 0), int(stream.get("height") or 0)
    limit: int = settings.NHASAN_SCAN_MAX_PIXELS
    if width * height > limit:
        raise StepFailed(PIXELS, {"page": 1, "width": width, "height": height, "limit": limit})
    turned = any(abs(int(each.get("rotation", 0))) in {90, 270} for each in stream.get("side_data_list", ()))
    return {
        "film": stream.get("codec_name", ""),
        "width": height if turned else width,
        "height": width if turned else height,
    }
