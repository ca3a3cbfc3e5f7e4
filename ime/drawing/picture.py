"""A picture as plain values that every writer (SVG, PDF) draws alike. Lengths are in units of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# What a shape is, not how it looks: the stylesheet of the site and the writer of the PDF decide that.
BoxStyle = Literal["key", "key-dead", "key-held", "key-still", "rule"]
TextStyle = Literal["letter", "letter-dead", "engraved", "more", "still", "held", "plain", "strong", "quiet"]


@dataclass(frozen=True)
class Box:
    """A rectangle with round corners; x and y are its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    style: BoxStyle


@dataclass(frozen=True)
class Text:
    """A line of text; y is its base line, x its start, middle or end. `lang` is a BCP 47 tag, or empty."""

    x: float
    y: float
    text: str
    size: float
    style: TextStyle
    anchor: Literal["start", "middle", "end"] = "middle"
    lang: str = ""


@dataclass(frozen=True)
class Picture:
    """Shapes in the order in which they are painted, with a title and a description for who cannot see them."""

    width: float
    height: float
    shapes: tuple[Box | Text, ...]
    title: str = ""
    description: str = ""

    def moved(self, x: float, y: float, scale: float = 1.0) -> tuple[Box | Text, ...]:
        """The shapes at another place and in another size, to be put into a larger picture."""
        return tuple(_moved(shape, x, y, scale) for shape in self.shapes)


def _moved(shape: Box | Text, x: float, y: float, scale: float) -> Box | Text:
    if isinstance(shape, Box):
        return Box(
            x + shape.x * scale, y + shape.y * scale, shape.width * scale, shape.height * scale, shape.style
        )
    return Text(
        x + shape.x * scale,
        y + shape.y * scale,
        shape.text,
        shape.size * scale,
        shape.style,
        shape.anchor,
        shape.lang,
    )
