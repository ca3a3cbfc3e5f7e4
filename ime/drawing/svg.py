"""Pictures as SVG that stands in a page: classes instead of styles, so that the site's stylesheet colours it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from html import escape

from ime.drawing.picture import Box, Picture, Text

_ANCHORS = {"start": "", "middle": ' text-anchor="middle"', "end": ' text-anchor="end"'}


def svg(picture: Picture, name: str) -> str:
    """The picture as an `<svg>` element; `name` is unique in the page. To screen readers it is an image."""
    parts = [
        f'<svg class="keyboard-picture" viewBox="0 0 {_number(picture.width)} {_number(picture.height)}" role="img"'
        f' aria-labelledby="{escape(name)}-t" aria-describedby="{escape(name)}-d">',
        f'<title id="{escape(name)}-t">{escape(picture.title)}</title>',
        f'<desc id="{escape(name)}-d">{escape(picture.description)}</desc>',
        *_shapes(picture),
        "</svg>",
    ]
    return "".join(parts)


def _shapes(picture: Picture) -> Iterator[str]:
    # One group for each run of boxes of a style spares a class on each of fifty keys.
    for style, group in itertools.groupby(
        sorted(_boxes(picture), key=lambda box: box.style), lambda box: box.style
    ):
        yield f'<g class="{style}">'
        for box in group:
            yield (
                f'<rect x="{_number(box.x)}" y="{_number(box.y)}" width="{_number(box.width)}"'
                f' height="{_number(box.height)}" rx="6"/>'
            )
        yield "</g>"
    for shape in picture.shapes:
        if isinstance(shape, Text) and shape.text:
            lang = f' lang="{escape(shape.lang)}"' if shape.lang else ""
            yield (
                f'<text class="{shape.style}" x="{_number(shape.x)}" y="{_number(shape.y)}"'
                f' font-size="{_number(shape.size)}"{_ANCHORS[shape.anchor]}{lang}>{escape(shape.text)}</text>'
            )


def _boxes(picture: Picture) -> Iterator[Box]:
    return (shape for shape in picture.shapes if isinstance(shape, Box))


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
