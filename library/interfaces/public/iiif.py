"""IIIF: manifests, canvases, collections, the text of leaves, search inside a record. All of it behind the gate."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from access.domain.gate import visible
from access.domain.viewer import viewer_of
from library.formats.iiif.manifest import canvas_alone
from library.formats.iiif.parts import PRESENTATION, SEARCH
from library.interfaces.iiif import manifests, texts
from library.interfaces.iiif.addresses import site_of
from library.interfaces.public.answers import LD_JSON, for_other_sites, json_answer, record_of
from library.models import Collection
from search.domain.guard import QueryError

_LONGEST: Final = 6
"""Digits of a number in an address that are worth reading."""


@for_other_sites
def manifest(request: HttpRequest, naan: str, name: str) -> HttpResponseBase:
    """`/iiif/record/NAAN/NAME/manifest.json`: the record with its leaves, recordings and films."""
    found = manifests.record_manifest(record_of(request, naan, name), viewer_of(request), site_of(request))
    return _presentation(request, found)


@for_other_sites
def canvas(request: HttpRequest, naan: str, name: str, which: str, part: str = "") -> HttpResponseBase:
    """`/iiif/record/NAAN/NAME/canvas/…`: one leaf, recording or film, or the picture that goes with it."""
    record, site = record_of(request, naan, name), site_of(request)
    whole = manifests.record_manifest(record, viewer_of(request), site)
    address = site.canvas(record.ark, which) + (f"/{part}" if part else "")
    return _presentation(request, canvas_alone(whole, address) if whole else None)


@for_other_sites
def leaf_text(request: HttpRequest, naan: str, name: str, number: int) -> HttpResponseBase:
    """`/iiif/record/NAAN/NAME/text/NUMBER.json`: the lines of a leaf, each at its place."""
    record = record_of(request, naan, name)
    return _presentation(request, texts.leaf_text(record, number, viewer_of(request), site_of(request)))


@for_other_sites
def search(request: HttpRequest, naan: str, name: str) -> HttpResponseBase:
    """`/iiif/record/NAAN/NAME/search?q=…&page=…`: Content Search 2.0."""
    record = record_of(request, naan, name)
    ignored = [each for each in texts.NOT_HEEDED if each in request.GET]
    query, page = request.GET.get("q", "").strip(), _number(request, "page") or 1
    try:
        found = texts.searched(record, query, page, ignored, viewer_of(request), site_of(request))
    except QueryError as error:
        return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
    return _json(request, found, SEARCH)


@for_other_sites
def collections(request: HttpRequest) -> HttpResponseBase:
    """`/iiif/collection.json`: everything, collection by collection."""
    found = manifests.all_collections(viewer_of(request), site_of(request), _number(request, "part"))
    return _presentation(request, found)


@for_other_sites
def collection(request: HttpRequest, slug: str) -> HttpResponseBase:
    """`/iiif/collection/SLUG.json`: the manifests of a collection."""
    viewer = viewer_of(request)
    one = get_object_or_404(visible(Collection.objects.all(), viewer), slug=slug)
    return _presentation(
        request, manifests.collection_of(one, viewer, site_of(request), _number(request, "part"))
    )


def _number(request: HttpRequest, name: str) -> int:
    """A number of the query, 0 without one; Http404 for what is none."""
    given = request.GET.get(name, "")
    if not given:
        return 0
    if not (given.isascii() and given.isdigit() and len(given) <= _LONGEST and int(given)):
        raise Http404
    return int(given)


def _presentation(request: HttpRequest, data: dict[str, Any] | None) -> HttpResponseBase:
    return _json(request, data, PRESENTATION)


def _json(request: HttpRequest, data: dict[str, Any] | None, context: str) -> HttpResponseBase:
    if data is None:
        raise Http404
    return json_answer(request, data, f'{LD_JSON};profile="{context}"')
