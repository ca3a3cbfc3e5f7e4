"""Words are typed in the page: with hardware keys, by touch, and without breaking what browsers do."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from access.domain import roles
from ime.catalogue import keyboards
from ime.compiling import compiled
from ime.howto import howto, touch_howto
from ime.model import Keyboard, TouchPress
from ime.program import Press
from ime.targets.web import payload, presses, touches
from languages import registry
from tests.dictionary import samples
from tests.e2e.conftest import watched
from tests.ime.sentences import has_text, sentence

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

DESK = {"width": 1100, "height": 800}
KEYS_AT = """() => [...document.querySelectorAll(".ime-dock .ime-row")].map((row) =>
  [...row.querySelectorAll("button")].map((key) => {
    const { left, top, width, height } = key.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  }))"""
OPTION_AT = """(choice) => {
  const { left, top, width, height } = document.querySelector(".ime-popup").children[choice].getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}"""
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
# Once for each orthography.
TAGS = list(dict.fromkeys(found.orthography for found in keyboards().by_id.values()))


def default_of(tag: str) -> Keyboard:
    found = keyboards().default(tag)
    assert found is not None
    return found


def composing() -> Keyboard:
    """A keyboard on which two keys after each other become one letter."""
    return next(found for found in keyboards().by_id.values() if found.kind == "composing")


def combination(page: Page, press: Press) -> None:
    held = {"shift": "Shift+", "altgr": "AltRight+"}
    keys = "".join(held[each] for each in press.modifiers.split("+") if each)
    page.keyboard.press(keys + press.code)


def choose(page: Page, keyboard: Keyboard) -> None:
    """Open the keys of the look-up box and choose a keyboard in the menu."""
    if not page.locator(".ime-dock").is_visible():
        page.locator("[data-keyboard-slot] button").click()
    page.locator(".ime-dock select").select_option(keyboard.id)
    expect(page.locator(".ime-dock .ime-keys")).to_have_attribute("lang", keyboard.orthography)


def touch(page: Page, session, press: TouchPress, places: dict[str, list]) -> None:
    """A touch of a drawn key; `places` remembers where the keys of each layer are."""
    if press.layer not in places:
        places[press.layer] = page.evaluate(KEYS_AT)
    x, y = places[press.layer][press.row][press.column]
    if press.gesture == "tap":
        page.touchscreen.tap(x, y)
        return
    point = {"x": x, "y": y}
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    if press.gesture == "long":
        page.wait_for_selector(".ime-popup")
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.touchscreen.tap(*page.evaluate(OPTION_AT, press.choice))
        return
    x, y = {"up": (x, y - 40), "down": (x, y + 40), "left": (x - 40, y), "right": (x + 40, y)}[press.gesture]
    session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.fixture
def desk(browser, errors):
    """A computer with a keyboard and a wide screen."""
    page = watched(browser, errors)
    page.set_viewport_size(DESK)
    yield page
    page.context.close()


@pytest.fixture
def finger(browser, errors):
    """A phone that is touched."""
    page = watched(browser, errors, has_touch=True, is_mobile=True)
    yield page
    page.context.close()


def test_a_sentence_in_each_writing_is_typed_with_hardware_keys_in_the_look_up_box(site, desk):
    desk.goto(site)
    field = desk.get_by_role("combobox", name=re.compile(".")).first
    for tag in TAGS:
        keyboard, text = default_of(tag), sentence(tag)
        choose(desk, keyboard)
        field.fill("")
        for press in howto(compiled(keyboard), text):
            combination(desk, press)
        assert field.input_value() == text, keyboard.id
    field.press("Enter")
    desk.wait_for_url(re.compile(r"\?q="))
    assert desk.locator("#q").input_value() == text


def test_a_sentence_in_each_writing_is_typed_by_touch_in_the_look_up_box(site, finger):
    tags = [tag for tag in TAGS if has_text(tag)]
    assert len({registry().orthography(tag).script for tag in tags}) > 3
    finger.goto(site)
    session = finger.context.new_cdp_session(finger)
    field = finger.locator("#q")
    for tag in tags:
        keyboard, text = default_of(tag), sentence(tag)
        choose(finger, keyboard)
        assert finger.locator(".ime-keys").get_attribute("data-look") == "touch"
        assert field.get_attribute("inputmode") == "none"  # or the phone's own keys come over ours
        assert not finger.evaluate(WIDER), keyboard.id
        field.fill("")
        places: dict[str, list] = {}
        for press in touch_howto(keyboard, text):
            touch(finger, session, press, places)
        assert field.input_value() == text, keyboard.id
    finger.locator(".ime-dock [data-role=enter]").tap()
    finger.wait_for_url(re.compile(r"\?q="))
    assert sentence(tags[-1]) in unquote(finger.url.replace("+", " "))


@pytest.mark.parametrize("look", ["physical", "touch"])
def test_who_presses_what_is_shown_next_types_the_text(site, desk, look):
    desk.goto(f"{site}/keyboards/typing-pad/")
    desk.locator("button.ime-key").first.wait_for()
    for tag in TAGS[:: 1 + len(TAGS) // 6]:
        keyboard = default_of(tag)
        text = sentence(tag).split()[0]
        desk.evaluate(
            """async ([keyboard, look, target]) => {
              const { mount } = await import("/static/ime/osk.js");
              const box = Object.assign(document.createElement("textarea"), { id: "aim", ariaLabel: "aim" });
              const place = document.createElement("div");
              place.id = "place";
              document.querySelector("main").replaceChildren(box, place);
              const ondone = (done) => { place.dataset.done = done; };
              mount(place, { keyboard, box, look, target, ondone });
            }""",
            [
                payload(keyboard, compiled(keyboard), registry().profile(keyboard.language).names),
                look,
                {
                    "text": text,
                    "presses": presses(howto(compiled(keyboard), text)),
                    "touches": touches(touch_howto(keyboard, text)),
                },
            ],
        )
        desk.locator("#aim").press("x")  # a mistake: Backspace is shown next
        for _ in range(4 * len(text) + 4):
            if desk.locator("#place").get_attribute("data-done") == "true":
                break
            following = desk.locator("#place [aria-current=true]").first
            box = following.bounding_box()
            hold = "ime-hold" in (following.get_attribute("class") or "")
            desk.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            desk.mouse.down()
            if hold:
                desk.wait_for_selector(".ime-popup")
            desk.mouse.up()
        assert desk.locator("#aim").input_value() == text, keyboard.id


def test_undo_paste_and_shortcuts_stay_the_browsers_own(site, desk):
    keyboard = composing()
    rule = next(rule for rule in compiled(keyboard).rules if rule.kept == 0 and len(rule.context) == 1)
    before = rule.context[0][0]
    text = howto(compiled(keyboard), before)
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.goto(site)
    choose(desk, keyboard)
    field = desk.locator("#q")
    for press in text:
        combination(desk, press)
    combination(desk, howto(compiled(keyboard), rule.trigger)[-1])
    made = field.input_value()
    assert made != before + rule.trigger
    field.press("Control+a")
    field.press("Control+c")
    field.press("End")
    field.press("Control+v")
    assert field.input_value() == made + made
    field.press("Control+z")
    assert field.input_value() == made
    field.press("Control+z")
    assert field.input_value() == before
    field.press("Control+Shift+z")
    assert field.input_value() == made
    field.press("Control+a")
    for press in text:
        combination(desk, press)
    assert field.input_value() == before, "what was selected is replaced"
    field.press("Backspace")
    assert field.input_value() == ""


def test_other_input_methods_are_left_alone_and_plain_input_goes_through_the_keyboard(site, desk):
    keyboard = composing()
    rule = next(
        rule
        for rule in compiled(keyboard).rules
        if rule.kept == 0 and len(rule.context) == 1 and (rule.context[0][0] + rule.trigger).isascii()
    )
    desk.goto(site)
    choose(desk, keyboard)
    field = desk.locator("#q")
    session = desk.context.new_cdp_session(desk)
    typed = rule.context[0][0] + rule.trigger
    session.send("Input.imeSetComposition", {"text": typed, "selectionStart": 2, "selectionEnd": 2})
    session.send("Input.insertText", {"text": typed})
    assert field.input_value() == typed, "a composition of another input method"
    field.fill("")
    desk.evaluate("document.querySelector('#q').focus()")
    for sign in typed:  # as a phone's keyboard sends it: no place, a sign
        desk.evaluate(
            """(data) => {
              const event = new InputEvent("beforeinput", { data, inputType: "insertText", cancelable: true });
              if (document.activeElement.dispatchEvent(event)) document.execCommand("insertText", false, data);
            }""",
            sign,
        )
    made = field.input_value()
    assert made and made != typed


def test_caps_lock_gives_capitals_where_there_are_any(site, desk):
    desk.goto(site)
    field = desk.locator("#q")
    cased = next(default_of(tag) for tag in TAGS if default_of(tag).key(Press("KeyA", "shift")).output == "A")
    uncased = next(default_of(tag) for tag in TAGS if registry().orthography(tag).script != "Latn")
    for keyboard, modifiers in ((cased, "shift"), (uncased, "")):
        choose(desk, keyboard)
        field.fill("")
        desk.evaluate(
            """() => {
              const how = { code: "KeyA", key: "a", modifierCapsLock: true, cancelable: true };
              document.querySelector("#q").focus();
              document.querySelector("#q").dispatchEvent(new KeyboardEvent("keydown", how));
            }"""
        )
        assert field.input_value() == compiled(keyboard).keys[Press("KeyA", modifiers)]


def test_the_choice_is_remembered_and_can_be_taken_back(site, desk):
    keyboard = composing()
    desk.goto(site)
    choose(desk, keyboard)
    desk.goto(f"{site}/languages/")
    button = desk.locator("[data-keyboard-slot] button")
    assert button.inner_text().endswith(keyboard.names["vi"])
    desk.locator("#q").click()
    expect(desk.locator(".ime-dock button.ime-key").first).to_be_visible()
    button.click()
    expect(desk.locator(".ime-dock")).to_be_hidden()
    button.click()
    desk.locator(".ime-dock select").select_option("")
    desk.locator("#q").press_sequentially("aa")
    assert desk.locator("#q").input_value() == "aa"
    desk.reload()
    expect(button).to_have_attribute("aria-expanded", "false")
    assert not button.inner_text().endswith(keyboard.names["vi"])


def test_the_menu_offers_the_keyboards_of_the_language_that_is_chosen(site, desk):
    desk.goto(site)
    language = desk.locator("select[name=language] option").nth(1).get_attribute("value")
    desk.locator("select[name=language]").select_option(language)
    desk.locator("[data-keyboard-slot] button").click()
    offered = desk.locator(".ime-dock option[value]:not([value=''])")
    expect(offered.first).to_be_attached()
    wanted = [found.id for found in keyboards().of_language(language)]
    assert offered.evaluate_all("all => all.map((each) => each.value)") == wanted


def test_the_drawn_keys_are_reached_and_named_without_a_mouse(site, desk):
    keyboard = default_of(TAGS[0])
    desk.goto(site)
    choose(desk, keyboard)
    stops = desk.locator(".ime-keys [tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowRight")
    focused = desk.locator(".ime-keys :focus")
    output = focused.get_attribute("data-output")
    assert focused.get_attribute("aria-label")
    desk.keyboard.press("Enter")
    assert output and desk.locator("#q").input_value() == output
    expect(focused).to_have_attribute("data-output", output)
    desk.keyboard.press("Escape")
    expect(desk.locator(".ime-dock")).to_be_hidden()
    expect(desk.locator("#q")).to_be_focused()


def test_the_typing_pad_keeps_counts_copies_and_gives_back(site, desk):
    keyboard = composing()
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.goto(f"{site}/keyboards/typing-pad/?keyboard={keyboard.id}")
    desk.locator("button.ime-key").first.wait_for()
    field = desk.locator("#pad-text")
    text = sentence(keyboard.orthography)
    field.click()
    for press in howto(compiled(keyboard), text):
        combination(desk, press)
    assert field.input_value() == text
    assert field.get_attribute("lang") == keyboard.orthography
    desk.locator("[data-pad=copy]").click()
    expect(desk.locator("[data-pad-status]")).not_to_be_empty()
    assert desk.evaluate("navigator.clipboard.readText()") == text
    desk.reload()
    desk.locator("button.ime-key").first.wait_for()
    assert field.input_value() == text, "it is there at the next visit"
    desk.locator("[data-pad=clear]").click()
    assert field.input_value() == ""
    desk.locator("[data-pad=undo]").click()
    assert field.input_value() == text


def test_without_scripts_the_boxes_are_what_they_were(site, plain_phone):
    plain_phone.goto(site)
    expect(plain_phone.locator("#q")).to_be_visible()
    assert plain_phone.locator(".ime-button").count() == 0
    plain_phone.goto(f"{site}/keyboards/typing-pad/")
    expect(plain_phone.locator("noscript, .notice").first).to_be_attached()


def test_an_editor_types_a_headword_with_the_keyboard_of_its_orthography(browser, errors, live_server):
    lexicon = samples.lexicon()
    keyboard = default_of(lexicon.orthography)
    session = Client()
    session.force_login(samples.person("contributor", roles.CONTRIBUTOR))
    page = watched(browser, errors)
    page.set_viewport_size(DESK)
    page.context.add_cookies(
        [{"name": "sessionid", "value": session.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/admin/dictionary/entries/add/?lexicon={lexicon.pk}")
    field = page.locator(f"textarea[data-keyboard='{lexicon.orthography}']").first
    field.click()
    page.locator(".ime-button").first.click()
    page.locator(".ime-dock button.ime-key").first.wait_for()
    text = sentence(lexicon.orthography)
    for press in howto(compiled(keyboard), text):
        combination(page, press)
    assert field.input_value() == text
    expect(page.locator("textarea[data-entry-content]")).to_have_value(re.compile(re.escape(text)))
    page.context.close()
