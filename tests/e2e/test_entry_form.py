"""A linguist's day in a real browser: an entry is written, reordered, reviewed, published and found."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from access.domain import roles
from access.domain.viewer import anonymous
from dictionary.models import Entry, EntryFile
from search.domain.lookup import lookup
from tests.dictionary import samples

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _no_page_outlives_its_test(browser) -> Iterator[None]:
    yield
    for context in browser.contexts:
        context.close()


def page_of(browser: Browser, live_server, user, **options) -> Page:
    """A page of a browser in which the user is logged in; an error in a script fails the test."""
    session = Client()
    session.force_login(user)
    context = browser.new_context(base_url=live_server.url, **options)
    context.add_cookies(
        [{"name": "sessionid", "value": session.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.set_default_timeout(20_000)

    def broken(error):
        raise AssertionError(error)

    page.on("pageerror", broken)
    return page


def box(page: Page, path: str):
    return page.locator(f"[data-path='{path}']")


def glosses(page: Page) -> list[str]:
    return page.locator("[data-path$='glosses[0].text'], [data-path$='glosses[new].text']").evaluate_all(
        "boxes => boxes.map((box) => box.value).filter((text) => text)"
    )


def saved(page: Page) -> None:
    with page.expect_navigation():
        page.locator("footer button.action-save").first.click()
    expect(page.locator(".messages .success").first).to_be_visible()


def more_actions(page: Page) -> None:
    page.locator("footer [data-w-dropdown-target='toggle']").first.click()


def write_entry(page: Page, lexicon) -> None:
    """Two senses and a subsense, with keys alone where keys are offered."""
    page.goto(f"/admin/dictionary/entries/add/?lexicon={lexicon.pk}")
    box(page, "forms[new].text").first.fill(samples.word(0))
    page.locator("[data-add-sense]").click()
    page.keyboard.type("Noun")
    first = page.locator("[data-sense]").nth(0)
    first.locator("[data-path$='glosses[new].text']").first.fill("first")
    first.locator("[data-path$='glosses[new].text'], [data-path$='glosses[0].text']").first.press(
        "Alt+Shift+S"
    )
    second = page.locator("[data-sense]").nth(1)
    second.locator("[data-path$='glosses[new].text']").first.fill("second")
    second.locator("[data-add-subsense]").click()
    third = page.locator("[data-sense] [data-sense]")
    third.locator("[data-path$='glosses[new].text']").first.fill("third")
    third.locator("[data-add-example]").click()
    third.locator("[data-path*='examples[0].forms']").first.fill(samples.word(3))


def test_an_entry_is_written_reordered_reviewed_published_and_found(browser, live_server):
    lexicon = samples.lexicon()
    page = page_of(browser, live_server, samples.person("contributor", roles.CONTRIBUTOR))
    write_entry(page, lexicon)
    page.locator("[data-sense]").nth(1).locator("[data-up]").first.click()
    expect(page.locator("[data-up]").first).to_be_focused()
    saved(page)
    entry = Entry.objects.get()
    tree = entry.get_latest_revision_as_object().content
    assert [sense["glosses"][0]["text"] for sense in tree["senses"]] == ["second", "first"]
    assert tree["senses"][1]["pos"] == {"value": "Noun"}
    assert tree["senses"][0]["senses"][0]["glosses"][0]["text"] == "third"
    assert tree["senses"][0]["senses"][0]["examples"][0]["forms"][0]["text"] == samples.word(3)

    page.locator("[data-sense]").last.locator("[data-indent]").click()
    more_actions(page)
    page.locator("[name='action-submit']").click()
    page.wait_for_load_state()
    entry.refresh_from_db()
    assert entry.workflow_in_progress and not entry.live
    assert lookup(samples.word(0), viewer=anonymous(), fresh=True).total == 0

    reviewer = page_of(browser, live_server, samples.person("reviewer", roles.REVIEWER))
    reviewer.goto(f"/admin/dictionary/entries/edit/{entry.pk}/")
    expect(reviewer.locator("[data-sense]")).to_have_count(3)
    more_actions(reviewer)
    reviewer.locator("[data-workflow-action-name='approve']").first.click()
    reviewer.wait_for_load_state()
    for _try in range(50):
        entry.refresh_from_db()
        if entry.live:
            break
        reviewer.wait_for_timeout(100)
    assert entry.live
    assert [hit.pk for hit in lookup(samples.word(0), viewer=anonymous(), fresh=True).hits] == [entry.pk]
    assert [sense["glosses"][0]["text"] for sense in entry.content["senses"]] == ["second"]
    assert len(entry.content["senses"][0]["senses"]) == 2


def test_opening_and_saving_without_a_change_keeps_the_content_identical(browser, live_server):
    from tests.dictionary.test_admin import rich

    lexicon = samples.lexicon()
    entry = Entry(lexicon=lexicon, content=rich())
    samples.publish.publish(entry)
    page = page_of(browser, live_server, samples.person("linguist", roles.LINGUIST))
    page.goto(f"/admin/dictionary/entries/edit/{entry.pk}/")
    expect(page.locator("[data-sense]")).to_have_count(2)
    saved(page)
    assert Entry.objects.get().get_latest_revision_as_object().content == entry.content
    # A change of one gloss changes that gloss alone.
    box(page, "senses[1].glosses[0].text").fill("changed")
    saved(page)
    expected = entry.content
    expected["senses"][1]["glosses"][0]["text"] = "changed"
    assert Entry.objects.get().get_latest_revision_as_object().content == expected


def test_letters_are_pointed_at_and_a_recording_is_heard_before_and_after_saving(
    browser, live_server, tmp_path
):
    sound = io.BytesIO()
    with wave.open(sound, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(4000))
    (tmp_path / "said.wav").write_bytes(sound.getvalue())
    entry = samples.published(samples.lexicon())
    page = page_of(browser, live_server, samples.person("linguist", roles.LINGUIST))
    page.goto(f"/admin/dictionary/entries/edit/{entry.pk}/")
    headword = box(page, "forms[0].text")
    headword.focus()
    letter = page.locator(".entry-palette button").nth(5)
    expected = samples.word(0) + letter.inner_text()
    headword.press("End")
    letter.click()
    expect(headword).to_have_value(expected)
    page.locator("[data-section='pronunciations'] .entry-list > .entry-buttons button").click()
    page.locator("[data-section='pronunciations'] input[type=file]").set_input_files(tmp_path / "said.wav")
    expect(page.locator("audio[src^='blob:']")).to_be_visible()
    saved(page)
    assert EntryFile.objects.get().entry == entry
    player = page.locator("audio[src^='/files/']")
    assert player.evaluate(
        "(audio) => new Promise((done) => { audio.oncanplay = () => done(true); audio.load(); })"
    )


def test_what_is_written_is_kept_as_a_draft_without_a_click(browser, live_server):
    entry = samples.published(samples.lexicon(), 0, "old")
    page = page_of(browser, live_server, samples.person("linguist", roles.LINGUIST))
    page.goto(f"/admin/dictionary/entries/edit/{entry.pk}/")
    # Wagtail takes the form as it stands two seconds after loading for the unchanged one.
    page.wait_for_timeout(2500)
    box(page, "senses[0].glosses[0].text").fill("kept")
    for _try in range(100):
        if Entry.objects.get().get_latest_revision_as_object().gloss == "kept":
            break
        page.wait_for_timeout(100)
    assert Entry.objects.get().get_latest_revision_as_object().gloss == "kept"
    assert Entry.objects.get().gloss == "old"


def test_a_relation_is_found_by_typing_and_chosen_by_keys(browser, live_server):
    lexicon = samples.lexicon()
    entry, other = samples.published(lexicon, 0, "one"), samples.published(lexicon, 3, "other")
    page = page_of(browser, live_server, samples.person("linguist", roles.LINGUIST))
    page.goto(f"/admin/dictionary/entries/edit/{entry.pk}/")
    part = page.locator("[data-section='relations']")
    part.locator("summary").click()
    part.locator(".entry-list > .entry-buttons button").click()
    part.locator("[data-path='relations[0].type']").fill("synonym")
    found = part.locator("[role=combobox]")
    found.press_sequentially(samples.word(3))
    expect(part.locator("[role=option]").first).to_contain_text("other")
    found.press("ArrowDown")
    found.press("Enter")
    saved(page)
    (relation,) = Entry.objects.get(pk=entry.pk).get_latest_revision_as_object().content["relations"]
    assert (relation["type"], relation["ref"]) == ("synonym", other.identity)
    expect(page.locator("[role=combobox]")).to_have_value(f"{samples.word(3)} — other")


def test_at_tablet_width_nothing_is_cut_off_and_targets_are_large(browser, live_server):
    entry = samples.published(samples.lexicon(), 0, "one", "two")
    linguist = samples.person("linguist", roles.LINGUIST)
    page = page_of(browser, live_server, linguist, viewport={"width": 800, "height": 1000})
    page.goto(f"/admin/dictionary/entries/edit/{entry.pk}/")
    expect(page.locator("[data-sense]")).to_have_count(2)
    assert page.locator(".entry-editor").evaluate(
        "(form) => [...form.querySelectorAll('textarea, input, button, section')]"
        ".every((each) => each.getBoundingClientRect().right <= window.innerWidth)"
    )
    assert page.locator(".entry-tools button:visible").evaluate_all(
        "(tools) => tools.every((each) => each.getBoundingClientRect().height >= 44)"
    )


def test_without_script_the_plain_fields_are_enough(browser, live_server):
    lexicon = samples.lexicon()
    user = samples.person("contributor", roles.CONTRIBUTOR)
    page = page_of(browser, live_server, user, java_script_enabled=False)
    page.goto(f"/admin/dictionary/entries/add/?lexicon={lexicon.pk}")
    page.locator(f"[name='content-plain-headword-{samples.writing().tag}']").fill(samples.word(1))
    page.locator(f"[name='content-plain-gloss-{samples.GLOSSES[0]}']").fill("plain")
    page.locator("form#w-editor-form button.action-save").click()
    entry = Entry.objects.get()
    assert (entry.headword, entry.gloss, entry.live) == (samples.word(1), "plain", False)
