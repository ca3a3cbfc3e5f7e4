"""Setting text as a printer did: headings, justified paragraphs, letters in rows, lists of words, in any script.

Shaping is HarfBuzz's, through Pillow and Raqm; without Raqm complex scripts would come out wrong, so nothing is set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pyvips
from django.conf import settings
from PIL import Image, ImageDraw, ImageFont, features

WIDTH: Final = 1480
HEIGHT: Final = 2100
_LEFT: Final = 170
_TOP: Final = 190
_BOTTOM: Final = 200
_SIZE: Final = 42
_LEADING: Final = 66
TEXT: Final = "Noto Serif"


class MissingFont(LookupError):
    """No font of this family is here."""


@dataclass(frozen=True)
class Heading:
    """A title in the middle of the line; `size` in pixels."""

    text: str
    size: int = 72
    family: str = TEXT
    bold: bool = True


@dataclass(frozen=True)
class Paragraph:
    """Running text, justified."""

    text: str
    size: int = _SIZE
    indent: int = 60


@dataclass(frozen=True)
class Letters:
    """Letters in rows, large."""

    letters: tuple[str, ...]
    family: str
    columns: int = 6
    size: int = 84


@dataclass(frozen=True)
class Words:
    """Words with what they mean: (word, meaning, meaning in another language)."""

    rows: tuple[tuple[str, str, str], ...]
    family: str
    size: int = 56


@dataclass(frozen=True)
class Rule:
    """A line across the middle."""


Block = Heading | Paragraph | Letters | Words | Rule


def can_set() -> bool:
    """Whether text of any script comes out right here."""
    return bool(features.check("raqm"))


@lru_cache(maxsize=64)
def font(family: str, size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The font of a family. Raises MissingFont."""
    name = family.replace(" ", "")
    for style in ("Bold", "Regular") if bold else ("Regular",):
        for folder in settings.FONT_FOLDERS:
            for path in sorted(Path(folder).rglob(f"{name}-{style}.[to]tf")):
                return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.RAQM)
    raise MissingFont(family)


@dataclass(frozen=True)
class Line:
    """A line of a list of words, where it stands on its page (pixels: left, top, width, height)."""

    text: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Page:
    """A page in grey, and the lines of words on it."""

    image: pyvips.Image
    lines: tuple[Line, ...]


def pages(chapters: Sequence[Sequence[Block]]) -> list[Page]:
    """The pages that these chapters fill, each from a new page on, with numbers at their feet. Raises MissingFont."""
    sheet = _Sheet()
    for at, blocks in enumerate(chapters):
        if at:
            sheet.new_page()
        for block in blocks:
            _SETTERS[type(block)](sheet, block)
    return [
        Page(_finished(image, number), tuple(lines))
        for number, (image, lines) in enumerate(zip(sheet.images, sheet.lines, strict=True), 1)
    ]


class _Sheet:
    """The page that is being set, and those before it."""

    def __init__(self) -> None:
        self.images: list[Image.Image] = []
        self.lines: list[list[Line]] = []
        self.new_page()

    def new_page(self) -> None:
        self.images.append(Image.new("L", (WIDTH, HEIGHT), 255))
        self.lines.append([])
        self.draw = ImageDraw.Draw(self.images[-1])
        self.y = _TOP

    def room(self, needed: int) -> None:
        """A new page where this one is full."""
        if self.y + needed > HEIGHT - _BOTTOM:
            self.new_page()


def _finished(image: Image.Image, number: int) -> pyvips.Image:
    small = font(TEXT, 34)
    ImageDraw.Draw(image).text((WIDTH / 2, HEIGHT - 110), f"{number}", font=small, fill=40, anchor="mm")
    return pyvips.Image.new_from_memory(image.tobytes(), WIDTH, HEIGHT, 1, "uchar").copy(interpretation="b-w")


def _heading(sheet: _Sheet, block: Heading) -> None:
    face = font(block.family, block.size, block.bold)
    lines = _broken(block.text, face, WIDTH - 2 * _LEFT)
    sheet.room(int(block.size * 1.7) * len(lines) + 80)
    for line in lines:
        sheet.draw.text((WIDTH / 2, sheet.y + block.size), " ".join(line), font=face, fill=10, anchor="ms")
        sheet.y += int(block.size * 1.6)
    sheet.y += int(block.size * 0.5)


def _rule(sheet: _Sheet, block: Rule) -> None:
    middle = WIDTH // 2
    sheet.room(70)
    sheet.draw.line([(middle - 130, sheet.y + 10), (middle + 130, sheet.y + 10)], fill=40, width=3)
    sheet.draw.regular_polygon((middle, sheet.y + 10, 13), 4, fill=30)
    sheet.y += 70


def _paragraph(sheet: _Sheet, block: Paragraph) -> None:
    face = font(TEXT, block.size)
    leading = int(block.size * _LEADING / _SIZE)
    whole = WIDTH - 2 * _LEFT
    lines = _broken(block.text, face, whole, block.indent)
    for at, line in enumerate(lines):
        sheet.room(leading)
        start = _LEFT + (block.indent if at == 0 else 0)
        width = whole - (start - _LEFT)
        natural = sum(face.getlength(word) for word in line)
        space = face.getlength(" ")
        if at < len(lines) - 1 and len(line) > 1:
            space = (width - natural) / (len(line) - 1)
        x = float(start)
        for word in line:
            sheet.draw.text((x, sheet.y + block.size), word, font=face, fill=12, anchor="ls")
            x += face.getlength(word) + space
        sheet.y += leading
    sheet.y += int(leading * 0.3)


def _broken(text: str, face: ImageFont.FreeTypeFont, width: float, indent: float = 0) -> list[list[str]]:
    """The words of each line."""
    lines: list[list[str]] = [[]]
    used, space = indent, face.getlength(" ")
    for word in text.split():
        length = face.getlength(word)
        if lines[-1] and used + length > width:
            lines.append([])
            used = 0
        lines[-1].append(word)
        used += length + space
    return lines


def _letters(sheet: _Sheet, block: Letters) -> None:
    face = font(block.family, block.size)
    across = (WIDTH - 2 * _LEFT) / block.columns
    tall = int(block.size * 1.95)
    for begin in range(0, len(block.letters), block.columns):
        sheet.room(tall)
        for at, letter in enumerate(block.letters[begin : begin + block.columns]):
            x = _LEFT + across * (at + 0.5)
            sheet.draw.text((x, sheet.y + tall * 0.68), letter, font=face, fill=12, anchor="ms")
        sheet.y += tall
    sheet.y += 40


def _words(sheet: _Sheet, block: Words) -> None:
    face, plain, italic = font(block.family, block.size), font(TEXT, _SIZE), font(TEXT, 36)
    tall = int(block.size * 1.85)
    for word, meaning, other in block.rows:
        sheet.room(tall)
        base = sheet.y + tall * 0.66
        meaning, other = _short(meaning, plain, 360), _short(other, italic, 300)
        sheet.draw.text((_LEFT, base), word, font=face, fill=12, anchor="ls")
        sheet.draw.text((_LEFT + 470, base), meaning, font=plain, fill=12, anchor="ls")
        sheet.draw.text((_LEFT + 850, base), other, font=italic, fill=50, anchor="ls")
        box = (_LEFT, sheet.y + 6, WIDTH - 2 * _LEFT, tall - 12)
        sheet.lines[-1].append(Line(f"{word} {meaning} {other}".strip(), box))
        sheet.draw.line([(_LEFT, sheet.y + tall), (WIDTH - _LEFT, sheet.y + tall)], fill=175, width=1)
        sheet.y += tall


def _short(text: str, face: ImageFont.FreeTypeFont, width: float) -> str:
    while text and face.getlength(text) > width:
        text = text.rpartition(" ")[0]
    return text.rstrip(",;")


_SETTERS: Final[Mapping[type, Callable[[_Sheet, Any], None]]] = {
    Heading: _heading, Paragraph: _paragraph, Letters: _letters, Words: _words, Rule: _rule,
}  # fmt: skip
