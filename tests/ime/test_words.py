"""The words that go into packages: what anyone may see, counted, and nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access.models import Community, Protocol
from dictionary.domain import content
from dictionary.domain.derived import orthography
from dictionary.domain.publish import Change, apply_many
from dictionary.models import Entry
from ime.domain import words
from tests.dictionary import starter_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def lexicon():
    return starter_house.lexicon(starter_house.described()[0])


def publish(lexicon, *texts, example=""):
    tag = orthography(lexicon.orthography).tag
    changes = []
    for text in texts:
        meaning = content.sense([content.form("vi", "nghĩa")])
        if example:
            meaning["examples"] = [{"forms": [content.form(tag, example)]}]
        changes.append(Change(text, content.entry([content.form(tag, text)], [meaning])))
    apply_many(lexicon, changes)
    return tag


def test_words_are_counted_over_headwords_and_examples_the_frequent_first(lexicon):
    tag = publish(lexicon, "ama", "ina ama", example="ama ina bi ama")
    assert words.words(tag) == (("ama", 6), ("ina", 3), ("bi", 2))
    assert sorted(words.headwords(tag)) == ["ama", "ina ama"]
    assert words.words("vi") == ()


@pytest.mark.parametrize("level", [Protocol.Level.COMMUNITY, Protocol.Level.RESTRICTED])
def test_what_a_community_closed_is_in_no_package(lexicon, level):
    tag = publish(lexicon, "ama", "ina")
    closed = Protocol.objects.create(
        name="Closed", level=level, community=Community.objects.create(name="Some")
    )
    before = words.state(tag)
    Entry.objects.filter(headword="ina").update(protocol=closed)
    assert [word for word, _ in words.words(tag)] == ["ama"]
    assert words.state(tag) != before
    lexicon.protocol = closed
    lexicon.save()
    assert words.words(tag) == () and list(words.headwords(tag)) == []


def test_drafts_and_embargoed_entries_are_in_no_package(lexicon):
    tag = publish(lexicon, "ama", "ina", "bi")
    Entry.objects.filter(headword="ina").update(live=False)
    Entry.objects.filter(headword="bi").update(embargo_until=timezone.localdate() + timedelta(days=3))
    assert list(words.headwords(tag)) == ["ama"]


def test_the_state_changes_with_the_words_and_not_without(lexicon):
    tag = publish(lexicon, "ama")
    before = words.state(tag)
    assert words.state(tag) == before
    publish(lexicon, "ina")
    assert words.state(tag) != before


def test_another_source_of_the_same_name_is_refused():
    with pytest.raises(ValueError, match="dictionary"):
        words.register(words.WordSource("dictionary", lambda tag: (), lambda tag: (), lambda tag: ""))
