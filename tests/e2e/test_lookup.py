"""A person with a phone looks words up: with scripts and without them."""

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from dictionary.domain.derived import orthography
from dictionary.models import Entry, Lexicon

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# Whatever a finger must hit is 44 px high or wide enough; links within running text are not meant.
SMALL = """() => [...document.querySelectorAll(
    "button, select, summary, .site-nav a, .language-switch a, .letters a, .rows a.row, .links a, .trail a, .wordmark")]
  .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 43.5)
  .map((each) => each.outerHTML.slice(0, 80))"""
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
NAMELESS = """() => [...document.querySelectorAll("a, button, input, select, textarea")]
  .filter((each) => each.offsetParent && each.type !== "hidden")
  .filter((each) => !(each.textContent.trim() || each.getAttribute("aria-label") || each.labels?.length))
  .map((each) => each.outerHTML.slice(0, 80))"""


def in_another_script():
    """An entry whose script is not Latin, and a Latin spelling that leads to it."""
    for lexicon in Lexicon.objects.order_by("pk"):
        writing = orthography(lexicon.orthography)
        if writing.script != "Latn" and writing.transliterations:
            entry = Entry.objects.filter(lexicon=lexicon).order_by("pk").first()
            return entry, writing.transliterate(entry.headword, writing.transliterations[0].target)
    raise AssertionError("No starter lexicon has another script.")


def sound(page: Page) -> None:
    """What holds of every page."""
    assert not page.evaluate(WIDER), page.url
    assert page.evaluate(SMALL) == []
    assert page.evaluate(NAMELESS) == []
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") in {"vi", "en"}


def test_without_scripts_a_latin_spelling_leads_to_the_word_in_its_own_script(site, plain_phone):
    entry, spelling = in_another_script()
    plain_phone.goto(site)
    plain_phone.get_by_role("searchbox").fill(spelling)
    plain_phone.get_by_role("button", name=re.compile("Tra từ|Look up")).click()
    plain_phone.locator("a.hit-head", has_text=re.compile(f"^{re.escape(entry.headword)}$")).first.click()
    assert plain_phone.locator("h1.headword").inner_text() == entry.headword
    assert entry.gloss in plain_phone.locator("article").inner_text()
    assert str(entry.uuid) in plain_phone.url


def test_a_suggestion_is_chosen_by_keyboard(site, phone):
    entry, spelling = in_another_script()
    phone.goto(site)
    field = phone.get_by_role("combobox").first
    field.press_sequentially(spelling)
    option = phone.get_by_role("option").filter(has_text=entry.headword).first
    option.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    wanted = int(option.get_attribute("data-index"))
    for _ in range(wanted + 1):
        field.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    field.press("Enter")
    phone.wait_for_url(re.compile(str(entry.uuid)))
    assert phone.locator("h1.headword").inner_text() == entry.headword


def test_suggestions_close_with_escape_and_enter_asks_for_the_whole_list(site, phone):
    _entry, spelling = in_another_script()
    phone.goto(site)
    field = phone.get_by_role("combobox").first
    field.press_sequentially(spelling)
    phone.get_by_role("option").first.wait_for()
    field.press("Escape")
    expect(phone.get_by_role("listbox")).to_be_hidden()
    field.press("Enter")
    phone.wait_for_url(re.compile(r"\?q="))
    assert phone.locator(".hit").count() > 0


def test_a_suggestion_is_chosen_with_a_finger(site, phone):
    entry, _spelling = in_another_script()
    phone.goto(site)
    phone.get_by_role("combobox").first.press_sequentially(entry.headword)
    phone.get_by_role("option").filter(has_text=entry.headword).first.click()
    phone.wait_for_url(re.compile(str(entry.uuid)))


def test_the_switch_of_language_keeps_the_page(site, phone):
    entry, spelling = in_another_script()
    for address in (f"{site}/?q={spelling}", f"{site}/languages/", f"{site}/entries/{entry.uuid}/"):
        phone.goto(address)
        here = unquote(phone.url)
        phone.locator(".language-switch a").click()
        phone.wait_for_url(re.compile("/en/"))
        assert phone.locator("html").get_attribute("lang") == "en"
        assert unquote(phone.url).replace("/en/", "/") == here
        phone.locator(".language-switch a").click()
        assert unquote(phone.url) == here


def test_a_word_is_found_by_pointing_at_letters(site, plain_phone):
    entry, _spelling = in_another_script()
    writing = orthography(entry.lexicon.orthography)
    plain_phone.goto(f"{site}/languages/")
    plain_phone.locator(f"a.row[href$='/languages/{writing.language}/']").click()
    letter = writing.first_letter(entry.headword)
    plain_phone.locator(f".letters[lang='{writing.tag}'] a", has_text=re.compile(f"^{letter}$")).click()
    plain_phone.locator(".rows .word", has_text=re.compile(f"^{re.escape(entry.headword)}$")).first.click()
    assert plain_phone.locator("h1.headword").inner_text() == entry.headword


def test_every_page_fits_a_phone_and_fingers_in_light_and_dark(site, phone):
    entry, spelling = in_another_script()
    writing = orthography(entry.lexicon.orthography)
    pages = [
        "/", f"/?q={spelling}", "/?q=xyzzyxyzzy", "/languages/", f"/languages/{writing.language}/", "/about/",
        f"/languages/{writing.language}/alphabet/{writing.tag}/", f"/languages/{writing.language}/reversal/vi/",
        f"/entries/{entry.uuid}/", f"/entries/{entry.uuid}/report/", f"/lexicons/{entry.lexicon.slug}/",
    ]  # fmt: skip
    for scheme in ("light", "dark"):
        phone.emulate_media(color_scheme=scheme)
        for address in pages:
            phone.goto(site + address)
            sound(phone)


def test_a_first_visit_to_an_entry_costs_less_than_100_kb_with_the_fonts_of_its_script(site, phone):
    entry, _spelling = in_another_script()
    answers = []
    phone.on("response", lambda answer: answers.append(answer))
    phone.goto(f"{site}/entries/{entry.uuid}/")
    phone.wait_for_load_state("networkidle")
    phone.evaluate("document.fonts.ready.then(() => true)")
    sizes = {answer.url: len(answer.body()) for answer in answers if answer.status == 200}
    loaded = [url for url in sizes if url.endswith(".woff2")]
    script = phone.locator("h1.headword").get_attribute("data-script")
    assert script == orthography(entry.lexicon.orthography).script
    assert 1 <= len(loaded) <= 2, loaded  # its own script, and Latin
    # Nothing is compressed here but the fonts: a real site sends less.
    assert sum(sizes.values()) < 100_000, sizes


def test_the_headword_is_set_in_the_web_font(site, phone):
    entry, _spelling = in_another_script()
    phone.goto(f"{site}/entries/{entry.uuid}/")
    phone.wait_for_load_state("networkidle")
    assert phone.evaluate(
        """(text) => document.fonts.load('40px "Nha San Words"', text).then((faces) => faces.length)""",
        entry.headword,
    )


def test_the_description_of_the_api_opens_without_breaking_the_policy(site, phone):
    phone.goto(f"{site}/api/v1/docs")
    phone.locator(".opblock").first.wait_for()


def test_printed_an_entry_keeps_its_words_and_drops_the_furniture(site, phone):
    entry, _spelling = in_another_script()
    phone.goto(f"{site}/entries/{entry.uuid}/")
    phone.emulate_media(media="print")
    expect(phone.locator("h1.headword")).to_be_visible()
    for furniture in (".site-nav", ".search", ".neighbours"):
        expect(phone.locator(furniture).first).to_be_hidden()
