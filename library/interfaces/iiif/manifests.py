"""The manifest of a record, and the collections that lead to manifests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from access.domain.gate import visible
from access.domain.viewer import Viewer
from library.domain.files import of_record, seen
from library.domain.presentation import RecordView, record_view
from library.domain.serving import licence_of
from library.domain.works import HOUSE
from library.formats.iiif.manifest import collection, manifest
from library.formats.iiif.values import (
    Described,
    LanguageMap,
    Link,
    MediaCanvas,
    PageCanvas,
    Provider,
    Reference,
)
from library.interfaces.iiif.addresses import Site, parts
from library.interfaces.iiif.canvases import canvases, original
from library.interfaces.iiif.words import CODES, each, metadata, said, same, texts_of
from library.models import Collection, Record, RecordFile
from media_pipeline.models import Asset
from search.domain.analysis import orthography

ATTRIBUTION: Final = _("Source and rights")
LIBRARY: Final = _("The library of this house")
PART: Final = _("Part %(number)s of %(total)s")
PER_PART: Final = 1000
"""How many manifests one collection lists; what has more is split into parts."""
CITATIONS: Final = (
    ("jsonld", "application/ld+json", "schema.org", "https://schema.org/"),
    ("json", "application/vnd.citationstyles.csl+json", "CSL-JSON", ""),
    ("bib", "application/x-bibtex", "BibTeX", ""),
    ("ris", "application/x-research-info-systems", "RIS", ""),
)
"""Formats that a record can be had in: ending, media type, name, profile."""
_SAID_ELSEWHERE: Final = frozenset({"description", "rights", "license"})
_PAGED: Final = frozenset({"Book", "Manuscript"})
_WITH_CANVASES: Final = (Asset.Kind.IMAGE, Asset.Kind.PDF, Asset.Kind.AUDIO, Asset.Kind.VIDEO)


def record_manifest(record: Record, viewer: Viewer, site: Site) -> dict[str, Any] | None:
    """The manifest of a record as this viewer may see it; None where there is nothing to show."""
    shown = canvases(record, viewer, site)
    if not shown:
        return None
    files = of_record(record, viewer)
    views = _views(record)
    first = views[0]
    titles = [first.title] if first.title.lang == "" else [first.title, *_other_titles(first)]
    address = site.url("iiif-manifest", *parts(record.ark))
    what = Described(
        id=address,
        label=texts_of(titles),
        summary=texts_of(
            value for field in first.fields if field.property == "description" for value in field.values
        ),
        provider=_provider(site),
        metadata=_metadata(views),
        attribution=_attribution(views),
        rights=_rights(files),
        thumbnail=next((one.thumbnail if isinstance(one, PageCanvas) else one.poster for one in shown), None),
        homepage=_homepages(record, views, site),
        see_also=tuple(
            Link(
                site.url("record-cite", *parts(record.ark), ending, language=settings.LANGUAGE_CODE),
                "Dataset",
                media_type,
                same(name),
                profile=profile,
            )
            for ending, media_type, name, profile in CITATIONS
        ),
        rendering=tuple(link for file in files if _is_pdf(file) for link in original(file, site)),
        part_of=_part_of(record, viewer, site),
    )
    return manifest(
        what,
        shown,
        behaviors=_behaviors(first, shown),
        direction=_direction(record),
        search=site.url("iiif-search", *parts(record.ark)) if _has_text(shown) else "",
    )


def collection_of(
    found: Collection, viewer: Viewer, site: Site, part: int = 0, size: int = PER_PART
) -> dict[str, Any] | None:
    """A collection with the manifests of its records, or one part of this size. None where there is no such part."""
    address = site.url("iiif-collection", found.slug)
    label = _title(found)
    summary = each({code: str(getattr(found, f"description_{code}", "") or "") for code in CODES})
    pages = tuple(
        Link(site.url("collection", found.slug, language=code), "Text", "text/html", label, (code,))
        for code in CODES
    )
    top = Link(site.url("iiif-collections"), "Collection", label=said(LIBRARY))
    what = Described(address, label, summary, _provider(site), homepage=pages, part_of=(top,))
    records = with_media(viewer).filter(collection=found)
    return _parted(what, records, (), part, size, site)


def all_collections(viewer: Viewer, site: Site, part: int = 0) -> dict[str, Any] | None:
    """The top: all collections, and the manifests of records that are in none."""
    address = site.url("iiif-collections")
    pages = tuple(
        Link(site.url("records", language=code), "Text", "text/html", said(LIBRARY), (code,))
        for code in CODES
    )
    what = Described(address, said(LIBRARY), {}, _provider(site), homepage=pages)
    inside = with_media(viewer).order_by().values("collection")
    below = tuple(
        Reference(site.url("iiif-collection", one.slug), "Collection", _title(one))
        for one in visible(Collection.objects.filter(pk__in=inside), viewer)
    )
    return _parted(what, with_media(viewer).filter(collection=None), below, part, PER_PART, site)


def with_media(viewer: Viewer) -> QuerySet[Record]:
    """The records that a viewer may see and that have files which may become canvases."""
    files = seen(viewer).filter(record=OuterRef("pk"), asset__kind__in=_WITH_CANVASES).order_by()
    records: QuerySet[Record] = visible(Record.objects.all(), viewer)
    return records.filter(Exists(files.values("pk"))).order_by("pk")


def _parted(
    what: Described, records: QuerySet[Record], below: Sequence[Reference], part: int, size: int, site: Site
) -> dict[str, Any] | None:
    total = max(1, -(-records.count() // size))
    if part > total or (part and total == 1):
        return None
    if total > 1 and not part:
        label = [said(PART, number=number, total=total) for number in range(1, total + 1)]
        lots = [
            Reference(f"{what.id}?part={number}", "Collection", label[number - 1])
            for number in range(1, total + 1)
        ]
        return collection(what, [*below, *lots])
    start = max(0, part - 1) * size
    rows = records.values_list("ark", "title", "title_lang")[start : start + size]
    items = [
        Reference(site.url("iiif-manifest", *parts(ark)), "Manifest", {lang or "none": [title or ark]})
        for ark, title, lang in rows
    ]
    if part:
        return {**collection(what, items), "id": f"{what.id}?part={part}"}
    return collection(what, [*below, *items])


def _views(record: Record) -> list[RecordView]:
    """The record for a reader of each language of the interface."""
    found = []
    for code in CODES:
        with override(code):
            found.append(record_view(record, reader=code))
    return found


def _other_titles(view: RecordView) -> list[Any]:
    return [value for value in view.alternatives if value.lang and value.lang != view.title.lang]


def _metadata(views: Sequence[RecordView]) -> tuple[tuple[LanguageMap, LanguageMap], ...]:
    fields = [[field for field in view.fields if field.property not in _SAID_ELSEWHERE] for view in views]
    kind = (said(_("Kind")), each({code: view.kind_name for code, view in zip(CODES, views, strict=True)}))
    return (kind, *metadata(fields), (same("ARK"), same(views[0].ark)))


def _attribution(views: Sequence[RecordView]) -> tuple[LanguageMap, LanguageMap]:
    texts = {}
    for code, view in zip(CODES, views, strict=True):
        said_ = [
            *view.all("rights"),
            *view.all("license"),
            *([view.collection_title] if view.collection_title else []),
        ]
        texts[code] = [". ".join([*said_, HOUSE])]
    return said(ATTRIBUTION), texts


def _rights(files: Sequence[RecordFile]) -> str:
    """The licence, if it is the same for all files; the specification wants the addresses with http."""
    found = {licence.uri if (licence := licence_of(file)) else "" for file in files}
    return found.pop().replace("https://", "http://", 1) if len(found) == 1 else ""


def _homepages(record: Record, views: Sequence[RecordView], site: Site) -> tuple[Link, ...]:
    return tuple(
        Link(
            site.url("record", *parts(record.ark), language=code),
            "Text",
            "text/html",
            same(view.title.text),
            (code,),
        )
        for code, view in zip(CODES, views, strict=True)
    )


def _part_of(record: Record, viewer: Viewer, site: Site) -> tuple[Link, ...]:
    if record.collection is None:
        return (Link(site.url("iiif-collections"), "Collection", label=said(LIBRARY)),)
    return (
        Link(
            site.url("iiif-collection", record.collection.slug),
            "Collection",
            label=_title(record.collection),
        ),
    )


def _title(found: Collection) -> LanguageMap:
    titles = {code: str(getattr(found, f"title_{code}", "") or "") for code in CODES}
    return each(titles) or same(found.title)


def _provider(site: Site) -> Provider:
    return Provider(f"{site.root}/", same(HOUSE))


def _behaviors(view: RecordView, shown: Sequence[PageCanvas | MediaCanvas]) -> tuple[str, ...]:
    """Books open at double pages, unless some are missing; several recordings follow each other by themselves."""
    media = [one for one in shown if isinstance(one, MediaCanvas)]
    if len(media) == len(shown):
        return ("auto-advance",) if len(shown) > 1 else ()
    numbers = [one.id for one in shown if isinstance(one, PageCanvas)]
    whole = all(id_.endswith(f"/{number}") for number, id_ in enumerate(numbers, 1))
    paged = view.kind.schema_org in _PAGED and not media and len(numbers) > 2 and whole
    return ("paged",) if paged else ("individuals",)


def _direction(record: Record) -> str:
    """In which direction the leaves are turned: as the script of the record's first language is written."""
    tags = [
        str(node["tag"]) for node in record.content.get("fields", {}).get("language", ()) if node.get("tag")
    ]
    tag = next(iter(tags), record.title_lang) or settings.LANGUAGE_CODE
    return "right-to-left" if orthography(tag).direction == "rtl" else "left-to-right"


def _has_text(shown: Sequence[PageCanvas | MediaCanvas]) -> bool:
    return any(one.text if isinstance(one, PageCanvas) else one.subtitles for one in shown)


def _is_pdf(file: RecordFile) -> bool:
    return file.asset is not None and file.asset.kind == Asset.Kind.PDF
