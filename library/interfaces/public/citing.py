"""A record in the formats that others read: `/records/ark:NAAN/NAME/cite.<format>`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from access.domain.viewer import Viewer, viewer_of
from dictionary.interfaces.public.reader import reader
from library.domain.works import work
from library.formats.bibtex import bibtex
from library.formats.csl import csl
from library.formats.ris import ris
from library.formats.work import Work
from library.interfaces.iiif.addresses import parts
from library.interfaces.iiif.canvases import has_canvases
from library.interfaces.iiif.manifests import CITATIONS
from library.interfaces.linked_data import base, linked_data
from library.interfaces.public.answers import answer, for_other_sites, record_of
from library.models import Record

_MEDIA_TYPES: Final = {ending: media_type for ending, media_type, _name, _profile in CITATIONS}


@for_other_sites
def cited(request: HttpRequest, naan: str, name: str, form: str) -> HttpResponseBase:
    """The record as `jsonld` (schema.org), `json` (CSL-JSON), `bib` (BibTeX) or `ris`."""
    written = _WRITTEN.get(form)
    if written is None:
        raise Http404
    record = record_of(request, naan, name)
    text = written(record, described(record), viewer_of(request))
    found = answer(request, text.encode(), f"{_MEDIA_TYPES[form]}; charset=utf-8")
    if form in ("bib", "ris"):
        found["Content-Disposition"] = f'attachment; filename="{parts(record.ark)[1]}.{form}"'
    return found


@dataclass(frozen=True)
class Format:
    """A format that a record can be had in."""

    name: str
    media_type: str
    url: str


def formats(record: Record, viewer: Viewer) -> tuple[Format, ...]:
    """What the page of a record offers beside itself. One query."""
    named = parts(record.ark)
    found = [
        Format(name, media_type, reverse("record-cite", args=[*named, ending]))
        for ending, media_type, name, _profile in CITATIONS
    ]
    if has_canvases(record, viewer):
        found.append(Format("IIIF", "application/ld+json", reverse("iiif-manifest", args=named)))
    return tuple(found)


def described(record: Record) -> Work:
    """The record for the reader of this request, at the address of its page."""
    return work(record, base() + reverse("record", args=parts(record.ark)), reader=reader())


def _jsonld(record: Record, described_: Work, viewer: Viewer) -> str:
    return json.dumps(linked_data(record, described_, viewer, transcripts=True), ensure_ascii=False, indent=1)


def _csl(record: Record, described_: Work, viewer: Viewer) -> str:
    return json.dumps([csl(described_, timezone.localdate())], ensure_ascii=False, indent=1)


def _bibtex(record: Record, described_: Work, viewer: Viewer) -> str:
    return bibtex(described_, timezone.localdate()) + "\n"


def _ris(record: Record, described_: Work, viewer: Viewer) -> str:
    return ris(described_, timezone.localdate())


_WRITTEN: Final[dict[str, Callable[[Record, Work, Viewer], str]]] = {
    "jsonld": _jsonld,
    "json": _csl,
    "bib": _bibtex,
    "ris": _ris,
}
