"""Two days in the library, in a real browser on real files: a librarian's at a desk, a reader's at a phone."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import icalendar
import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from access.domain import roles
from access.domain.viewer import anonymous
from dictionary.domain import publish
from dictionary.domain.content import entry, form
from dictionary.models import Entry
from jobs.domain.worker import work
from languages import registry
from library.domain import files
from library.domain.leaves import leaves
from library.domain.reading import text_of
from library.festivals.models import Festival
from library.interfaces.public.reading import reading_address
from library.models import Record, RecordFile
from library.requests.models import Request
from media_pipeline.domain import blobs
from media_pipeline.models import Asset
from search.domain.rebuild import rebuild
from tests.dictionary import samples as words
from tests.e2e.conftest import Errors, watched
from tests.e2e.test_lookup import SMALL, WIDER
from tests.library.festivals import samples as festivals
from tests.library.samples import person, published
from tests.shared_data import shared

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SCANS = ("images-ocr/baiona.png", "images-ocr/linn.png")
SPEECH = "audio-whisper/jfk.flac"
MARC = "marc-traject/test_data.utf8.mrc"
OPEN = "https://creativecommons.org/publicdomain/zero/1.0/"
READ = "en"
"""The language of the scans: the model that reads it comes with the tool."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is made of the files, once for both days."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _made_once(made: Path, settings: Any, tmp_path: Path) -> None:
    """Let both days have the same files; let each have an index of its own, which no other test finds."""
    settings.MEDIA_ROOT = made
    settings.DATA_DIR = tmp_path


@pytest.fixture
def desk(browser: Browser, live_server: Any, errors: Errors) -> Iterator[Page]:
    """A wide screen."""
    page = watched(browser, errors, base_url=live_server.url)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.set_default_timeout(20_000)
    yield page
    page.context.close()


def worked() -> None:
    """A worker does all that waits."""
    work(["default", "media", "index"], Event(), until_idle=True)


def log_in(page: Page) -> None:
    user = person("librarian", roles.LIBRARIAN)
    user.set_password("bamboo and stilts")
    user.save()
    page.goto("/admin/")
    page.locator("[name=username]").fill("librarian")
    page.locator("[name=password]").fill("bamboo and stilts")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/admin/")


def value(page: Page, group: str) -> Any:
    return page.locator(f"[data-group={group}] .record-value").first


def press(page: Page, action: str) -> None:
    """An action of the foot of a form, from its menu where it stands there."""
    button = page.locator(f"footer {action}").first
    if not button.is_visible():
        page.locator("footer [data-w-dropdown-target=toggle]").first.click()
    with page.expect_navigation():
        button.click()
    expect(page.locator(".messages .success").first).to_be_visible()


def catalogue(page: Page, kind: str, title: str, paths: list[str]) -> Record:
    """A record of a kind by its form, with these files, done, and published."""
    page.goto(reverse("wagtailsnippets_library_record:add"))
    page.locator(f"a[href='?kind={kind}']").click()
    value(page, "title").fill(title)
    value(page, "language").fill(READ)
    press(page, "button.action-save")
    record = Record.objects.latest("pk")
    assert not record.live
    page.set_input_files("#record-upload", [shared(path) for path in paths])
    expect(page.locator("li.record-file")).to_have_count(len(paths))
    expect(page.locator("li.record-file progress")).to_have_count(len(paths))
    worked()
    # The page asks how far they are by itself.
    expect(page.locator("li.record-file progress")).to_have_count(0)
    press(page, "[name=action-publish]")
    record.refresh_from_db()
    assert record.live
    return record


def test_the_librarians_day(live_server: Any, web_fonts: None, desk: Page) -> None:
    """Log in, catalogue a book with scans and a recording, see the work done, publish, import, undo."""
    log_in(desk)
    book = catalogue(desk, "book", "A book of two pages", list(SCANS))
    recording = catalogue(desk, "recording", "A speech", [SPEECH])
    assert set(Asset.objects.values_list("state", flat=True)) == {Asset.State.DONE}
    assert book.files.count() == 2

    desk.goto(reverse("media_pipeline:files"))
    for path in (*SCANS, SPEECH):
        expect(desk.locator("main")).to_contain_text(Path(path).name)
    desk.goto(reading_address(book.ark) + "?page=2")
    expect(desk.locator(".reader-line").first).to_be_attached()
    naan, _slash, name = recording.ark.removeprefix("ark:").partition("/")
    desk.goto(f"/records/ark:{naan}/{name}/")
    expect(desk.locator("h1")).to_have_text("A speech")

    desk.goto(reverse("library_imports:upload"))
    desk.set_input_files("[name=file]", shared(MARC))
    desk.locator("[name=publish]").check()
    desk.locator("main form button[type=submit]").last.click()
    desk.wait_for_url("**/imports/**")
    worked()
    act(desk, "apply")
    assert Record.objects.filter(live=True).count() == 32
    imported = Record.objects.filter(live=True).order_by("pk").last()
    assert imported is not None
    desk.goto("/records/")
    expect(desk.locator("main")).to_contain_text(imported.title[:30])
    desk.go_back()
    act(desk, "undo")
    assert set(Record.objects.all()) == {book, recording}
    desk.goto("/records/")
    expect(desk.locator(".records .hit")).to_have_count(2)


def act(page: Page, phase: str) -> None:
    """Press the button of a phase on the page of an import, and let a worker do it."""
    page.reload()
    with page.expect_navigation():
        page.locator(f"form[action$='/{phase}/'] button").click()
    worked()
    page.reload()


@pytest.fixture
def word(live_server: Any) -> str:
    """A word that stands on the second page of a published book, and in a lexicon."""
    book = published("A book of two pages", fields={"language": [{"tag": READ}]})
    speech = published("A speech", kind="recording", fields={"language": [{"tag": READ}]})
    for record, path in ((book, SCANS[0]), (book, SCANS[1]), (speech, SPEECH)):
        blob = blobs.store_original(io.BytesIO(shared(path).read_bytes()))
        files.attach(record, blob, Path(path).name, licence=OPEN)
    worked()
    text = text_of(leaves(book, anonymous())[1])
    assert text is not None
    found = next(
        word.text for line in text.lines for word in line.words if re.fullmatch("[a-z]{9,}", word.text)
    )
    spelled = registry().orthography(READ)
    lexicon = words.lexicon(language=spelled.language, orthography=spelled.tag)
    publish.publish(
        Entry(lexicon=lexicon, content=entry([form(spelled.tag, found)], [words.gloss_sense("a meaning")]))
    )
    rebuild()
    return found


@pytest.fixture
def festival() -> Festival:
    """A festival of which the next days are known."""
    held = festivals.festival()
    day = timezone.localdate() + timedelta(days=9)
    festivals.declare(held, day.year, day, day)
    return held


def test_the_readers_day(
    live_server: Any, web_fonts: None, word: str, festival: Festival, phone: Page
) -> None:
    """Find a word of a scan, see it on the picture, look it up; listen; note a festival; ask for removal."""
    if finders.find("vendor/openseadragon/openseadragon.min.js") is None:
        message = "npm did not bring OpenSeadragon here (bin/setup)."
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    phone.goto(f"{live_server.url}/search/")
    phone.locator("#everything-q").fill(word)
    phone.locator("#everything-q").press("Enter")
    hit = phone.locator(".found a.hit-head", has_text="A book of two pages").first
    expect(hit.locator(".found-where")).to_contain_text("2")
    sound(phone)
    hit.click()
    phone.locator("#reader[data-ready]").wait_for()
    expect(phone.locator("#reader-page")).to_have_value("2")
    expect(phone.locator(".deep-hit").first).to_be_visible()
    sound(phone)
    phone.locator('.reader-views [data-view="text"]').click()
    phone.locator(".reader-text a.word", has_text=re.compile(f"^{word}$")).first.click()
    card = phone.locator("#word-card")
    expect(card.locator(".card-word")).to_have_text(word)
    card.locator(".card-word").click()
    expect(phone.locator("h1.headword")).to_have_text(word)
    expect(phone.locator("article")).to_contain_text("a meaning")

    heard = RecordFile.objects.get(name="jfk.flac")
    phone.goto(f"{live_server.url}/records/?q=speech")
    phone.locator("a.hit-head", has_text="A speech").click()
    phone.locator(f"a[href*='/play/{heard.uuid}']").first.click()
    phone.locator("[data-do=toggle]").click()
    expect(phone.locator("[data-now]")).to_have_text("0:02")
    sound(phone)

    phone.goto(f"{live_server.url}/festivals/")
    phone.locator("main a", has_text=festival.name).first.click()
    sound(phone)
    with phone.expect_download() as kept:
        phone.locator("a[href$='.ics']").click()
    dates = icalendar.Calendar.from_ical(Path(kept.value.path()).read_bytes())
    assert timezone.localdate() + timedelta(days=9) in {each["DTSTART"].dt for each in dates.walk("VEVENT")}

    read = RecordFile.objects.get(name="linn.png").record
    phone.goto(f"{live_server.url}{reading_address(read.ark)}?page=2")
    phone.locator("#reader[data-ready]").wait_for()
    ask = phone.locator(".request-link a")
    phone.goto(f"{live_server.url}{ask.get_attribute('href')}")
    sound(phone)
    phone.locator("[name=kind]").first.check()
    phone.locator("textarea[name=text]").fill("This page is not ours to show.")
    phone.locator(".request-form button[type=submit]").click()
    sound(phone)
    asked = Request.objects.get()
    assert asked.locator == "page=2"
    expect(phone.locator("h1")).to_contain_text(str(asked.number))


def sound(page: Page) -> None:
    """What holds of every page at a phone."""
    assert not page.evaluate(WIDER), page.url
    assert page.evaluate(SMALL) == []
