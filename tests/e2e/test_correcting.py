"""A linguist corrects a page and a transcript in a real browser, with the keyboard of the language."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from access.domain import roles
from access.domain.viewer import anonymous
from ime.compiling import compiled
from ime.howto import howto
from languages import registry
from library.domain import inside
from library.domain.correcting.lines import page_lines, save_line
from library.models import RecordFile
from media_pipeline.domain import texts
from media_pipeline.models import PageText
from tests.dictionary.samples import writing
from tests.e2e.conftest import Errors, watched
from tests.e2e.test_keyboards import combination, default_of
from tests.ime.sentences import sentence
from tests.library import films
from tests.library.houses_of_files import scan
from tests.library.samples import person, published

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

TAG = writing().tag
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def desk(browser: Browser, errors: Errors, live_server: LiveServer, web_fonts: None) -> Iterator[Page]:
    """A computer at which a linguist is logged in."""
    session = Client()
    session.force_login(person("linguist", roles.LINGUIST))
    name = settings.SESSION_COOKIE_NAME
    page = watched(browser, errors, base_url=live_server.url)
    page.set_viewport_size({"width": 1280, "height": 900})
    cookie = {"name": name, "value": session.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.set_default_timeout(20_000)
    yield page
    page.context.close()


def typed(page: Page, box: str, text: str) -> None:
    """Type a text with the keyboard of the language, as it is offered beside the field."""
    field = page.locator(box)
    field.click()
    button = page.locator(f"form:has({box}) .ime-button").first
    if button.get_attribute("aria-expanded") != "true":
        button.click()
    page.locator(".ime-dock button.ime-key").first.wait_for()
    field.press("Control+a")
    field.press("Delete")
    for press in howto(compiled(default_of(TAG)), text):
        combination(page, press)
    expect(field).to_have_value(text)


def shot(page: Page, name: str) -> None:
    """A picture for whoever asks for pictures."""
    if SHOTS:
        for width in (1280, 800):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png")
        page.set_viewport_size({"width": 1280, "height": 900})


def found(file: RecordFile, query: str) -> int:
    return inside.search(file.record, query, anonymous()).total


def kept(text: str) -> str:
    return registry().orthography(TAG).normalise(text)


def page_of_lines() -> RecordFile:
    """A scan on which a machine read three lines, and was not sure of the second."""
    file = scan(published(fields={"language": [{"tag": TAG}]}))
    lines = [
        [
            f"l{at}",
            f"mistake{at}",
            60,
            60 + 80 * at,
            400,
            40,
            [[f"mistake{at}", 60, 60 + 80 * at, 400, 40, sure]],
        ]
        for at, sure in enumerate((0.95, 0.4, 0.95))
    ]
    PageText.objects.filter(asset=file.asset).update(lines=lines, language=TAG)
    return file


def test_a_page_is_corrected_line_by_line_with_the_keyboard_of_the_language(
    desk: Page, errors: Errors
) -> None:
    file = page_of_lines()
    text = sentence(TAG).split(" ")[0]
    naan, _slash, name = file.record.ark.removeprefix("ark:").partition("/")
    desk.goto(reverse("record-read", args=[naan, name]))
    desk.locator(f"a[href='{reverse('library_admin:correct_page', args=[file.pk, 1])}']").click()
    field = desk.locator("#correct-text")
    expect(field).to_have_value("mistake1")  # that of which the machine is unsure comes first
    typed(desk, "#correct-text", text)
    shot(desk, "page-keyboard")
    field.press("Enter")
    expect(field).to_have_value("mistake2")
    expect(field).to_be_focused()
    expect(desk.locator("[data-row]").nth(1)).to_have_class("is-corrected")
    expect(desk.locator("[data-counted=corrected]")).to_have_text("1")
    field.press("ArrowUp")
    expect(field).to_have_value(kept(text))
    assert [line.text for line in page_lines(file, 1).lines] == [
        "mistake0",
        kept(text),
        "mistake2",
    ]
    assert (found(file, text), found(file, "mistake1")) == (1, 0)
    # The strip above the field shows the line, sharply.
    strip = desk.locator("[data-strip]")
    assert (strip.get_attribute("viewBox") or "").split(" ")[1] == "126"
    expect(desk.locator("[data-strip] [data-sharp] image").first).to_be_attached()
    # Somebody else writes meanwhile: both texts are there, and the person decides.
    box = page_lines(file, 1).lines[0].box
    field.press("ArrowUp")
    save_line(file, 1, box, "theirs", "mistake0", None)
    field.fill("mine")
    desk.on("dialog", lambda dialog: dialog.accept())
    field.press("Enter")
    expect(desk.locator("[data-said]")).to_contain_text("theirs")
    expect(field).to_have_value("mine")
    shot(desk, "page-conflict")
    field.press("Enter")
    expect(desk.locator("[data-row]").nth(0).locator("a")).to_have_text("mine")
    # A line that the machine did not see is drawn.
    desk.locator("[data-add] summary").click()
    desk.locator("[data-page]").scroll_into_view_if_needed()
    area = desk.locator("[data-page]").bounding_box()
    assert area is not None
    scale = area["width"] / 1300
    desk.mouse.move(area["x"] + 60 * scale, area["y"] + 500 * scale)
    desk.mouse.down()
    desk.mouse.move(area["x"] + 460 * scale, area["y"] + 560 * scale, steps=3)
    desk.mouse.up()
    expect(desk.locator("#correct-new")).to_be_focused()
    desk.keyboard.insert_text("drawn")
    shot(desk, "page-draw")
    desk.locator("button[value=add]").click()
    expect(desk.locator("[data-row]")).to_have_count(4)
    last = page_lines(file, 1).lines[-1]
    assert last.text == "drawn" and abs(last.box[0] - 60) < 6 and abs(last.box[3] - 60) < 6
    # That it was told of the conflict (409) is all that the browser may complain of.
    conflicts = [each for each in errors if "409" in each]
    assert len(conflicts) == 2
    for each in conflicts:
        errors.remove(each)


def test_a_recording_that_nobody_heard_is_transcribed_from_nothing(desk: Page, tmp_path: Path) -> None:
    file = films.recording(tmp_path, TAG, 4)
    assert file.asset is not None
    text = sentence(TAG).split(" ")[0]
    naan, _slash, name = file.record.ark.removeprefix("ark:").partition("/")
    desk.goto(reverse("record-play", args=[naan, name, file.uuid]))
    desk.locator(f"a[href='{reverse('library_admin:correct_transcript', args=[file.pk])}']").click()
    form = desk.locator("[data-add-form]")
    typed(desk, "#correct-new", text)
    form.locator("[name=end]").fill("0:02")
    form.locator("[name=speaker]").fill("A")
    form.locator("button[value=add]").click()
    expect(desk.locator("[data-row]")).to_have_count(1)
    expect(form.locator("[name=start]")).to_have_value("0:02")
    form.locator("[name=end]").fill("3.5")
    desk.locator("#correct-new").fill("second part")
    form.locator("button[value=add]").click()
    expect(desk.locator("[data-row]")).to_have_count(2)
    assert found(file, text) == 1
    # This cue is played, and stops where it ends.
    desk.locator("[data-row] a").nth(1).click()
    desk.locator("[data-speed]").select_option("1.25")
    desk.locator("[data-play-cue]").click()
    desk.wait_for_function("document.querySelector('audio').currentTime > 2")
    desk.wait_for_function("document.querySelector('audio').paused")
    assert 3.4 < float(desk.evaluate("document.querySelector('audio').currentTime")) < 3.9
    shot(desk, "transcript")
    # It is split where the caret stands.
    field = desk.locator("#correct-text")
    field.evaluate("(box) => { box.focus(); box.setSelectionRange(6, 6); }")
    desk.locator("[data-split]").click()
    expect(desk.locator("[data-row]")).to_have_count(3)
    assert [cue.text for cue in texts.cues(file.asset)] == [kept(text), "second", "part"]
    desk.locator("[data-row] a").nth(1).click()
    field.fill("seconds")
    field.press("Control+Enter")
    expect(desk.locator("[data-row]").nth(1)).to_contain_text("seconds")
    expect(field).to_have_value("part")
    assert found(file, "seconds") == 1
    assert re.search(r"<v A>", texts.subtitles(file.asset))
