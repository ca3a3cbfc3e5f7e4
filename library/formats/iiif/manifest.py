"""Manifests and collections."""

from __future__ import annotations

from collections.abc import Sequence

from library.formats.iiif.canvases import chapters, media_canvas, page_canvas
from library.formats.iiif.parts import PRESENTATION, Json, described, filled, thumbnails
from library.formats.iiif.values import Described, MediaCanvas, PageCanvas, Reference


def manifest(
    what: Described,
    canvases: Sequence[PageCanvas | MediaCanvas],
    *,
    behaviors: Sequence[str] = (),
    direction: str = "",
    search: str = "",
) -> Json:
    """One record; there must be a canvas. `search` is the address of its Content Search 2 service, or ""."""
    media = [each for each in canvases if isinstance(each, MediaCanvas)]
    ranges = [
        found for at, each in enumerate(media, 1) if (found := chapters(each, f"{what.id}#chapters-{at}"))
    ]
    return filled(
        **{"@context": PRESENTATION, "id": what.id, "type": "Manifest"},
        **described(what),
        behavior=list(behaviors),
        viewing_direction=direction,
        service=[{"id": search, "type": "SearchService2"}] if search else None,
        items=[
            page_canvas(each) if isinstance(each, PageCanvas) else media_canvas(each) for each in canvases
        ],
        structures=ranges,
    )


def canvas_alone(manifest_: Json, id_: str) -> Json | None:
    """A canvas of a manifest as what its address answers; None if it has no such canvas."""
    for canvas in manifest_["items"]:
        for found in (canvas, canvas.get("placeholderCanvas"), canvas.get("accompanyingCanvas")):
            if found and found["id"] == id_:
                part_of = [{"id": manifest_["id"], "type": "Manifest"}]
                return {"@context": PRESENTATION, **found, "partOf": part_of}
    return None


def collection(what: Described, items: Sequence[Reference]) -> Json:
    """A collection of manifests and of further collections."""
    return {
        "@context": PRESENTATION,
        "id": what.id,
        "type": "Collection",
        **described(what),
        "items": [
            filled(id=each.url, type=each.type, label=dict(each.label), thumbnail=thumbnails(each.thumbnail))
            for each in items
        ],
    }
