"""The drawings of the demonstration, rendered from SVG files of our own, and plates with names beside their parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyvips
from PIL import Image, ImageDraw

from library.demo.printing import TEXT, font

FOLDER: Final = Path(__file__).resolve().parent / "drawings"
_INK: Final = (60, 44, 30)


def drawing(name: str, scale: float = 1.0) -> pyvips.Image:
    """A drawing in colours, without transparency."""
    image = pyvips.Image.new_from_file(str(FOLDER / f"{name}.svg"), scale=scale)
    return image.flatten(background=255) if image.hasalpha() else image


def plate(name: str, heading: str, labels: Sequence[Mapping[str, Any]]) -> pyvips.Image:
    """A drawing with a heading, and lines from names to parts; places are shares of width and height."""
    image = drawing(name)
    picture = Image.frombytes("RGB", (image.width, image.height), image.write_to_memory())
    draw = ImageDraw.Draw(picture)
    width, height = picture.size
    draw.text((width / 2, 92), heading, font=font(TEXT, 76, bold=True), fill=_INK, anchor="mm")
    face = font(TEXT, 46)
    for label in labels:
        at = (label["at"][0] * width, label["at"][1] * height)
        begin = (label["from"][0] * width, label["from"][1] * height)
        left = begin[0] < at[0]
        draw.line([begin, at], fill=_INK, width=4)
        draw.ellipse([at[0] - 8, at[1] - 8, at[0] + 8, at[1] + 8], fill=_INK)
        place = (begin[0] - 16 if left else begin[0] + 16, begin[1])
        draw.text(place, label["text"], font=face, fill=_INK, anchor="rm" if left else "lm")
    return pyvips.Image.new_from_memory(picture.tobytes(), width, height, 3, "uchar").copy(
        interpretation="srgb"
    )
