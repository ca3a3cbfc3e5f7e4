"""Pictures as PDF (ISO 32000-1), a page each: text is shaped by HarfBuzz and drawn as outlines.

So every script comes out right whatever fonts the reader has, and marks stand where they belong. Each line says what
it stands for (/ActualText), to readers that ask. The same pictures and fonts give the same bytes.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import uharfbuzz as hb

from ime.drawing.picture import Box, BoxStyle, Picture, Text, TextStyle

_RADIUS: Final = 0.1  # of the shorter side
_ROUND: Final = 0.5523  # control points of a quarter circle
# Fill and line of boxes, colour of texts: grey levels or red, green, blue, from 0 to 1.
_BOXES: Final[Mapping[BoxStyle, tuple[str, str]]] = {
    "key": ("1 g", "0.45 G"),
    "key-dead": ("0.9 0.92 0.98 rg", "0.17 0.23 0.55 RG"),
    "key-held": ("0.85 g", "0.2 G"),
    "key-still": ("0.96 g", "0.75 G"),
    "rule": ("0.8 g", "0.8 G"),
}
_TEXTS: Final[Mapping[TextStyle, str]] = {
    "letter": "0 g", "letter-dead": "0.17 0.23 0.55 rg", "engraved": "0.45 g", "more": "0.17 0.23 0.55 rg",
    "still": "0.5 g", "held": "0 g", "plain": "0 g", "strong": "0.17 0.23 0.55 rg", "quiet": "0.35 g",
}  # fmt: skip


def pdf(pages: Sequence[Picture], fonts: Sequence[Path], *, title: str, lang: str) -> bytes:
    """The pictures as pages; a unit is a point. A letter is taken from the first of the fonts that has it.

    Letters that no font has are left out.
    """
    faces = [_face(path) for path in fonts]
    drawing = _Drawing(faces)
    contents = [drawing.page(picture) for picture in pages]
    return _file(drawing, pages, contents, title, lang)


@dataclass(frozen=True)
class _Face:
    font: hb.Font
    units: int
    codes: frozenset[int]


@lru_cache(maxsize=16)
def _face(path: Path) -> _Face:
    face = hb.Face(hb.Blob.from_file_path(str(path)))
    return _Face(hb.Font(face), face.upem, frozenset(face.unicodes))


@dataclass
class _Drawing:
    """What the pages share: each glyph once."""

    faces: Sequence[_Face]
    glyphs: dict[tuple[int, int], int] = field(default_factory=dict)

    def page(self, picture: Picture) -> str:
        """The content of a page; PDF counts upwards from the lower edge."""
        lines: list[str] = []
        for shape in picture.shapes:
            if isinstance(shape, Box):
                lines.append(_box(shape, picture.height))
            else:
                lines.extend(self.text(shape, picture.height))
        return "\n".join(lines)

    def text(self, shape: Text, height: float) -> Iterator[str]:
        runs = [(number, *self.shaped(number, text)) for number, text in self.runs(shape.text)]
        width = sum(advance for _number, _glyphs, advance in runs) * shape.size
        x = shape.x - {"start": 0.0, "middle": width / 2, "end": width}[shape.anchor]
        actual = ("\ufeff" + shape.text).encode("utf-16-be").hex().upper()
        yield f"/Span <</ActualText <{actual}>>> BDC q {_TEXTS[shape.style]}"
        for number, glyphs, advance in runs:
            scale = shape.size / self.faces[number].units
            for glyph, along, up in glyphs:
                name = self.glyphs.setdefault((number, glyph), len(self.glyphs))
                at = f"{_n(x + along * scale)} {_n(height - shape.y + up * scale)}"
                yield f"q {scale:.6f} 0 0 {scale:.6f} {at} cm /G{name} Do Q"
            x += advance * shape.size
        yield "Q EMC"

    def runs(self, text: str) -> Iterator[tuple[int, str]]:
        """The text cut into stretches of one font: a mark stays with the letter before it where its font has both."""
        run, of = "", -1
        for character in text:
            has = [number for number, face in enumerate(self.faces) if ord(character) in face.codes]
            if not has:
                continue
            if of not in has:
                if run:
                    yield of, run
                run, of = "", has[0]
            run += character
        if run:
            yield of, run

    def shaped(self, number: int, text: str) -> tuple[list[tuple[int, float, float]], float]:
        """Glyphs with their places in font units, and how far the text goes, in sizes of the font."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self.faces[number].font, buffer)
        x, found = 0.0, []
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            found.append((info.codepoint, x + place.x_offset, float(place.y_offset)))
            x += place.x_advance
        return found, x / self.faces[number].units


class _Outline:
    """A pen (as fontTools calls it) that writes PDF paths; quadratic curves become cubic ones."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._at = (0.0, 0.0)

    def moveTo(self, point: Any) -> None:  # noqa: N802 (the names are fontTools')
        self._go(point, "m", point)

    def lineTo(self, point: Any) -> None:  # noqa: N802
        self._go(point, "l", point)

    def curveTo(self, *points: Any) -> None:  # noqa: N802
        self._go(points[-1], "c", *points)

    def qCurveTo(self, control: Any, end: Any) -> None:  # noqa: N802
        first, last = (
            tuple(a + (c - a) * 2 / 3 for a, c in zip(corner, control, strict=True))
            for corner in (self._at, end)
        )
        self._go(end, "c", first, last, end)

    def closePath(self) -> None:  # noqa: N802
        self.lines.append("h")

    def endPath(self) -> None:  # noqa: N802
        self.lines.append("h")

    def _go(self, to: Any, operator: str, *points: Any) -> None:
        self._at = to
        self.lines.append(" ".join(f"{_n(x)} {_n(y)}" for x, y in points) + f" {operator}")


def _glyph(face: _Face, glyph: int) -> str:
    pen = _Outline()
    face.font.draw_glyph_with_pen(glyph, pen)
    return "\n".join([*pen.lines, "f"]) if pen.lines else ""


def _box(box: Box, height: float) -> str:
    fill, line = _BOXES[box.style]
    low, high = height - box.y - box.height, height - box.y
    left, right = box.x, box.x + box.width
    r = min(box.width, box.height) * _RADIUS
    c = r * _ROUND
    return (
        f"{fill} {line} 0.6 w {_n(left + r)} {_n(low)} m {_n(right - r)} {_n(low)} l "
        f"{_n(right - r + c)} {_n(low)} {_n(right)} {_n(low + r - c)} {_n(right)} {_n(low + r)} c "
        f"{_n(right)} {_n(high - r)} l "
        f"{_n(right)} {_n(high - r + c)} {_n(right - r + c)} {_n(high)} {_n(right - r)} {_n(high)} c "
        f"{_n(left + r)} {_n(high)} l "
        f"{_n(left + r - c)} {_n(high)} {_n(left)} {_n(high - r + c)} {_n(left)} {_n(high - r)} c "
        f"{_n(left)} {_n(low + r)} l "
        f"{_n(left)} {_n(low + r - c)} {_n(left + r - c)} {_n(low)} {_n(left + r)} {_n(low)} c b"
    )


def _file(
    drawing: _Drawing, pages: Sequence[Picture], contents: Sequence[str], title: str, lang: str
) -> bytes:
    """The objects of the file: catalogue, pages, then for each page itself and its content, then the glyphs."""
    count = len(pages)
    first_glyph = 4 + 2 * count
    names = " ".join(f"/G{name} {first_glyph + name} 0 R" for name in range(len(drawing.glyphs)))
    objects: list[bytes] = [
        f"<</Type/Catalog/Pages 2 0 R/Lang {_string(lang)}/ViewerPreferences<</DisplayDocTitle true>>>>".encode(),
        f"<</Type/Pages/Count {count}/Kids[{' '.join(f'{4 + 2 * n} 0 R' for n in range(count))}]>>".encode(),
        f"<</Title {_string(title)}>>".encode(),
    ]
    for number, (picture, content) in enumerate(zip(pages, contents, strict=True)):
        size = f"[0 0 {_n(picture.width)} {_n(picture.height)}]"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox{size}/Contents {5 + 2 * number} 0 R"
            f"/Resources<</XObject<<{names}>>>>>>".encode()
        )
        objects.append(_stream("", content))
    for number, glyph in drawing.glyphs:
        reach = 4 * drawing.faces[number].units
        box = f"/Type/XObject/Subtype/Form/BBox[-{reach} -{reach} {reach} {reach}]"
        objects.append(_stream(box, _glyph(drawing.faces[number], glyph)))
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(f"{place:010d} 00000 n \n".encode() for place in places))
    out.write(
        f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R/Info 3 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    return out.getvalue()


def _stream(entries: str, content: str) -> bytes:
    data = zlib.compress(content.encode(), 9)
    head = f"<<{entries}/Filter/FlateDecode/Length {len(data)}>>\nstream\n".encode()
    return head + data + b"\nendstream"


def _string(text: str) -> str:
    written = ("\ufeff" + text).encode("utf-16-be").hex().upper()
    return f"<{written}>"


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
