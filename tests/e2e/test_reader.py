"""A reader opens a scanned book: with scripts, by keys and by touch, and without scripts."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from access.domain.viewer import anonymous
from library.domain import files, inside
from library.domain.leaves import leaves
from library.domain.reading import text_of
from library.interfaces.public.reading import reading_address
from library.models import Record, RecordFile
from media_pipeline.domain import blobs
from tests.e2e.conftest import Errors, watched
from tests.e2e.test_lookup import NAMELESS, SMALL, WIDER
from tests.library.samples import published
from tests.media_pipeline.files import finished, picture
from tests.shared_data import shared

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

OPEN = "https://creativecommons.org/licenses/by/4.0/"
# What a finger must hit; words in running text are as high as the text is.
LOW = (
    "button, summary, .button, .reader-strip a, .reader-hits a, input:not([type=hidden]):not([type=checkbox])"
)
READY = "#reader[data-ready]"
# How dark or coloured the canvas is in a place, from 0 to 1; places are fractions of it.
PAINTED = """() => {
  const canvas = document.querySelector(".reader-deep canvas");
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let dark = 0, light = 0;
  for (let i = 0; i < pixels.length; i += 4) {
    if (pixels[i + 3] < 250) continue;
    if (pixels[i] < 100) dark++; else if (pixels[i] > 200) light++;
  }
  return [dark, light].map((count) => count / (pixels.length / 4));
}"""


@dataclass(frozen=True)
class Book:
    """A record with four pages: a scan with text, a picture, one that is closed, another scan."""

    record: Record
    word: str

    @property
    def path(self) -> str:
        return reading_address(self.record.ark)


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[bytes]]:
    """A folder for what is made of the scans, once for all tests, and the scans."""
    with Image.open(shared("images-ocr/linn.png")) as page:
        top = page.convert("L").crop((0, 0, 2550, 1500)).resize((1700, 1000))
    stream = io.BytesIO()
    top.save(stream, "PNG")
    plain = picture(size=(900, 600))
    closed = picture(size=(500, 500))
    return tmp_path_factory.mktemp("media"), [
        stream.getvalue(), plain, closed, shared("images-ocr/baiona.png").read_bytes()
    ]  # fmt: skip


@pytest.fixture
def book(site: str, scans: tuple[Path, list[bytes]], settings: Any) -> Book:
    """The record, worked on by the real tools."""
    folder, data = scans
    settings.MEDIA_ROOT = folder
    record = published("Thông tin", fields={"language": [{"tag": "en"}]})
    for number, each in enumerate(data, 1):
        made = files.attach(record, blobs.store_original(io.BytesIO(each)), f"{number}.png", licence=OPEN)
        assert made.asset is not None
        finished(made.asset)
    RecordFile.objects.filter(record=record, order=2).update(
        embargo_until=timezone.localdate() + timedelta(days=9)
    )
    page = text_of(leaves(record, anonymous())[0])
    assert page is not None
    words = [word.text for line in page.lines for word in line.words if re.fullmatch(r"[a-z]{6,}", word.text)]
    return Book(record, words[0])


def opened(page: Page, site: str, book: Book, query: str = "") -> None:
    """Open the reader and wait until the page is painted."""
    if finders.find("vendor/openseadragon/openseadragon.min.js") is None:
        message = "npm did not bring OpenSeadragon here (bin/setup)."
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    page.goto(f"{site}{book.path}{query}")
    page.locator(READY).wait_for()


def sound(page: Page) -> None:
    assert not page.evaluate(WIDER), page.url
    assert page.evaluate(SMALL) == []
    assert page.evaluate(NAMELESS) == []
    assert page.locator("h1").count() == 1
    low = page.evaluate(
        """(all) => [...document.querySelectorAll(`.reader :is(${all})`)]
          .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 43.5)
          .map((each) => each.outerHTML.slice(0, 90))""",
        LOW,
    )
    assert low == []


def test_without_scripts_pages_turn_the_text_is_read_and_found(
    site: str, book: Book, plain_phone: Page
) -> None:
    plain_phone.goto(site + book.path)
    sound(plain_phone)
    assert plain_phone.locator("a.word", has_text=book.word).first.is_visible()
    assert plain_phone.locator(".reader-sheet img").evaluate("each => each.naturalWidth") > 600
    plain_phone.locator('#reader-find input[name="q"]').fill(book.word)
    plain_phone.locator("#reader-find button").click()
    assert book.word in plain_phone.locator(".reader-hits mark").first.inner_text()
    assert plain_phone.locator(".mark-hit").count() > 0
    sound(plain_phone)
    plain_phone.locator('a[rel="next"]').click()
    assert plain_phone.locator(".reader-text").count() == 0
    plain_phone.locator('a[rel="next"]').click()
    assert "3" in plain_phone.locator(".reader-closed").inner_text()
    plain_phone.locator("#reader-page").fill("4")
    plain_phone.locator("#reader-page").press("Enter")
    assert plain_phone.locator(".reader-lines .word").count() > 5
    assert "page=4" in plain_phone.url


def test_deep_zoom_paints_the_tiles_of_the_page(site: str, book: Book, phone: Page) -> None:
    tiles: list[str] = []
    phone.on("response", lambda answer: tiles.append(answer.url) if "/iiif/image/" in answer.url else None)
    opened(phone, site, book)
    sound(phone)
    expect(phone.locator(".reader-still")).to_be_hidden()
    dark, light = phone.evaluate(PAINTED)
    assert dark > 0.002
    assert light > 0.2
    before = len(tiles)
    for _ in range(4):
        phone.keyboard.press("+")
    phone.wait_for_function(
        "n => performance.getEntriesByType('resource').filter(e => e.name.includes('/iiif/image/')).length > n",
        arg=before,
    )
    assert any(re.search(r"/\d+,\d+,\d+,\d+/\d+,\d+/0/default\.jpg$", url) for url in tiles)


def test_pages_turn_by_keys_in_place_and_are_announced(site: str, book: Book, phone: Page) -> None:
    opened(phone, site, book)
    phone.evaluate("window.stays = true")
    phone.keyboard.press("ArrowRight")
    expect(phone.locator("#reader-page")).to_have_value("2")
    expect(phone.locator("#reader-said")).to_contain_text("2")
    phone.keyboard.press("End")
    expect(phone.locator("#reader-page")).to_have_value("4")
    assert "page=4" in phone.url
    expect(phone.locator(".reader-strip a[aria-current]")).to_contain_text("4")
    phone.keyboard.press("ArrowLeft")
    expect(phone.locator(".reader-closed")).to_be_visible()
    expect(phone.locator("#reader-tools button").first).to_be_disabled()
    phone.keyboard.press("Home")
    expect(phone.locator("#reader-page")).to_have_value("1")
    phone.go_back()
    expect(phone.locator(".reader-closed")).to_be_visible()
    phone.go_back()
    expect(phone.locator("#reader-page")).to_have_value("4")
    phone.locator(READY).wait_for()
    phone.keyboard.press("r")
    assert "rotation=90" in phone.url
    phone.keyboard.press("?")
    expect(phone.locator("#reader-keys")).to_be_visible()
    assert phone.evaluate("window.stays")
    phone.keyboard.press("Escape")
    expect(phone.locator("#reader-keys")).to_be_hidden()
    phone.keyboard.press("/")
    assert phone.evaluate("document.activeElement.id") == "reader-q"
    phone.keyboard.type("0")
    assert phone.locator("#reader-q").input_value() == "0"


def test_the_link_that_turned_keeps_the_focus(site: str, book: Book, phone: Page) -> None:
    opened(phone, site, book)
    phone.locator('[data-turn="next"]').focus()
    phone.keyboard.press("Enter")
    expect(phone.locator("#reader-page")).to_have_value("2")
    assert phone.evaluate("document.activeElement.dataset.turn") == "next"
    assert phone.evaluate("document.activeElement.href").endswith("page=3")


@pytest.fixture
def touched(browser: Browser, errors: Errors) -> Iterator[Page]:
    """A phone that knows touch."""
    page = watched(browser, errors, has_touch=True)
    yield page
    page.context.close()


def swipe(page: Page, by: int) -> None:
    """Draw one finger over the picture."""
    box = page.locator(".reader-deep").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in (1, 2, 3, 4):
        points = [{"x": x + by * part / 4, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_turns_pages(site: str, book: Book, touched: Page) -> None:
    opened(touched, site, book)
    swipe(touched, -120)
    expect(touched.locator("#reader-page")).to_have_value("2")
    touched.locator(READY).wait_for()
    swipe(touched, 120)
    expect(touched.locator("#reader-page")).to_have_value("1")


def test_what_was_found_is_marked_where_it_stands_on_the_picture(site: str, book: Book, phone: Page) -> None:
    """The mark covers the ink of the word: the same part of the whole page in the window and in the file."""
    opened(phone, site, book, f"?q={book.word}")
    hit = phone.locator(".deep-hit").first
    hit.wait_for()
    mark, window = hit.bounding_box(), phone.locator(".reader-deep").bounding_box()
    assert mark is not None
    assert window is not None
    (found, *_rest) = (
        each for each in inside.search(book.record, book.word, anonymous()).pages if each.leaf == 1
    )
    x, y, w, h = found.boxes[0]
    width, height = 1700, 1000
    scale = min(window["width"] / width, window["height"] / height)
    left = window["x"] + (window["width"] - width * scale) / 2
    top = window["y"] + (window["height"] - height * scale) / 2
    assert mark["x"] == pytest.approx(left + x * scale, abs=2)
    assert mark["y"] == pytest.approx(top + y * scale, abs=2)
    assert mark["width"] == pytest.approx(w * scale, abs=2)
    assert mark["height"] == pytest.approx(h * scale, abs=2)


def test_a_region_that_is_shared_opens_again(site: str, book: Book, phone: Page) -> None:
    opened(phone, site, book)
    phone.locator("#reader-tools button", has_text=re.compile("Chia sẻ|Share")).click()
    phone.locator("[data-draw]").click()
    box = phone.locator(".reader-draw").bounding_box()
    assert box is not None
    x, y = box["x"], box["y"] + box["height"] / 2
    phone.mouse.move(x + 60, y - 20)
    phone.mouse.down()
    phone.mouse.move(x + 200, y + 40, steps=3)
    phone.mouse.up()
    address = phone.locator("#reader-address").input_value()
    asked = re.search(r"xywh=(\d+),(\d+),(\d+),(\d+)", address)
    assert asked is not None, address
    left, top, width, height = map(int, asked.groups())
    assert left + width <= 1700
    assert top + height <= 1000
    assert width / height == pytest.approx(140 / 60, rel=0.1)
    phone.goto(address)
    phone.locator(READY).wait_for()
    region, window = (
        phone.locator(".deep-region").bounding_box(),
        phone.locator(".reader-deep").bounding_box(),
    )
    assert region is not None
    assert window is not None
    assert region["x"] >= window["x"] - 1
    assert region["x"] + region["width"] <= window["x"] + window["width"] + 1
    assert region["width"] > 0.7 * window["width"]  # it fills the window


def test_text_and_picture_light_up_together_and_a_word_opens_its_card(
    site: str, book: Book, phone: Page
) -> None:
    phone.set_viewport_size({"width": 1280, "height": 800})
    opened(phone, site, book)
    sound(phone)
    line = phone.locator(".reader-line", has_text=book.word).first
    line.hover()
    expect(phone.locator(".deep-line")).to_have_count(1)
    assert line.get_attribute("data-lit") == ""
    lit = phone.locator(".deep-line").bounding_box()
    assert lit is not None
    phone.mouse.move(5, 5)
    phone.mouse.move(lit["x"] + lit["width"] / 2, lit["y"] + lit["height"] / 2)
    expect(line).to_have_attribute("data-lit", "")
    line.locator("a.word").first.click()
    expect(phone.locator("#word-card")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(phone.locator("#word-card")).to_be_hidden()


def test_on_a_phone_picture_and_text_are_chosen_by_buttons(site: str, book: Book, phone: Page) -> None:
    opened(phone, site, book)
    expect(phone.locator(".reader-text")).to_be_hidden()
    phone.locator('.reader-views [data-view="text"]').click()
    expect(phone.locator(".reader-picture")).to_be_hidden()
    expect(phone.locator(".reader-text")).to_be_visible()
    sound(phone)
    phone.keyboard.press("ArrowRight")  # a page without text: nothing to choose
    expect(phone.locator(".reader-views")).to_be_hidden()
    expect(phone.locator(".reader-picture")).to_be_visible()
