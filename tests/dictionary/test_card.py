"""The card of a word in a text: strict, brief, cheap, and closed to whom the entry is closed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from access.models import Community, Protocol
from dictionary.domain.content import entry, form
from dictionary.domain.derived import orthography
from dictionary.domain.linked import linked
from dictionary.domain.publish import Change, apply_many
from dictionary.models import Entry, EntryFile
from languages import registry
from media_pipeline.domain import blobs
from tests.dictionary import samples
from tests.media_pipeline.files import picture

TAGS = sorted(each.tag for each in registry().orthographies)


def card(client: Client, text: str, *languages: str, status: int = 200, **more: str) -> html.HtmlElement:
    answer = client.get(reverse("word-card"), {"text": text, "language": languages, "fragment": "1", **more})
    assert answer.status_code == status
    return html.fromstring(f"<div>{answer.content.decode()}</div>")


def headwords(found: html.HtmlElement) -> list[str]:
    return [each.text_content().strip() for each in found.find_class("card-word")]


@given(st.text(max_size=60), st.sampled_from([*TAGS, "und", "qaa-x-none"]))
def test_the_pieces_of_a_text_are_the_text_and_every_word_has_a_letter(text: str, tag: str) -> None:
    pieces = linked(text, tag)
    assert "".join(piece.text for piece in pieces) == text
    assert all(any(map(str.isalpha, piece.text)) for piece in pieces if piece.word)
    assert all(pieces[at].word or pieces[at + 1].word for at in range(len(pieces) - 1))


def test_every_word_of_a_linked_text_leads_to_look_up_in_its_language_without_scripts() -> None:
    writing = samples.writing()
    words = [samples.word(0), samples.word(1)]
    template = Template("{% load words %}{% linked_text shown tag %}")
    made = template.render(Context({"shown": f"{words[0]}, <b> {words[1]} 12", "tag": writing.tag}))
    span = html.fromstring(made)
    assert (span.get("lang"), span.get("dir")) == (writing.tag, writing.direction)
    assert span.text_content() == f"{words[0]}, <b> {words[1]} 12"
    asked = [parse_qs(urlsplit(link.get("href")).query) for link in span.findall("a")]
    assert {"q": [words[1]], "language": [writing.language]} in asked
    assert {"q": ["12"], "language": [writing.language]} not in asked


@pytest.fixture
def words(db: None) -> Iterator[list[Entry]]:
    within = samples.lexicon()
    yield [samples.published(within, number, f"meaning {number}", "another") for number in range(3)]


def test_a_card_tells_what_a_word_means_and_leads_to_its_entry(client: Client, words: list[Entry]) -> None:
    found = card(client, words[1].headword, samples.writing().tag)
    assert headwords(found) == [words[1].headword]
    assert "meaning 1" in found.text_content()
    assert str(words[1].uuid) in found.find_class("card-word")[0].get("href")
    assert "<html" not in html.tostring(found).decode()


def test_a_card_is_a_page_of_its_own_without_scripts(client: Client, words: list[Entry]) -> None:
    answer = client.get(reverse("word-card"), {"text": words[1].headword})
    page = html.fromstring(answer.content)
    assert len(page.findall(".//h1")) == 1
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert headwords(page) == [words[1].headword]


def test_a_word_is_found_as_written_or_else_in_other_case_and_never_by_less(
    client: Client, words: list[Entry]
) -> None:
    headword = words[0].headword
    assert headwords(card(client, headword.upper())) == [headword]
    assert headwords(card(client, headword[:-1])) == []
    assert headwords(card(client, "another")) == []  # a meaning
    other = orthography(words[0].lexicon.orthography)
    derived = other.transliterate(headword, other.transliterations[0].target)
    assert derived == headword or headwords(card(client, derived)) == []


@pytest.mark.django_db
def test_what_is_written_in_this_case_hides_what_is_written_in_another(client: Client) -> None:
    within = samples.lexicon(orthography=_cased(), language=_cased())
    for text in ("Ab", "ab"):
        tree = entry([form(_cased(), text)], [samples.gloss_sense(f"of {text}")])
        apply_many(within, [Change(text, tree)])
    assert headwords(card(client, "ab")) == ["ab"]
    assert sorted(headwords(card(client, "AB"))) == ["Ab", "ab"]


def _cased() -> str:
    """A tag that no profile owns: its letters are folded plainly."""
    return "qaa-Latn"


def test_only_the_language_of_the_text_is_asked(client: Client, words: list[Entry]) -> None:
    headword = words[0].headword
    assert headwords(card(client, headword, "qaa")) == []
    assert headwords(card(client, headword, "qaa", samples.writing().tag)) == [headword]


def test_nothing_found_says_so_and_offers_look_up(client: Client, words: list[Entry]) -> None:
    absent = words[0].headword * 3
    found = card(client, absent, samples.writing().tag)
    assert absent in found.text_content()
    (link,) = found.xpath("//p[@class='card-more']/a/@href")
    assert parse_qs(urlsplit(link).query) == {"q": [absent], "language": [samples.writing().language]}


@pytest.mark.parametrize("text", ["", "\u200e", "a" * 5000, "\x00"])
@pytest.mark.django_db
def test_what_is_no_word_is_refused_in_plain_words(client: Client, text: str) -> None:
    found = card(client, text, "not a tag!", "x" * 99, status=400)
    assert found.find_class("card-none")[0].text_content().strip()


@pytest.mark.django_db
def test_an_entry_that_is_closed_never_shows(client: Client) -> None:
    within = samples.lexicon()
    made = samples.published(within, 1, "a secret")
    for closed in ({"protocol": _protocol()}, {"embargo_until": timezone.localdate() + timedelta(days=2)}):
        Entry.objects.filter(pk=made.pk).update(**{"protocol": None, "embargo_until": None, **closed})
        # Its look-up rows are as open as before: the gate is asked once more.
        found = card(client, made.headword)
        assert headwords(found) == []
        assert "a secret" not in found.text_content()


def _protocol() -> Protocol:
    community = Community.objects.create(name="A village")
    return Protocol.objects.create(name="Ours", community=community, level=Protocol.Level.COMMUNITY)


@pytest.mark.django_db
def test_a_card_costs_the_same_however_many_entries_it_shows(
    client: Client, django_assert_max_num_queries
) -> None:
    for number in range(5):
        within = samples.lexicon(f"lexicon-{number}")
        media = [{"media": [{"href": "a.wav"}]}]
        made = samples.published(within, 1, pronunciations=media)
        blob = blobs.store_original(io.BytesIO(picture()))
        EntryFile.objects.create(entry=made, blob=blob, href="a.wav")
    with django_assert_max_num_queries(5):
        found = card(client, samples.word(1))
    assert len(headwords(found)) == 3
    assert len(found.findall(".//audio")) == 3
    link = found.xpath("//p[@class='card-more']/a")[0]
    assert samples.word(1) in parse_qs(urlsplit(link.get("href")).query)["q"]


@pytest.mark.django_db
def test_an_address_that_asks_for_too_many_cards_is_told_to_wait(client: Client, settings) -> None:
    settings.NHASAN_API_RATE = 2
    answers = [client.get(reverse("word-card"), {"text": "a"}) for _ in range(4)]
    assert [each.status_code for each in answers][-1] == 429


def test_the_card_speaks_both_languages_of_the_interface(client: Client, words: list[Entry]) -> None:
    pages = {
        code: client.get(
            f"{'' if code == settings.LANGUAGE_CODE else '/' + code}/words/card/", {"text": "qqq"}
        )
        for code, _name in settings.LANGUAGES
    }
    said = {each.content.decode().split('class="card-none">')[1].split("<")[0] for each in pages.values()}
    assert len(said) == len(settings.LANGUAGES)
