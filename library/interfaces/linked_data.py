"""A record as schema.org has it, with the files that a viewer may see at their addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from access.domain.viewer import Viewer
from library.domain.files import of_record
from library.domain.serving import licence_of
from library.formats.schema_org import Media, schema_org
from library.formats.work import Work
from library.models import Record, RecordFile
from media_pipeline.domain import texts
from media_pipeline.models import Asset, Derivative

ON_PAGE: Final = 10
"""How many files the page of a record tells search engines of; the file in JSON-LD has all of them."""
_ROLES: Final = ("reading-image", "thumbnail", "poster", "hls", "audio-aac")


def linked_data(
    record: Record, work: Work, viewer: Viewer, *, limit: int | None = None, transcripts: bool = False
) -> dict[str, Any]:
    """The record with its files, or the first few of them; `transcripts` adds all that is said in them."""
    files = [file for file in of_record(record, viewer) if file.asset is not None][:limit]
    made: dict[int, dict[str, Derivative]] = defaultdict(dict)
    rows = Derivative.objects.filter(asset__in=[file.asset_id for file in files], role__in=_ROLES)
    for row in rows.exclude(page__gt=1):
        made[row.asset_id][row.role] = row
    media = [_media(file, made[file.asset_id or 0], transcripts) for file in files]
    return schema_org(work, [each for each in media if each is not None])


def base() -> str:
    """The site's own address."""
    return str(settings.WAGTAILADMIN_BASE_URL).rstrip("/")


def _media(file: RecordFile, made: Mapping[str, Derivative], transcripts: bool) -> Media | None:
    """A file, if anything of it is ready to be shown."""
    if file.asset is None:
        return None
    if file.asset.kind in (Asset.Kind.IMAGE, Asset.Kind.PDF):
        return _picture(file, made)
    film, sound = made.get("hls"), made.get("audio-aac")
    shown = film or sound
    if shown is None:
        return None
    cues = texts.cues(file.asset)
    return Media(
        type="VideoObject" if film else "AudioObject",
        name=file.caption or file.name,
        url=_url("record-file-hls", file.uuid, film.extra["master"])
        if film
        else _url("record-file-audio", file.uuid, "m4a"),
        format=shown.media_type,
        added=file.created_at.date().isoformat(),
        thumbnail=_url("record-file-poster", file.uuid) if film and "poster" in made else "",
        duration=float(file.asset.facts.get("duration", 0)),
        width=(film.width or 0) if film else 0,
        height=(film.height or 0) if film else 0,
        subtitles=_url("record-file-subtitles", file.uuid) if cues else "",
        transcript=" ".join(cue.text for cue in cues) if transcripts else "",
        licence=_licence(file),
    )


def _picture(file: RecordFile, made: Mapping[str, Derivative]) -> Media | None:
    whole = made.get("reading-image")
    if whole is None:
        return None
    return Media(
        type="ImageObject",
        name=file.caption or file.name,
        url=_url("record-file-page", file.uuid, 1),
        format=whole.media_type,
        added=file.created_at.date().isoformat(),
        thumbnail=_url("record-file-thumbnail", file.uuid, 1) if "thumbnail" in made else "",
        width=whole.width or 0,
        height=whole.height or 0,
        licence=_licence(file),
    )


def _licence(file: RecordFile) -> str:
    found = licence_of(file)
    return found.uri if found else ""


def _url(name: str, file: UUID, *args: object) -> str:
    return base() + reverse(name, args=[file, *args])
