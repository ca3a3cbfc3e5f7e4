"""Printed pages that look as if they had been scanned from an old book: paper, stains, shadow, a little skew."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyvips

# It tells of every operation.
logging.getLogger("pyvips").setLevel(logging.WARNING)

QUALITY: Final = 84
_PAPER: Final = (240, 229, 203)
_INK: Final = (46, 38, 32)
_BED: Final = (58, 55, 52)
_MARGIN: Final = 26


@dataclass(frozen=True)
class Age:
    """How worn a page is: `seed` decides where the stains lie, `skew` in degrees, `wear` from 0 to 1."""

    seed: int
    skew: float
    wear: float = 0.6


def aged(page: pyvips.Image, age: Age) -> pyvips.Image:
    """A page (grey ink on white, or colours) on old paper, as a scanner sees it. The same seed gives the same page."""
    width, height = page.width, page.height
    ink = _spread(page, age)
    worn = _worn(width, height, age)
    # Ink lets the paper through: both are multiplied.
    sheet = (ink * worn / 255.0).cast("uchar").copy(interpretation="srgb")
    sheet = sheet.embed(
        _MARGIN, _MARGIN, width + 2 * _MARGIN, height + 2 * _MARGIN, background=_BED, extend="background"
    )
    turned = sheet.similarity(angle=age.skew, background=list(_BED))
    left, top = (turned.width - width - 2 * _MARGIN) // 2, (turned.height - height - 2 * _MARGIN) // 2
    turned = turned.crop(max(0, left), max(0, top), width + 2 * _MARGIN, height + 2 * _MARGIN)
    grain = pyvips.Image.gaussnoise(turned.width, turned.height, sigma=3.2, mean=0, seed=age.seed + 7)
    return (turned + grain).cast("uchar").copy(interpretation="srgb")


def moved(box: tuple[int, int, int, int], width: int, height: int, age: Age) -> tuple[int, int, int, int]:
    """Where a box of a page of this size stands after `aged`."""
    x, y, w, h = box
    angle = math.radians(age.skew)
    across, down = x + w / 2 - width / 2, y + h / 2 - height / 2
    middle_x = width / 2 + across * math.cos(angle) - down * math.sin(angle)
    middle_y = height / 2 + across * math.sin(angle) + down * math.cos(angle)
    return round(middle_x - w / 2) + _MARGIN, round(middle_y - h / 2) + _MARGIN, w, h


def _spread(page: pyvips.Image, age: Age) -> pyvips.Image:
    """Ink that ran a little, and is not equally black everywhere."""
    soft = page.gaussblur(0.7).cast("float")
    uneven = _clouds(page.width, page.height, 220, age.seed + 3)
    if soft.bands == 1:
        # From white to the colour of ink; here and there a little paler.
        paler = 1.0 - 0.22 * age.wear * uneven
        dark = (255.0 - soft) * paler / 255.0
        return _joined([255.0 - dark * (255.0 - channel) for channel in _INK])
    return soft


def _worn(width: int, height: int, age: Age) -> pyvips.Image:
    """The paper: its colour, clouds, stains, browned edges, the shadow of the spine."""
    clouds = _clouds(width, height, 420, age.seed) * 0.6 + _clouds(width, height, 90, age.seed + 1) * 0.4
    fibres = pyvips.Image.gaussnoise(width, height, sigma=1.0, mean=0, seed=age.seed + 2).gaussblur(1.2) * 6.0
    x, y = (pyvips.Image.xyz(width, height)[band].cast("float") for band in (0, 1))
    inside = _least(_least(x, width - 1 - x), _least(y, height - 1 - y))
    edge = ((inside * (-1.0 / 95.0)).exp()) * (0.5 + 0.8 * clouds)
    spine = ((x if age.seed % 2 else width - 1 - x) * (-1.0 / 55.0)).exp()
    stains = _clouds(width, height, 150, age.seed + 5)
    stains = _most((stains - 0.70) * 3.2, 0.0)
    browned = age.wear * (0.20 * clouds + 0.34 * edge + 0.5 * stains)
    shade = 1.0 - 0.42 * spine
    bands = []
    for channel, weight in zip(_PAPER, (0.42, 0.66, 1.0), strict=True):
        bands.append(channel * (1.0 - weight * browned) * shade + fibres)
    return _joined(bands)


def _joined(bands: list[pyvips.Image]) -> pyvips.Image:
    return bands[0].bandjoin(bands[1:])


def _clouds(width: int, height: int, cell: int, seed: int) -> pyvips.Image:
    """Smooth noise from 0 to 1."""
    noise = pyvips.Image.perlin(width, height, cell_size=cell, seed=seed)
    return ((noise + 1.0) * 0.5).copy()


def _least(one: pyvips.Image, other: pyvips.Image) -> pyvips.Image:
    return (one < other).ifthenelse(one, other)


def _most(one: pyvips.Image, floor: float) -> pyvips.Image:
    return (one > floor).ifthenelse(one, floor)


def save(image: pyvips.Image, path: Path) -> None:
    """As the JPEG that a scanner at 300 dpi would write."""
    image.copy(xres=300 / 25.4, yres=300 / 25.4).jpegsave(str(path), Q=QUALITY)
