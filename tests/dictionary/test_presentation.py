"""What the page of an entry says of its content."""

from datetime import date

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from access.domain.viewer import anonymous
from dictionary.domain import citation, naming, presentation
from dictionary.domain import publish as publishing
from dictionary.domain.content import entry, form, sense
from dictionary.domain.derived import orthography
from dictionary.domain.presentation import entry_view
from dictionary.domain.publish import publish
from dictionary.models import Entry
from dictionary.templatetags.words import json_ld, licence_url
from languages import registry
from tests.dictionary import samples, starter_house

URL = "https://example.org/entries/1"
DAY = date(2026, 5, 17)


@pytest.fixture
def house(db):
    return starter_house.furnish(4)


def shown(entry, reader="vi"):
    return entry_view(entry, reader=reader, viewer=anonymous())


def make(content, lexicon):
    made = Entry(lexicon=lexicon, content=content)
    publish(made)
    return made


@given(st.text())
def test_a_slug_is_never_empty_and_one_part_of_an_address(text):
    slug = presentation.slug(text)
    assert slug
    assert not set(slug) & set("/?#% \t\n\\\"'<>")
    assert presentation.slug(slug) == slug


def test_a_slug_keeps_every_letter_and_mark_of_a_word(house):
    for found in Entry.objects.all():
        kept = [char for char in found.headword if char not in " '’ʼ-"]
        assert [char for char in presentation.slug(found.headword) if char != "-"] == kept[:60]


@given(st.text(min_size=1, max_size=40), st.data())
def test_the_segments_of_a_text_give_the_text_whatever_spans_it_has(text, data):
    spans = []
    for _ in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        spans.append(
            {"start": start, "end": end, **data.draw(st.sampled_from([{}, {"lang": "en"}, {"href": "x"}]))}
        )
    shown = presentation.text({"lang": "vi", "text": text, "spans": spans}, "vi")
    assert "".join(segment.text for segment in shown.segments) == text


def test_only_web_addresses_become_links():
    spans = [
        {"start": 0, "end": 1, "href": "javascript:alert(1)"},
        {"start": 1, "end": 2, "href": "https://a.b/"},
    ]
    shown = presentation.text({"lang": "vi", "text": "ab", "spans": spans}, "vi")
    assert [segment.href for segment in shown.segments] == ["", "https://a.b/"]


def test_the_headword_and_every_other_writing_stand_on_the_page_written_before_derived(house):
    for found in Entry.objects.select_related("lexicon"):
        view = shown(found)
        assert view.headword.text == found.headword and not view.headword.derived
        written = {form["text"] for form in found.content["forms"]}
        assert {view.headword.text, *(word.text for word in view.words)} == written
        assert all(word.derived and word.scheme and word.name for word in view.derived)
        schemes = orthography(view.headword.lang).transliterations
        assert len(view.derived) <= sum(
            len(orthography(f["lang"]).transliterations) for f in found.content["forms"]
        )
        if schemes and not view.words:
            assert view.derived


def test_every_word_carries_a_language_tag_a_direction_and_a_script(house):
    for found in Entry.objects.select_related("lexicon"):
        for word in (shown(found).headword, *shown(found).words, *shown(found).derived):
            assert word.lang and word.direction in {"ltr", "rtl"} and len(word.script) == 4


def test_the_glosses_of_the_reader_come_first(house):
    for found in Entry.objects.select_related("lexicon"):
        for reader in ("vi", "en"):
            langs = [group.lang for group in shown(found, reader).senses[0].glosses]
            assert reader not in langs or langs[0] == reader


@pytest.mark.django_db
def test_senses_are_numbered_within_their_parents():
    glosses = [form("vi", "một")]
    inner = sense(glosses, senses=[sense(glosses), sense(glosses)])
    lexicon = samples.lexicon()
    made = make(entry([form(lexicon.orthography, samples.word())], [sense(glosses), inner]), lexicon)
    numbers = [each.number for each in shown(made).senses]
    assert numbers == ["1", "2"]
    assert [each.number for each in shown(made).senses[1].senses] == ["2.1", "2.2"]


@pytest.mark.django_db
def test_an_only_sense_has_no_number():
    assert shown(samples.published(samples.lexicon())).senses[0].number == ""


@pytest.mark.django_db
def test_relations_lead_to_entries_that_may_be_seen_and_to_no_others():
    lexicon = samples.lexicon()
    target, hidden = samples.published(lexicon, 1), samples.published(lexicon, 2)
    Entry.objects.filter(pk=hidden.pk).update(live=False)
    relations = [
        {"type": "synonym", "ref": f"{target.headword}_{target.identity}"},
        {"type": "synonym", "ref": hidden.identity},
        {"type": "synonym", "ref": "nowhere"},
    ]
    view = shown(samples.published(lexicon, 3, relations=relations))
    assert [(each.id, each.text) for each in view.related] == [(target.uuid, target.headword)]


@pytest.mark.django_db
def test_what_was_not_understood_and_hidden_languages_do_not_show():
    lexicon = samples.lexicon()
    note = {"type": "x", "forms": [form("qaa-x-spec", "Class=LexEntry"), form("vi", "ghi chú")]}
    view = shown(samples.published(lexicon, 1, notes=[note]))
    assert [text.text for text in view.notes[0].texts] == ["ghi chú"]


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["published", "imported"])
def test_relations_may_name_a_sense_or_a_lift_id(way, django_assert_max_num_queries):
    lexicon = samples.lexicon()
    guid, sense_guid = (f"0000000{n}-0000-4000-8000-00000000000a" for n in (1, 2))
    target = samples.content(1, guid=guid, lift_id="by its LIFT id")
    target["senses"][0]["lift_id"] = f"meaning_{sense_guid.upper()}"
    refs = ["by its LIFT id", sense_guid, f"x_{sense_guid}", guid.upper(), "nowhere"]
    source = samples.content(2, relations=[{"type": "synonym", "ref": ref} for ref in refs])
    if way == "imported":
        changes = [publishing.Change(str(number), each) for number, each in enumerate((target, source))]
        pks = publishing.apply_many(lexicon, changes)
    else:
        made = [Entry(lexicon=lexicon, content=each) for each in (target, source)]
        for each in made:
            publishing.publish(each)
        pks = [each.pk for each in made]
    found = Entry.objects.select_related("lexicon").get(pk=pks[1])
    with django_assert_max_num_queries(4):
        view = shown(found)
    assert [each.id for each in view.related] == [Entry.objects.get(pk=pks[0]).uuid] * 4
    publishing.unpublish(Entry.objects.get(pk=pks[0]))
    assert shown(found).related == ()


@pytest.mark.django_db
def test_a_word_leads_to_the_words_made_with_it_that_may_be_seen():
    lexicon = samples.lexicon()
    part = samples.published(lexicon, 1)
    variant = [{"name": "variant-type", "value": "Dialectal Variant"}]

    def whole(number, **rest):
        relation = {"type": "_component-lexeme", "ref": f"{part.headword}_{part.identity}", **rest}
        return samples.published(lexicon, number, relations=[relation])

    seen, hidden = whole(2), whole(3)
    whole(4, traits=variant)
    publishing.unpublish(hidden)
    with override("en"):
        found = shown(part).related
    assert [(each.id, each.heading) for each in found] == [(seen.uuid, "Words made with it")]
    assert [each.id for each in shown(seen).related] == [part.uuid]
    publishing.delete([seen.pk])
    assert shown(part).related == ()


def test_an_entry_costs_no_more_than_four_queries(house, django_assert_max_num_queries):
    found = Entry.objects.select_related("lexicon").first()
    with django_assert_max_num_queries(4):
        shown(found)


def test_every_profile_has_a_name_in_each_language_of_the_interface():
    for code in registry().profiles:
        for reader in presentation.READERS:
            assert naming.language_name(code, reader) != code


@pytest.mark.parametrize(
    ("tag", "expected"), [("fr", "French"), ("zz-zz-zz-!", "zz-zz-zz-!"), ("qaa", "qaa")]
)
def test_a_language_without_a_profile_is_called_by_its_common_name_or_its_tag(tag, expected):
    with override("en"):
        assert naming.language_name(tag, "en") == expected


def test_a_part_of_speech_that_is_not_a_usual_one_stays_as_it_is():
    with override("en"):
        assert naming.grammar_name("Adj.") == "adjective"
    assert naming.grammar_name("coverb") == "coverb"


def test_a_citation_names_word_lexicon_credit_address_and_day(house):
    found = Entry.objects.select_related("lexicon").first()
    made = citation.cite(shown(found), URL, DAY)
    for part in (found.headword, found.lexicon.title, found.lexicon.authors, URL, "2026-05-17"):
        assert part in made.plain
    assert made.bibtex.startswith(f"@incollection{{nhasan-{found.uuid},\n")


@given(st.text(max_size=60))
def test_bibtex_stays_balanced_whatever_a_title_holds(title):
    escaped = citation._escaped(title)
    depth = 0
    for at, char in enumerate(escaped):
        if char in "{}" and (at == 0 or escaped[at - 1] != "\\"):
            depth += 1 if char == "{" else -1
        assert depth >= 0
    assert depth == 0


@given(st.text(max_size=60))
def test_linked_data_cannot_end_its_element(text):
    element = json_ld({"name": text, text: ["</script>", "<!--"]})
    inner = element.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert "<" not in inner and ">" not in inner


@pytest.mark.parametrize(
    ("spdx", "address"),
    [
        ("CC-BY-SA-3.0", "https://creativecommons.org/licenses/by-sa/3.0/"),
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("EUPL-1.2", "https://spdx.org/licenses/EUPL-1.2.html"),
        ("ask the author", ""),
        ("", ""),
    ],
)
def test_a_licence_leads_to_its_text(spdx, address):
    assert licence_url(spdx) == address
