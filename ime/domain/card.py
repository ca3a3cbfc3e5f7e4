"""The printable card of a keyboard: every layer, dead keys, and how each letter is typed, on A4 lying down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from ime.domain import shelf
from ime.domain.caps import Cap
from ime.domain.fonts import font_file
from ime.domain.letters import combinations, letters
from ime.domain.presentation import language_name
from ime.drawing import physical
from ime.drawing.pdf import pdf
from ime.drawing.picture import Box, Picture, Text
from ime.errors import BuildError
from ime.model import Keyboard
from ime.program import MODIFIERS
from languages import registry

VERSION: Final = "2"  # of what is drawn here: a change makes other cards
_WIDTH, _HEIGHT, _MARGIN = 842.0, 595.0, 36.0  # A4 in points
_COLUMN_GAP: Final = 18.0
_CELL: Final = 110.0  # of the table of letters
_LINE: Final = 16.0
# After those of the orthography: Latin, then arrows and signs of keys.
_FALLBACK: Final = ("Noto Sans", "Noto Sans Symbols", "Noto Sans Symbols2", "Noto Sans Math")


@lru_cache(maxsize=64)
def card(keyboard: Keyboard, reader: str, address: str) -> bytes:
    """The card as PDF, in the reader's language. BuildError when the house has no font at all for it."""
    with override(reader):
        title = f"{language_name(keyboard.language, reader)}: {shelf.name(keyboard, reader)}"
        return pdf(_pages(keyboard, title, address), _fonts(keyboard), title=title, lang=reader)


def _fonts(keyboard: Keyboard) -> list[Path]:
    families = (*registry().orthography(keyboard.orthography).fonts, *_FALLBACK)
    found = [path for path in map(font_file, dict.fromkeys(families)) if path is not None]
    if not found:
        raise BuildError(
            "no_font", f"None of these fonts is installed: {', '.join(families)}.", font=families[0]
        )
    return found


def _pages(keyboard: Keyboard, title: str, address: str) -> list[Picture]:
    blocks = [*_layers(keyboard), *_dead_keys(keyboard), *_letters(keyboard)]
    pages: list[Picture] = []
    shapes: list[Box | Text] = []
    top = _MARGIN + 42
    for block in blocks:
        if top + block.height > _HEIGHT - _MARGIN - 14 and shapes:
            pages.append(_framed(shapes, title, address, keyboard))
            shapes, top = [], _MARGIN + 42
        shapes.extend(block.moved(_MARGIN, top))
        top += block.height
    pages.append(_framed(shapes, title, address, keyboard))
    return pages


def _framed(shapes: list[Box | Text], title: str, address: str, keyboard: Keyboard) -> Picture:
    foot = f"{address} · {keyboard.version} · {keyboard.licence}"
    if not keyboard.reviewed:
        foot = f"{foot} · " + _("not reviewed by speakers yet")
    frame = (
        Text(_MARGIN, _MARGIN + 20, title, 22, "strong", "start"),
        Box(_MARGIN, _MARGIN + 29, _WIDTH - 2 * _MARGIN, 1.2, "rule"),
        Text(_MARGIN, _HEIGHT - _MARGIN + 8, foot, 9, "quiet", "start"),
    )
    return Picture(_WIDTH, _HEIGHT, (*frame, *shapes), title)


def _layers(keyboard: Keyboard) -> Iterator[Picture]:
    """The layers, two side by side."""
    form = physical.own_form(keyboard)
    used = [modifiers for modifiers in MODIFIERS if keyboard.layers.get(modifiers)]
    wide = (_WIDTH - 2 * _MARGIN - _COLUMN_GAP) / 2
    for first in range(0, len(used), 2):
        shapes: list[Box | Text] = []
        height = 0.0
        for place, modifiers in enumerate(used[first : first + 2]):
            drawn = physical.picture(keyboard, modifiers, form)
            scale = wide / drawn.width
            shapes.extend(drawn.moved(place * (wide + _COLUMN_GAP), 0, scale))
            height = max(height, drawn.height * scale)
        yield Picture(_WIDTH, height + 14, tuple(shapes))


def _dead_keys(keyboard: Keyboard) -> Iterator[Picture]:
    for found in combinations(keyboard):
        pairs = "   ".join(f"{before} → {after}" for before, after in found.pairs)
        yield from _paragraph(f"{_pressed(found.caps)} {found.label}:", pairs, keyboard.orthography)


def _paragraph(head: str, text: str, lang: str, per_line: int = 95) -> Iterator[Picture]:
    words, line, lines = text.split("   "), "", []
    for word in words:
        if line and len(line) + len(word) > per_line:
            lines.append(line)
            line = ""
        line = f"{line}   {word}" if line else word
    for number, each in enumerate([*lines, line]):
        shapes = [Text(96, 11, each, 11, "plain", "start", lang)]
        if not number:
            shapes.insert(0, Text(0, 11, head, 11, "strong", "start"))
        yield Picture(_WIDTH, _LINE, tuple(shapes))


def _letters(keyboard: Keyboard) -> Iterator[Picture]:
    found = letters(keyboard)
    if found:
        yield Picture(_WIDTH, 22, (Text(0, 16, _("How each letter is typed"), 12, "strong", "start"),))
    across = int((_WIDTH - 2 * _MARGIN) // _CELL)
    for first in range(0, len(found), across):
        shapes: list[Text] = []
        for place, letter in enumerate(found[first : first + across]):
            left = place * _CELL
            shapes.append(Text(left + 12, 12, letter.shown, 13, "letter", "middle", keyboard.orthography))
            shapes.append(Text(left + 30, 12, _pressed(letter.caps), 9, "quiet", "start"))
        yield Picture(_WIDTH, _LINE + 3, tuple(shapes))


def _pressed(pressed: Iterable[Cap]) -> str:
    return " ".join("+".join(cap.keys) for cap in pressed)
