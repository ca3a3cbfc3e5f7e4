"""A film is watched on a phone: by HLS, with its transcript, its words, its subtitles, or the sound alone."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from dictionary.models import Entry
from library.models import RecordFile
from tests.dictionary import samples
from tests.e2e.test_lookup import NAMELESS, SMALL, WIDER
from tests.library import films

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LINE = 250  # milliseconds
LINES = 16
MEDIA = "document.querySelector('#play video, #play audio')"
NOW = f"{MEDIA}.currentTime"
STILL = f"{MEDIA}.paused"
HEIGHT = f"{MEDIA}.videoHeight"


@pytest.fixture
def film(live_server: LiveServer, web_fonts: None, tmp_path: Path) -> RecordFile:
    """A film of four seconds with a line of the transcript every quarter of one; its words are in a lexicon."""
    words = samples.published(samples.lexicon(), 1, "a meaning")
    made = films.film(
        tmp_path, samples.writing().tag,
        chapters=[{"start": 0, "title": "The beginning"}, {"start": 2, "title": "The end"}],
    )  # fmt: skip
    films.write(made, [f"{words.headword} {number}" for number in range(LINES)], LINE)
    return made


def until(page: Page, condition: str) -> None:
    """Wait for something to become true. Playwright would evaluate text in the page, which its policy forbids."""
    end = time.monotonic() + 20
    while not page.evaluate(condition):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(50)


def address(site: LiveServer, file: RecordFile, query: str = "") -> str:
    naan, _slash, name = file.record.ark.removeprefix("ark:").partition("/")
    return f"{site.url}{reverse('record-play', args=[naan, name, file.uuid])}{query}"


def button(page: Page, name: str) -> Locator:
    return page.locator(f"[data-do={name}]")


def test_a_film_is_watched_and_its_transcript_followed(live_server, film, phone):
    """By HLS, with subtitles; lines are gone to and repeated, the sound alone goes on from there."""
    phone.goto(address(live_server, film))
    assert not phone.evaluate(WIDER)
    assert phone.evaluate(NAMELESS) == []
    assert phone.evaluate(SMALL) == []
    button(phone, "toggle").click()
    until(phone, f"{NOW} > 3")
    assert phone.evaluate(HEIGHT) > 0
    line = phone.locator(".transcript li[aria-current=true]")
    assert int(line.get_attribute("data-start")) >= 2500
    expect(line).to_be_in_viewport()
    shown = "() => [...document.querySelector('video').textTracks].map((t) => [t.mode, t.cues?.length])"
    assert phone.evaluate(shown) == [["showing", LINES]]
    assert phone.locator("[data-chapter]").inner_text() == "· The end"

    eighth = phone.locator(".transcript li").nth(8)
    eighth.locator(".cue-time").click()
    button(phone, "repeat").click()
    expect(button(phone, "repeat")).to_have_attribute("aria-pressed", "true")
    phone.wait_for_timeout(900)
    assert 1.7 <= phone.evaluate(NOW) <= 2.0 + LINE / 1000 + 0.3
    assert not phone.evaluate(STILL)
    button(phone, "repeat").click()

    button(phone, "sound").click()
    until(phone, f"{HEIGHT} === 0 && {NOW} > 1.9 && !{STILL}")
    phone.reload()
    expect(button(phone, "sound")).to_have_attribute("aria-pressed", "true")
    button(phone, "sound").click()
    button(phone, "toggle").click()
    until(phone, f"{HEIGHT} > 0 && {NOW} > 0")


def test_a_word_opens_its_card_and_leads_to_its_entry(live_server, film, phone, errors):
    entry = Entry.objects.get()
    phone.goto(address(live_server, film))
    word = phone.locator(".transcript a.word").first
    card = phone.locator("#word-card")
    phone.context.set_offline(True)
    word.click()
    expect(card.locator("[data-body]")).to_have_text(card.get_attribute("data-failed"))
    phone.context.set_offline(False)
    errors[:] = [each for each in errors if "ERR_INTERNET_DISCONNECTED" not in each]
    card.locator("[data-close]").click()
    word.click()
    expect(card.locator(".card-word")).to_have_text(entry.headword)
    box = card.bounding_box()
    assert box["x"] == 0
    assert box["y"] + box["height"] == pytest.approx(740, abs=1)
    assert phone.evaluate(SMALL) == []
    phone.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(word).to_be_focused()
    phone.keyboard.press("Enter")
    expect(card.locator(".card-word")).to_be_visible()
    phone.keyboard.press("ArrowRight")
    expect(phone.locator(".transcript a.word").nth(1)).to_have_attribute("aria-expanded", "true")
    expect(card.locator(".card-word")).to_be_visible()
    phone.keyboard.press("Tab")
    expect(card.locator(".card-word")).to_be_focused()
    phone.keyboard.press("Enter")
    phone.wait_for_url(re.compile(str(entry.uuid)))


def test_keys_search_and_shared_moments(live_server, film, phone):
    """The keys do what people expect, and are not taken from a field; a search leaves the film where it is."""
    phone.goto(address(live_server, film, "?t=2.5"))
    assert phone.locator("[data-now]").inner_text() == "0:02"
    button(phone, "share").click()
    assert phone.locator("[data-share-box] input").input_value().endswith("?t=2")
    phone.locator("#play-q").fill("12")
    phone.locator("#play-q").press("Enter")
    expect(phone.locator(".hit-line")).to_have_count(1)
    expect(phone.locator(".hit-line mark")).to_have_text("12")
    expect(phone.locator(".hit-line")).to_be_in_viewport()
    assert phone.locator("[data-now]").inner_text() == "0:02"
    assert "q=12" in phone.url
    phone.locator("[data-clear]").click()
    expect(phone.locator(".hit-line")).to_have_count(0)

    phone.locator("#play-q").fill("m c")
    assert not phone.evaluate(f"{MEDIA}.muted")
    phone.evaluate("document.activeElement.blur()")
    phone.keyboard.press("Space")
    until(phone, f"!{STILL} && {NOW} >= 2.5")
    phone.keyboard.press("Space")
    until(phone, STILL)
    phone.keyboard.press("ArrowLeft")
    until(phone, f"{NOW} === 0")
    phone.keyboard.press("<")
    assert phone.evaluate(f"{MEDIA}.playbackRate") == 0.85
    phone.keyboard.press("m")
    assert phone.evaluate(f"{MEDIA}.muted")
    phone.keyboard.press("c")
    assert phone.evaluate(f"{MEDIA}.textTracks[0].mode") == "hidden"
    phone.locator("[data-seek]").focus()
    phone.keyboard.press("ArrowRight")
    until(phone, f"{NOW} > 3.5")


def test_a_lost_connection_is_said_and_the_film_goes_on_when_asked(live_server, film, phone, errors):
    phone.goto(address(live_server, film, "?t=2"))
    phone.route(re.compile(r"/hls/master"), lambda route: route.abort())
    button(phone, "toggle").click()
    expect(phone.locator("[data-problem]")).to_be_visible(timeout=20_000)
    phone.unroute(re.compile(r"/hls/master"))
    button(phone, "again").click()
    until(phone, f"{NOW} > 2.1")
    expect(phone.locator("[data-problem]")).to_be_hidden()
    errors[:] = [each for each in errors if "ERR_FAILED" not in each]


def test_without_scripts_the_text_can_be_read_and_every_word_looked_up(live_server, film, plain_phone):
    plain_phone.goto(address(live_server, film))
    assert plain_phone.locator("video[controls]").is_visible()
    assert plain_phone.locator("[data-bar]").is_hidden()
    assert not plain_phone.evaluate(WIDER)
    plain_phone.locator(".transcript .cue-time").nth(4).click()
    source = plain_phone.locator("video source").first.get_attribute("src")
    assert source.endswith("master.m3u8#t=1")
    plain_phone.locator(".transcript a.word").first.click()
    assert plain_phone.locator("a.hit-head").first.inner_text() == Entry.objects.get().headword
