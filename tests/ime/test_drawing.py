"""Pictures of keyboards say all that is on the keys: as SVG for pages, as PDF for paper."""

import re
import zlib
from functools import cache
from xml.etree import ElementTree

import pytest
from django.utils.translation import override
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from ime.domain import card
from ime.domain.fonts import font_file
from ime.domain.letters import letters
from ime.drawing import physical, touch
from ime.drawing.legends import DOTTED_CIRCLE, legend, shown
from ime.drawing.pdf import pdf
from ime.drawing.picture import Box, Picture, Text
from ime.drawing.svg import svg
from tests.ime import kit, shelf

SVG = "{http://www.w3.org/2000/svg}"
KEYBOARDS = kit.shipped()
everyone = pytest.mark.parametrize("keyboard", KEYBOARDS, ids=kit.ids(KEYBOARDS))


def written(picture, *styles):
    return [shape.text for shape in picture.shapes if isinstance(shape, Text) and shape.style in styles]


@everyone
def test_every_key_of_every_layer_stands_in_its_picture(keyboard):
    for modifiers, layer in keyboard.layers.items():
        drawn = physical.picture(keyboard, modifiers, "iso")
        wanted = sorted(legend(keyboard, key) for key in layer.values() if legend(keyboard, key))
        assert sorted(written(drawn, "letter", "letter-dead")) == wanted
        dead = [shape for shape in drawn.shapes if isinstance(shape, Box) and shape.style == "key-dead"]
        assert len(dead) == sum(bool(key.dead) for key in layer.values())


@everyone
def test_every_touch_key_stands_in_its_picture_and_every_long_press_in_the_description(keyboard):
    for layer in keyboard.touch:
        drawn = touch.picture(keyboard, layer)
        keys = [key for row in layer.rows for key in row]
        assert written(drawn, "letter", "still") == [touch.legend(key) for key in keys]
        for key in keys:
            assert all(shown(text) in drawn.description for text in key.long_press)


def test_iso_has_a_key_more_and_an_enter_of_two_parts_at_the_same_width():
    ansi, iso = (physical.picture(KEYBOARDS[0], "", form) for form in ("ansi", "iso"))
    boxes = [sum(isinstance(shape, Box) for shape in drawn.shapes) for drawn in (ansi, iso)]
    assert ansi.width == iso.width and boxes[1] == boxes[0] + 2


def test_a_keyboard_is_drawn_as_iso_where_only_that_shows_everything():
    for keyboard in KEYBOARDS:
        shown_by_ansi = {
            text
            for modifiers in keyboard.layers
            for text in written(physical.picture(keyboard, modifiers, physical.own_form(keyboard)), "letter")
        }
        every = {
            legend(keyboard, key)
            for layer in keyboard.layers.values()
            for key in layer.values()
            if not key.dead
        }
        assert every - {""} <= shown_by_ansi


def test_keys_do_not_overlap_and_stay_inside():
    drawn = physical.picture(KEYBOARDS[0], "", "iso")
    boxes = [shape for shape in drawn.shapes if isinstance(shape, Box)]
    for one in boxes:
        assert one.x >= 0 and one.x + one.width <= drawn.width and one.y + one.height <= drawn.height
        for other in boxes:
            apart = (
                one is other
                or one.x + one.width <= other.x
                or other.x + other.width <= one.x
                or one.y + one.height <= other.y
                or other.y + other.height <= one.y
            )
            assert apart


def test_svg_is_well_formed_named_and_free_of_styles():
    keyboard = shelf.of_script(latin=False)
    text = svg(physical.picture(keyboard, "", "ansi", 'A <title> & "more"'), "p0")
    root = ElementTree.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
    assert root.findtext(f"{SVG}title") == 'A <title> & "more"'
    assert root.findtext(f"{SVG}desc")
    assert root.get("role") == "img" and root.get("aria-labelledby") == "p0-t"
    assert not re.search(r"style=|<style|<script|\son\w+=", text)


@given(st.text(min_size=1, max_size=8))
def test_what_stands_on_a_key_can_be_seen_and_holds_the_text(text):
    seen = shown(text)
    assert seen.strip() or not text.strip()
    assert seen == text or seen.startswith(DOTTED_CIRCLE) or len(text) == 1


def objects(data):
    """The objects of a PDF by number, found through its own table, streams unpacked."""
    start = int(re.search(rb"startxref\n(\d+)\n%%EOF", data)[1])
    assert data[start : start + 4] == b"xref"
    places = [int(each) for each in re.findall(rb"(\d{10}) 00000 n ", data[start:])]
    found = {}
    for number, place in enumerate(places, 1):
        assert data[place:].startswith(f"{number} 0 obj\n".encode())
        body = data[place : data.index(b"\nendobj", place)]
        if b"stream\n" in body:
            packed = body[body.index(b"stream\n") + 7 : -len(b"\nendstream")]
            body = zlib.decompress(packed)
        found[number] = body
    return found


def drawn_texts(data):
    """What the lines of a PDF say they stand for."""
    pages = b"\n".join(objects(data).values())
    found = re.findall(rb"/ActualText <FEFF([0-9A-F]*)>", pages)
    return [bytes.fromhex(each.decode()).decode("utf-16-be") for each in found]


def test_a_pdf_is_whole_and_each_glyph_that_it_uses_is_in_it():
    keyboard = shelf.of_script(latin=False)
    data = card.card(keyboard, "vi", "https://example.org/k")
    found = objects(data)
    used = {int(each) for body in found.values() for each in re.findall(rb"/G(\d+) Do", body)}
    named = {int(each) for body in found.values() for each in re.findall(rb"/G(\d+) \d+ 0 R", body)}
    assert used and used == named
    outlines = [body for body in found.values() if re.search(rb"^[-\d.]+ [-\d.]+ m$", body, re.M)]
    assert len(outlines) > 30


def test_the_card_holds_every_layer_and_every_letter_and_is_the_same_each_time():
    keyboard = shelf.of_script(latin=False)
    data = card.card.__wrapped__(keyboard, "vi", "https://example.org/k")
    assert data == card.card.__wrapped__(keyboard, "vi", "https://example.org/k")
    texts = set(drawn_texts(data))
    assert "https://example.org/k" in " ".join(texts)
    for layer in keyboard.layers.values():
        assert {legend(keyboard, key) for key in layer.values()} - {""} <= texts
    assert {letter.shown for letter in letters(keyboard)} <= texts
    with override("en"):
        assert card.card(keyboard, "en", "x") != card.card(keyboard, "vi", "x")


@cache
def covered_by(path):
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@everyone
def test_the_fonts_of_the_house_have_every_letter_of_the_card(keyboard):
    covered = set()
    for path in card._fonts(keyboard):
        covered |= covered_by(path)
    lacking = {
        character
        for layer in keyboard.layers.values()
        for key in layer.values()
        for character in legend(keyboard, key)
        if ord(character) not in covered
    }
    assert lacking == set()


@settings(max_examples=40)
@given(st.text(max_size=20), st.floats(0, 500), st.floats(0, 500))
def test_any_text_anywhere_makes_a_whole_pdf(text, x, y):
    page = Picture(500, 500, (Text(x, y, text, 12, "plain"),))
    path = font_file("Noto Sans")
    assert path is not None
    data = pdf([page, page], [path], title=text, lang="vi")
    assert drawn_texts(data) == [text, text]
