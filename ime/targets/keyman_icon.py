"""The icon of a keyboard: its language's short code on the indigo of the house (.ico, 16 and 32 pixels)."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image, ImageDraw, ImageFont

_INDIGO: Final = "#2c3a8c"  # --indigo of the site's stylesheet
_SIZES: Final = (16, 32)


def icon(text: str) -> bytes:
    """The file; of the text stand as many characters as can be read (four)."""
    pictures = [picture(text[:4], size) for size in _SIZES]
    buffer = io.BytesIO()
    # As bitmaps: Keyman for Windows draws those in its menus.
    pictures[-1].save(
        buffer,
        "ICO",
        sizes=[(size, size) for size in _SIZES],
        append_images=pictures[:-1],
        bitmap_format="bmp",
    )
    return buffer.getvalue()


def picture(text: str, size: int) -> Image.Image:
    """The short text in white on the indigo of the house, `size` pixels wide and high."""
    large = 4 * size  # drawn large and made small: letters of 16 pixels keep their shape
    picture = Image.new("RGBA", (large, large), _INDIGO)
    draw = ImageDraw.Draw(picture)
    points = large
    while True:
        font = ImageFont.load_default(points)
        left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
        if right - left <= large * 0.92 and bottom - top <= large * 0.8:
            break
        points = int(points * 0.9)
    place = ((large - right - left) / 2, (large - bottom - top) / 2)
    draw.text(place, text, font=font, fill="white", stroke_width=large // size // 2, stroke_fill="white")
    return picture.resize((size, size), Image.Resampling.LANCZOS)
