"""The canvases of a record: what of its files a viewer may see, and of that what is ready to be shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext_noop as _

from access.domain.viewer import Viewer
from library.domain import serving
from library.domain.files import of_record, seen
from library.domain.leaves import Leaf, leaves
from library.formats.iiif.values import (
    Chapter,
    LanguageMap,
    Link,
    MediaCanvas,
    PageCanvas,
    Picture,
    Stream,
    Subtitles,
    Tiles,
)
from library.interfaces.iiif.addresses import Site, parts
from library.interfaces.iiif.words import said, same
from library.models import Record, RecordFile
from media_pipeline.models import Asset, Correction, Cue, Derivative, PageText

ALTO: Final = "http://www.loc.gov/standards/alto/"
PAGE: Final = _("Page %(number)s")
TEXT_OF_PAGE: Final = _("Text of the page")
FILM: Final = _("Film")
SOUND: Final = _("Sound only")
SMALL_SOUND: Final = _("Sound only, smaller (Opus)")
TRANSCRIPT: Final = _("What is said")
ORIGINAL: Final = _("Original file")
_ROLES: Final = (
    "tile-set", "reading-image", "thumbnail", "alto", "poster", "hls", "audio-opus", "audio-aac",
)  # fmt: skip
_SHOWN: Final = ("tile-set", "hls", "audio-aac", "audio-opus")
_TYPES: Final = {
    Asset.Kind.IMAGE: "Image", Asset.Kind.AUDIO: "Sound", Asset.Kind.VIDEO: "Video",
}  # fmt: skip

Made = Mapping[tuple[int, str, int], Derivative]


def canvases(record: Record, viewer: Viewer, site: Site) -> tuple[PageCanvas | MediaCanvas, ...]:
    """The leaves and media of a record in the order of its files; empty if there is nothing to show.

    Leaves that the viewer may not see, and those that are still in work, are left out: what is left keeps its number.
    A fixed number of queries, however many pages and files.
    """
    files = of_record(record, viewer)
    pages: dict[int, list[Leaf]] = defaultdict(list)
    for leaf in leaves(record, viewer):
        pages[leaf.file.pk].append(leaf)
    known = [file.asset_id for file in files if file.asset_id]
    made = {
        (row.asset_id, row.role, row.page or 0): row
        for row in Derivative.objects.filter(asset__in=known, role__in=_ROLES)
    }
    read = _read(known)
    found: list[PageCanvas | MediaCanvas] = []
    for file in files:
        for leaf in pages[file.pk]:
            one = _page(record, leaf, made, (file.asset_id or 0, leaf.page) in read, site)
            found += [one] if one else []
    beside = next((each.picture for each in found if isinstance(each, PageCanvas)), None)
    heard = _heard(known)
    alone = sum(not pages[file.pk] for file in files) == 1
    for file in files:
        media = _media(record, file, made, heard.get(file.asset_id or 0), beside, alone, site)
        found += [media] if media else []
    return tuple(found)


def has_canvases(record: Record, viewer: Viewer) -> bool:
    """Whether there is anything to show of a record. One query."""
    mine = seen(viewer).filter(record=record).order_by().values("asset")
    return Derivative.objects.filter(asset__in=mine, role__in=_SHOWN).exists()


def _read(assets: Iterable[int]) -> set[tuple[int, int]]:
    """The pages that have text, as (asset, page)."""
    rows = PageText.objects.filter(asset__in=assets).exclude(lines=[]).values_list("asset", "page")
    written = Correction.objects.filter(asset__in=assets, page__isnull=False).values_list("asset", "page")
    return {(asset, page or 0) for asset, page in (*rows, *written)}


def _heard(assets: Iterable[int]) -> dict[int, str]:
    """The recordings that have a transcript, with its language."""
    found = dict(Cue.objects.filter(asset__in=assets).order_by("-number").values_list("asset", "language"))
    written = Correction.objects.filter(asset__in=assets, page=None).values_list("asset", flat=True)
    return {**dict.fromkeys(written, ""), **found}


def _page(record: Record, leaf: Leaf, made: Made, has_text: bool, site: Site) -> PageCanvas | None:
    file, asset = leaf.file, leaf.file.asset_id or 0
    tiles = made.get((asset, "tile-set", leaf.page))
    whole = made.get((asset, "reading-image", leaf.page))
    if tiles is None or whole is None or not (tiles.width and tiles.height):
        return None
    address = site.image(file.uuid, leaf.page)
    information = serving.image_information(tiles, whole, address)
    picture = Picture(
        f"{address}/full/max/0/default.jpg",
        "image/jpeg",
        whole.width or 0,
        whole.height or 0,
        Tiles(
            address,
            tiles.width,
            tiles.height,
            information["tiles"][0]["width"],
            tuple(information["tiles"][0]["scaleFactors"]),
            tuple((size["width"], size["height"]) for size in information["sizes"]),
        ),
    )
    see_also, rendering = [], []
    if (asset, "alto", leaf.page) in made:
        url = site.url("record-file-alto", file.uuid, leaf.page)
        see_also.append(Link(url, "Dataset", "application/xml", same("ALTO"), profile=ALTO))
    if has_text:
        url = site.url("record-file-text", file.uuid, leaf.page)
        rendering.append(Link(url, "Text", "text/plain", said(TEXT_OF_PAGE)))
    if file.asset and file.asset.kind == Asset.Kind.IMAGE:
        rendering += original(file, site)
    label = same(file.caption) if file.caption and leaf.page == 1 else said(PAGE, number=leaf.number)
    return PageCanvas(
        site.canvas(record.ark, str(leaf.number)),
        label,
        tiles.width,
        tiles.height,
        picture,
        _thumbnail(leaf, made, site),
        site.url("iiif-text", *parts(record.ark), leaf.number) if has_text else "",
        said(TEXT_OF_PAGE) if has_text else None,
        tuple(see_also),
        tuple(rendering),
    )


def _thumbnail(leaf: Leaf, made: Made, site: Site) -> Picture | None:
    small = made.get((leaf.file.asset_id or 0, "thumbnail", leaf.page))
    if small is None:
        return None
    url = site.url("record-file-thumbnail", leaf.file.uuid, leaf.page)
    return Picture(url, "image/jpeg", small.width or 0, small.height or 0)


def _media(
    record: Record,
    file: RecordFile,
    made: Made,
    language: str | None,
    beside: Picture | None,
    alone: bool,
    site: Site,
) -> MediaCanvas | None:
    asset = file.asset_id or 0
    film = made.get((asset, "hls", 0))
    streams = []
    if film is not None:
        url = site.url("record-file-hls", file.uuid, film.extra["master"])
        streams.append(Stream(url, "Video", film.media_type, said(FILM)))
    for role, kind, label in (("audio-aac", "m4a", SOUND), ("audio-opus", "opus", SMALL_SOUND)):
        if found := made.get((asset, role, 0)):
            streams.append(
                Stream(site.url("record-file-audio", file.uuid, kind), "Sound", found.media_type, said(label))
            )
    duration = float(file.asset.facts.get("duration", 0)) if file.asset else 0.0
    if not streams or duration <= 0:
        return None
    poster = made.get((asset, "poster", 0))
    return MediaCanvas(
        site.canvas(record.ark, str(file.uuid)),
        _media_label(record, file, alone),
        duration,
        tuple(streams),
        (film.width or 0) if film else 0,
        (film.height or 0) if film else 0,
        Picture(
            site.url("record-file-poster", file.uuid), "image/jpeg", poster.width or 0, poster.height or 0
        )
        if poster and film
        else None,
        None if film else beside,
        _subtitles(file, language, site),
        _chapters(file, duration),
        rendering=original(file, site),
    )


def _media_label(record: Record, file: RecordFile, alone: bool) -> LanguageMap:
    """Its caption; else what the record is called, if it is the only recording of it, or the name of the file."""
    if file.caption:
        return same(file.caption)
    return {record.title_lang or "none": [record.title]} if alone and record.title else same(file.name)


def _subtitles(file: RecordFile, language: str | None, site: Site) -> tuple[Subtitles, ...]:
    if language is None:
        return ()
    return (Subtitles(site.url("record-file-subtitles", file.uuid), said(TRANSCRIPT), language),)


def _chapters(file: RecordFile, duration: float) -> tuple[Chapter, ...]:
    starts = [float(str(each["start"])) for each in file.chapters]
    return tuple(
        Chapter(start, min(end, duration), str(each["title"]))
        for each, start, end in zip(file.chapters, starts, [*starts[1:], duration], strict=False)
        if start < duration
    )


def original(file: RecordFile, site: Site) -> tuple[Link, ...]:
    """The original, where its licence lets every reader keep it."""
    if not serving.may_keep_original(file, edits=False):
        return ()
    label: LanguageMap = {
        code: [f"{text} ({file.name})" for text in texts] for code, texts in said(ORIGINAL).items()
    }
    kind = _TYPES.get(Asset.Kind(file.asset.kind), "Text") if file.asset else "Dataset"
    url = site.url("record-file-original", file.uuid, file.name)
    return (Link(url, kind, file.blob.media_type, label),)  # type: ignore[arg-type]
