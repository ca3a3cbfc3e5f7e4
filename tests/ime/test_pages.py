"""The pages of keyboards: every one opens in both languages, says the truth of packages and proofs, and leads on."""

import gzip
import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from access.domain import roles
from access.models import User
from dictionary.models import Entry
from ime.compiling import compiled
from ime.domain import howto, shelf
from ime.domain.practice import practice
from ime.domain.publishing import publish, tasks
from ime.interfaces.public.files import address
from ime.models import Package, Proof
from ime.notation import parse_keys
from ime.program import Press
from ime.typing import type_keys
from languages import registry
from tests.dictionary import starter_house
from tests.ime import shelf as samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def keyboard():
    return samples.some("direct")


@pytest.fixture
def package(keyboard, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (task,) = tasks([keyboard.id], ["web"])
    publish(task, samples.KIT)
    # A package that people install: what is in it does not matter here.
    return Package.objects.create(
        keyboard=keyboard.id,
        target="keyman",
        orthography=keyboard.orthography,
        language=keyboard.language,
        version=keyboard.version,
        build=3,
        filename="some.kmp",
        size=12345,
        sha256="ab" * 32,
        source_hash="",
        changes="First version.",
        published_at=timezone.now(),
    )


def page_of(keyboard):
    return reverse("keyboard", args=[keyboard.language, keyboard.id])


def parsed(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return html.fromstring(answer.content)


def text_of(found):
    return re.sub(r"\s+", " ", found.text_content())


def test_every_page_of_every_language_opens_in_both_languages_without_inline_code(client):
    addresses = [reverse("keyboards"), reverse("typing-pad")]
    addresses += [reverse("keyboard-language", args=[code]) for code in shelf.languages()]
    for path in addresses:
        for prefix in ("", "/en"):
            found = parsed(client, prefix + path)
            assert len(found.findall(".//h1")) == 1 and found.findtext(".//title").strip()
            assert not found.xpath("//*[@style] | //style | //script[not(@src)] | //*[@onclick]")
            names = found.xpath("//@id")
            assert len(names) == len(set(names)), path


def test_every_keyboard_has_a_page_that_is_light_and_draws_all_its_layers(client):
    for keyboard in shelf.every():
        answer = client.get(page_of(keyboard))
        assert answer.status_code == 200
        assert len(gzip.compress(answer.content)) < 40_000
        pictures = html.fromstring(answer.content).findall(".//svg[@role='img']")
        assert len(pictures) == sum(bool(layer) for layer in keyboard.layers.values()) + len(keyboard.touch)


def test_a_keyboard_is_two_taps_away_from_the_first_page(client):
    first = parsed(client, reverse("lookup"))
    taps = {link.get("href") for link in first.findall(".//header//a")}
    assert reverse("keyboards") in taps
    second = {link.get("href") for link in parsed(client, reverse("keyboards")).findall(".//main//a")}
    assert {reverse("keyboard-language", args=[code]) for code in shelf.languages()} <= second


def test_the_page_offers_the_package_with_size_checksum_steps_removal_and_warnings(client, keyboard, package):
    found = parsed(client, "/en" + page_of(keyboard))
    platforms = {each.get("data-platform"): each for each in found.xpath("//details[@data-platform]")}
    assert set(platforms) == {"android", "ios", "windows", "macos", "linux"}
    for name, platform in platforms.items():
        assert platform.xpath(f".//a[@href='{address(package)}']"), name
        said = text_of(platform)
        assert "ab" * 32 in said and "1.0-3" in said and "12.1" in said and "To remove it" in said
        assert len(platform.xpath(".//ol[@class='steps']/li[.//*[name()='svg']]")) == 3
        assert ("UniKey" in said) == (name in ("windows", "macos"))


def test_no_proof_is_claimed_that_was_not_given_for_this_very_package(client, keyboard, package):
    page = "/en" + page_of(keyboard)
    assert "Nothing was proved yet" in text_of(parsed(client, page))
    proof = Proof.objects.create(
        keyboard=keyboard.id, target="keyman", engine="keyman-core", engine_version="16", state="proved",
        strings=4711, package_sha256="ab" * 32, proved_at=timezone.now(),
    )  # fmt: skip
    said = text_of(parsed(client, page))
    assert "Proved in keyman-core 16" in said and "4711" in said
    Proof.objects.filter(pk=proof.pk).update(package_sha256="cd" * 32)
    said = text_of(parsed(client, page))
    assert "Proved in" not in said and "an earlier package" in said
    Proof.objects.filter(pk=proof.pk).update(
        package_sha256="ab" * 32, state="failed", differing=["aa: â ≠ aa"]
    )
    said = text_of(parsed(client, page))
    assert "Proved in" not in said and "texts differ" in said and "aa: â ≠ aa" in said
    assert "Not proved by a real engine: macOS, Windows itself, and phones" in said


def test_unreviewed_keyboards_say_so_and_sources_and_licence_are_named(client):
    some = [(keyboard, "/en" + page_of(keyboard)) for keyboard in shelf.every()[:6]]
    for keyboard, page in some:
        said = text_of(parsed(client, page))
        assert ("not reviewed" in said) == (not keyboard.reviewed)
        assert keyboard.licence in said and keyboard.why["en"][:40] in said
        assert all(source.citation in said for source in keyboard.sources)


def test_there_is_something_to_type_whose_keys_give_it(client):
    for keyboard in shelf.every():
        offered = practice(keyboard)
        assert offered is not None, keyboard.id
        typed = [Press(code, modifiers) for code, modifiers in json.loads(offered.presses)]
        assert type_keys(compiled(keyboard), typed) == offered.text
        assert json.loads(offered.touches)
    mounted = parsed(client, page_of(keyboard)).find(".//div[@data-ime-mount]")
    assert mounted.get("data-ime-text") == offered.text
    assert json.loads(mounted.get("data-ime-presses")) == json.loads(offered.presses)


def test_what_is_no_keyboard_is_not_there(client, keyboard):
    other = next(found for found in shelf.every() if found.language != keyboard.language)
    for path in (
        reverse("keyboard", args=[other.language, keyboard.id]),
        "/keyboards/nothing/",
        "/keyboards/not a tag/",
        reverse("keyboard-card", args=[keyboard.language, "nothing"]),
        reverse("ime:web_keyboard", args=[keyboard.id, "0000"]),
    ):
        assert client.get(path).status_code == 404, path


def test_an_alias_of_a_language_leads_to_its_page(client):
    aliases = [(code, alias) for code in shelf.languages() for alias in registry().profile(code).aliases]
    assert aliases
    code, alias = aliases[0]
    answer = client.get(reverse("keyboard-language", args=[alias]))
    assert (answer.status_code, answer["Location"]) == (301, reverse("keyboard-language", args=[code]))


def test_the_data_of_a_keyboard_may_be_kept_for_ever_at_an_address_with_its_hash(client):
    listed = client.get(reverse("ime:web_index")).json()["keyboards"]
    assert {each["id"] for each in listed} == {found.id for found in shelf.every()}
    answer = client.get(listed[0]["address"])
    assert (
        "immutable" in answer["Cache-Control"]
        and shelf.keyboard(listed[0]["id"]).hash in listed[0]["address"]
    )
    assert answer.json()["id"] == listed[0]["id"]
    assert len(gzip.compress(answer.content)) < 20_000


def test_the_card_is_a_pdf_and_is_not_sent_twice(client, keyboard):
    path = reverse("keyboard-card", args=[keyboard.language, keyboard.id])
    answer = client.get(path)
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-1.7")
    again = client.get(path, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304 and not again.content
    assert client.get("/en" + path)["ETag"] != answer["ETag"]


# --- how to type a word ------------------------------------------------------------------------------------------


def test_each_entry_says_how_its_word_is_typed_and_typing_that_gives_the_word(client):
    starter_house.furnish(4)
    typed = 0
    for entry in Entry.objects.select_related("lexicon"):
        answer = client.get(reverse("entry-short", args=[entry.uuid]), follow=True)
        found = html.fromstring(answer.content)
        sections = found.xpath("//*[@data-howto]")
        if not sections:
            continue
        tag = sections[0].get("data-howto")
        word = registry().orthography(tag).normalise(entry.headword)
        for way in howto.ways(tag, entry.headword, "vi"):
            assert sections[0].xpath(f".//details[@data-keyboard-id='{way.keyboard}']")
            if not way.problem:
                assert type_keys(compiled(shelf.keyboard(way.keyboard)), parse_keys(way.keys)) == word
                typed += 1
    assert typed > 20


def test_the_keyboard_that_was_asked_for_comes_first(client):
    starter_house.furnish(1)
    for entry in Entry.objects.all():
        path = client.get(reverse("entry-short", args=[entry.uuid]))["Location"]
        names = parsed(client, path).xpath("//*[@data-keyboard-id]/@data-keyboard-id")
        if len(names) > 1:
            found = parsed(client, f"{path}?keyboard={names[-1]}")
            assert found.xpath("//*[@data-keyboard-id]/@data-keyboard-id")[0] == names[-1]
            assert found.xpath("//*[@data-keyboard-id][@open]/@data-keyboard-id") == [names[-1]]


def test_a_letter_that_no_key_gives_is_named_instead_of_an_error(client):
    keyboard = samples.some("composing")
    (way, *_) = howto.ways(keyboard.orthography, "a\u4e2d", "vi", keyboard.id)
    assert "U+4E2D" in way.problem and way.caps == ()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_any_text_has_ways_or_reasons_and_never_an_error(text):
    keyboard = samples.some("direct")
    for way in howto.ways(keyboard.orthography, text, "vi"):
        assert bool(way.problem) != bool(way.caps)


def test_how_to_type_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert howto.ways(samples.some("composing").orthography, "a", "vi")


# --- the admin ---------------------------------------------------------------------------------------------------


def login(role):
    user = User.objects.create_user(f"{role.key}@example.org", password="x")
    user.groups.add(roles.group_of(role))
    client = Client()
    client.force_login(user)
    return client


def test_linguists_build_and_prove_reviewers_look_and_contributors_do_neither(keyboard, package):
    roles.apply_roles()
    page = reverse("ime_admin:keyboards")
    build = reverse("ime_admin:act", args=["build", keyboard.id])
    linguist, reviewer, contributor = map(login, (roles.LINGUIST, roles.REVIEWER, roles.CONTRIBUTOR))
    assert keyboard.id in linguist.get(page).content.decode()
    answer = linguist.post(build)
    assert answer.status_code == 302 and answer["Location"] == page
    assert linguist.post(reverse("ime_admin:act_all", args=["prove"])).status_code == 302
    assert reviewer.get(page).status_code == 200
    assert build not in reviewer.get(page).content.decode()
    from jobs.models import Job

    before = Job.objects.count()
    reviewer.post(build)
    assert contributor.get(page).status_code in (302, 403)
    contributor.post(build)
    assert Job.objects.count() == before == 2
    assert linguist.post(reverse("ime_admin:act", args=["build", "nothing"])).status_code == 404
    assert linguist.post(reverse("ime_admin:act", args=["burn", keyboard.id])).status_code == 404
