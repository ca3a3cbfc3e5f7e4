"""What manifests are written from. A language map has lists of texts by BCP 47 tag; "none" is text of no language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

LanguageMap = Mapping[str, list[str]]


@dataclass(frozen=True)
class Link:
    """Something at an address; `format` is its media type, `type` what the specification calls such things."""

    url: str
    type: Literal["Text", "Dataset", "Image", "Sound", "Video", "Manifest", "Collection"]
    format: str = ""
    label: LanguageMap | None = None
    languages: tuple[str, ...] = ()
    profile: str = ""


@dataclass(frozen=True)
class Tiles:
    """An image of the IIIF Image API 3.0, level 0. `sizes` are the whole images that it has, as (width, height)."""

    url: str
    width: int
    height: int
    tile: int
    scale_factors: tuple[int, ...]
    sizes: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture at an address; width and height are 0 where they are not known."""

    url: str
    format: str
    width: int = 0
    height: int = 0
    tiles: Tiles | None = None


@dataclass(frozen=True)
class PageCanvas:
    """A leaf: its picture fills it. `text` is the address of its page of annotations, or ""."""

    id: str
    label: LanguageMap
    width: int
    height: int
    picture: Picture
    thumbnail: Picture | None = None
    text: str = ""
    text_label: LanguageMap | None = None
    see_also: tuple[Link, ...] = ()
    rendering: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Stream:
    """One way to play a recording or film."""

    url: str
    type: Literal["Sound", "Video"]
    format: str
    label: LanguageMap


@dataclass(frozen=True)
class Subtitles:
    """WebVTT, in a language ("" if that is not known)."""

    url: str
    label: LanguageMap
    language: str = ""


@dataclass(frozen=True)
class Chapter:
    """A part of a recording or film, in seconds."""

    start: float
    end: float
    title: str


@dataclass(frozen=True)
class MediaCanvas:
    """A recording or film: seconds, and pixels for a film. `poster` stands there before it plays, `beside` while."""

    id: str
    label: LanguageMap
    duration: float
    streams: tuple[Stream, ...]
    width: int = 0
    height: int = 0
    poster: Picture | None = None
    beside: Picture | None = None
    subtitles: tuple[Subtitles, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    see_also: tuple[Link, ...] = ()
    rendering: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Provider:
    """The house that shows it."""

    url: str
    label: LanguageMap


@dataclass(frozen=True)
class Described:
    """What manifests and collections say alike of what they are."""

    id: str
    label: LanguageMap
    summary: LanguageMap
    provider: Provider
    metadata: tuple[tuple[LanguageMap, LanguageMap], ...] = ()
    attribution: tuple[LanguageMap, LanguageMap] | None = None
    rights: str = ""
    thumbnail: Picture | None = None
    homepage: tuple[Link, ...] = ()
    see_also: tuple[Link, ...] = ()
    rendering: tuple[Link, ...] = ()
    part_of: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Reference:
    """A manifest or collection as a collection lists it."""

    url: str
    type: Literal["Manifest", "Collection"]
    label: LanguageMap
    thumbnail: Picture | None = None


@dataclass(frozen=True)
class TextLine:
    """A line of a page: its text, its box in pixels of the canvas (None: the whole page), its language or ""."""

    id: str
    text: str
    box: tuple[int, int, int, int] | None
    language: str = ""


@dataclass(frozen=True)
class Hit:
    """A line or cue that a search found: `target` is the place on its canvas, `marks` are (start, end) in `text`."""

    id: str
    text: str
    targets: tuple[str, ...]
    marks: tuple[tuple[int, int], ...]
