"""The fonts a profile names show its letters: no missing glyph and no dotted circle, as HarfBuzz shapes them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import uharfbuzz

from languages import Orthography
from languages.catalogue import registry
from languages.checking import check, exemplar_texts
from languages.fonts import font_file, missing_characters
from tests.languages.texts import orthographies, tag_of

DOTTED_CIRCLE = 0x25CC


@cache
def opened(path: Path) -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(path.read_bytes()))


def glyphs(font: uharfbuzz.Font, text: str) -> list[int]:
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    return [info.codepoint for info in buffer.glyph_infos]


@pytest.mark.parametrize("orthography", [one for one in orthographies() if one.fonts], ids=tag_of)
def test_exemplars_are_shown_whole(orthography: Orthography) -> None:
    path = next(filter(None, map(font_file, orthography.fonts)), None)
    assert path is not None, f"none of {orthography.fonts} is installed (Debian: fonts-noto-core)"
    font = opened(path)
    circle = font.get_nominal_glyph(DOTTED_CIRCLE)
    for text in exemplar_texts(orthography):
        shaped = glyphs(font, text)
        assert 0 not in shaped, f"{text!r}: no glyph"
        assert circle not in shaped, f"{text!r}: dotted circle"
    assert not missing_characters(path, exemplar_texts(orthography))


def test_a_font_that_is_not_installed_is_said_so() -> None:
    assert font_file("No Such Family") is None


@pytest.mark.parametrize("code", list(registry().profiles))
def test_check_finds_no_error_in_a_shipped_profile(code: str) -> None:
    assert [str(finding) for finding in check(registry().profiles[code]) if finding.level == "error"] == []
