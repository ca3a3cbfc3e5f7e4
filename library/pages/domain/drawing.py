"""A drawing for the demo house: a house on stilts under the moon. Made by the program, so that no licence is needed."""

from __future__ import annotations

import math
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

_SIZE: Final = (1600, 900)
_SMOOTH: Final = 2
_SKY: Final = ((36, 42, 100), (246, 214, 180))
_HILLS: Final = ((92, 98, 156), (64, 72, 130), (42, 50, 104))
_FIELDS: Final = ((58, 92, 84), (74, 110, 92), (98, 132, 98), (128, 152, 104))
_MOON: Final = (253, 243, 214)
_WOOD: Final = (24, 24, 44)
_LIGHT: Final = (250, 196, 108)


def house_on_stilts() -> bytes:
    """The drawing as JPEG, the same each time."""
    width, height = _SIZE[0] * _SMOOTH, _SIZE[1] * _SMOOTH
    image = Image.new("RGB", (width, height))
    pen = ImageDraw.Draw(image)
    for y in range(height):
        part = min(y / (height * 0.62), 1)
        colour = tuple(round(a + (b - a) * part**1.5) for a, b in zip(*_SKY, strict=True))
        pen.line([(0, y), (width, y)], fill=colour)
    _circle(pen, width * 0.76, height * 0.2, height * 0.075)
    for number, colour in enumerate(_HILLS):
        _ridge(
            pen,
            width,
            height,
            base=0.42 + number * 0.09,
            rise=0.13 - number * 0.025,
            turn=number * 1.9,
            colour=colour,
        )
    for number, colour in enumerate(_FIELDS):
        _ridge(pen, width, height, base=0.7 + number * 0.075, rise=0.02, turn=number * 0.8, colour=colour)
    _house(pen, width * 0.2, height * 0.36, width * 0.34)
    out = BytesIO()
    image.resize(_SIZE, Image.Resampling.LANCZOS).save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()


def _circle(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    pen.ellipse([x - radius, y - radius, x + radius, y + radius], fill=_MOON)


def _ridge(
    pen: ImageDraw.ImageDraw,
    width: int,
    height: int,
    *,
    base: float,
    rise: float,
    turn: float,
    colour: tuple[int, ...],
) -> None:
    line = []
    for x in range(0, width + 1, 8):
        at = x / width * math.tau
        wave = (
            math.sin(at * 1.3 + turn) * 0.6
            + math.sin(at * 3.1 + turn * 2) * 0.3
            + math.sin(at * 7 + turn) * 0.1
        )
        line.append((x, (base - rise * wave) * height))
    pen.polygon([(0, height), *line, (width, height)], fill=colour)


def _house(pen: ImageDraw.ImageDraw, left: float, top: float, wide: float) -> None:
    """Roof, walls with lit windows, floor, stilts and a ladder, within `wide` and two thirds of it high."""

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * wide, top + y * wide

    def box(x: float, y: float, x2: float, y2: float, colour: tuple[int, ...]) -> None:
        pen.rectangle([at(x, y), at(x2, y2)], fill=colour)

    for x in (0.12, 0.31, 0.5, 0.69, 0.86):
        box(x, 0.5, x + 0.022, 0.82, _WOOD)
    box(0.1, 0.3, 0.9, 0.5, (52, 40, 48))
    for x in (0.2, 0.42, 0.64):
        box(x, 0.35, x + 0.12, 0.45, _LIGHT)
        box(x + 0.055, 0.35, x + 0.065, 0.45, _WOOD)
    box(0.05, 0.49, 0.95, 0.525, _WOOD)
    pen.polygon([at(0.2, 0.02), at(0.8, 0.02), at(1.02, 0.33), at(-0.02, 0.33)], fill=_WOOD)
    for x in (0.2, 0.8):
        out = -0.035 if x < 0.5 else 0.035
        pen.line([at(x, 0.03), at(x + out, -0.05)], fill=_WOOD, width=round(wide * 0.016))
    for side in (0.0, 0.07):
        pen.line([at(0.76 + side, 0.5), at(0.86 + side, 0.84)], fill=_WOOD, width=round(wide * 0.012))
    for step in range(7):
        y = 0.54 + step * 0.043
        foot = 0.76 + (y - 0.5) / 0.34 * 0.1
        pen.line([at(foot, y), at(foot + 0.07, y)], fill=_WOOD, width=round(wide * 0.01))
