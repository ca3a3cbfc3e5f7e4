"""schema.org in JSON-LD: a record with its pictures, recordings and films, for search engines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from library.domain.edtf import Day, EdtfError, span
from library.formats.work import Name, Words, Work

_ROLES: Final = {"edt": "editor", "trl": "translator", "aut": "author"}
_ROLES_OF_TYPE: Final = {
    "Movie": {"drt": "director", "cmp": "musicBy"},
    "Book": {"ill": "illustrator"},
}
_NO_CREATIVE_WORKS: Final = ("Event", "Product")


@dataclass(frozen=True)
class Media:
    """A file of a record at its addresses; seconds and pixels where they are known."""

    type: Literal["ImageObject", "AudioObject", "VideoObject", "MediaObject"]
    name: str
    url: str
    format: str
    added: str
    thumbnail: str = ""
    duration: float = 0.0
    width: int = 0
    height: int = 0
    subtitles: str = ""
    transcript: str = ""
    licence: str = ""


def schema_org(work: Work, media: Sequence[Media] = ()) -> dict[str, Any]:
    """The record. What is no CreativeWork (a festival, a craft) says only what its type has."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": work.type,
        "@id": work.ark,
        "url": work.url,
        "name": _text(work.title),
        "identifier": [work.ark, *work.identifiers],
    }
    _put(data, "alternateName", [_text(each) for each in work.alternatives])
    _put(data, "description", [_text(each) for each in work.descriptions])
    pictures = [each.thumbnail for each in media if each.thumbnail]
    _put(data, "image", pictures[:1])
    if work.type == "Event":
        _event(data, work)
    if work.type in _NO_CREATIVE_WORKS:
        _put(data, "subjectOf", [_media(each) for each in media])
        return data
    for property_, values in (
        ("creator", [_agent(name) for name in work.creators]),
        ("contributor", [_agent(name) for name in work.contributors]),
        ("publisher", [{"@type": "Organization", "name": name} for name in work.publishers]),
        ("dateCreated", list(work.dates[:1])),
        ("inLanguage", list(work.languages)),
        ("about", list(work.subjects)),
        ("spatialCoverage", [{"@type": "Place", "name": name} for name in work.places]),
        ("materialExtent", list(work.extents)),
        ("copyrightNotice", list(work.rights)),
        ("license", [work.licence] if work.licence else []),
        ("isPartOf", [{"@type": "Collection", "name": work.collection}] if work.collection else []),
        ("associatedMedia", [_media(each) for each in media]),
    ):
        _put(data, property_, values)
    for role, property_ in {**_ROLES, **_ROLES_OF_TYPE.get(work.type, {})}.items():
        named = [_agent(name) for name in (*work.creators, *work.contributors) if name.role == role]
        _put(data, property_, named)
    if work.type == "Book":
        _put(data, "isbn", list(work.isbns()))
    if work.type == "AudioObject":
        _own_media(data, media, "AudioObject")
    return data


def duration(seconds: float) -> str:
    """A length of time of ISO 8601."""
    whole = max(0, round(seconds))
    hours, minutes = whole // 3600, whole // 60 % 60
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + f"{whole % 60}S"


def _event(data: dict[str, Any], work: Work) -> None:
    """The days of an event; each one of several is an event of its own."""
    days = [found for text in work.dates if (found := _days(text))]
    if len(days) == 1:
        data.update(days[0])
    elif days:
        data["subEvent"] = [{"@type": "Event", "name": work.title.text, **each} for each in days]
    _put(data, "location", [{"@type": "Place", "name": name, "address": name} for name in work.places])


def _days(text: str) -> dict[str, str]:
    try:
        found = span(text)
    except EdtfError:
        return {}
    return {
        name: f"{day.year:04}-{day.month:02}-{day.day:02}"
        for name, day in (("startDate", found.earliest), ("endDate", found.latest))
        if isinstance(day, Day) and 0 < day.year < 10_000
    }


def _own_media(data: dict[str, Any], media: Iterable[Media], type_: str) -> None:
    """A record that is a recording says of itself what its only file says."""
    own = [each for each in media if each.type == type_]
    if len(own) == 1:
        said = _media(own[0])
        data.update(
            {
                key: said[key]
                for key in ("contentUrl", "encodingFormat", "duration", "transcript")
                if key in said
            }
        )


def _media(media: Media) -> dict[str, Any]:
    said: dict[str, Any] = {
        "@type": media.type,
        "name": media.name,
        "contentUrl": media.url,
        "encodingFormat": media.format,
        "uploadDate": media.added,
    }
    for property_, value in (
        ("thumbnailUrl", media.thumbnail),
        ("width", media.width),
        ("height", media.height),
        ("duration", duration(media.duration) if media.duration else ""),
        ("license", media.licence),
        ("transcript", media.transcript),
    ):
        if value:
            said[property_] = value
    if media.subtitles:
        said["caption"] = {
            "@type": "MediaObject",
            "contentUrl": media.subtitles,
            "encodingFormat": "text/vtt",
        }
    return said


def _agent(name: Name) -> dict[str, str]:
    return {"@type": "Organization" if name.organisation else "Person", "name": name.text}


def _text(words: Words) -> Any:
    return {"@value": words.text, "@language": words.lang} if words.lang else words.text


def _put(data: dict[str, Any], name: str, values: list[Any]) -> None:
    if values:
        data[name] = values[0] if len(values) == 1 else values
