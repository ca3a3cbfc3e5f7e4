"""The parts that manifests, collections and canvases share."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from library.formats.iiif.values import Described, Link, Picture, Tiles

PRESENTATION: Final = "http://iiif.io/api/presentation/3/context.json"
GRANULARITY: Final = "http://iiif.io/api/extension/text-granularity/context.json"
SEARCH: Final = "http://iiif.io/api/search/2/context.json"

Json = dict[str, Any]


def filled(**members: Any) -> Json:
    """These members without the empty ones; `see_also` becomes `seeAlso`."""
    return {_camel(name): value for name, value in members.items() if value}


def described(what: Described) -> Json:
    """The members that say what something is."""
    attribution = what.attribution
    return filled(
        label=dict(what.label),
        summary=dict(what.summary),
        metadata=[{"label": dict(label), "value": dict(value)} for label, value in what.metadata],
        required_statement=(
            {"label": dict(attribution[0]), "value": dict(attribution[1])} if attribution else None
        ),
        rights=what.rights,
        provider=[
            {
                "id": what.provider.url,
                "type": "Agent",
                "label": dict(what.provider.label),
                "homepage": [
                    {
                        "id": what.provider.url,
                        "type": "Text",
                        "label": dict(what.provider.label),
                        "format": "text/html",
                    }
                ],
            }
        ],
        thumbnail=thumbnails(what.thumbnail),
        homepage=links(what.homepage),
        see_also=links(what.see_also),
        rendering=links(what.rendering),
        part_of=links(what.part_of),
    )


def links(given: Iterable[Link]) -> list[Json]:
    """Things at addresses."""
    return [
        filled(
            id=each.url,
            type=each.type,
            label=dict(each.label) if each.label else None,
            format=each.format,
            language=list(each.languages),
            profile=each.profile,
        )
        for each in given
    ]


def thumbnails(picture: Picture | None) -> list[Json]:
    """A picture as `thumbnail` has it."""
    return [image(picture)] if picture else []


def image(picture: Picture) -> Json:
    """A picture as the body of an annotation."""
    return filled(
        id=picture.url,
        type="Image",
        format=picture.format,
        width=picture.width,
        height=picture.height,
        service=[tiles(picture.tiles)] if picture.tiles else None,
    )


def tiles(given: Tiles) -> Json:
    """The image service of a picture, with what its info.json says: a viewer need not ask for it first."""
    return filled(
        id=given.url,
        type="ImageService3",
        profile="level0",
        width=given.width,
        height=given.height,
        sizes=[{"width": width, "height": height} for width, height in given.sizes],
        tiles=[{"width": given.tile, "scaleFactors": list(given.scale_factors)}],
    )


def painting(canvas: str, bodies: list[Json]) -> list[Json]:
    """The page of annotations that paints a canvas; of several bodies the reader chooses one."""
    body = bodies[0] if len(bodies) == 1 else {"type": "Choice", "items": bodies}
    return [
        {
            "id": f"{canvas}#painting",
            "type": "AnnotationPage",
            "items": [
                {
                    "id": f"{canvas}#painted",
                    "type": "Annotation",
                    "motivation": "painting",
                    "body": body,
                    "target": canvas,
                }
            ],
        }
    ]


# Asked thousands of times for a book, of a dozen names.
@cache
def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
