"""The one look-up behind page, API and command."""

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.domain.viewer import anonymous
from access.models import Community, Protocol
from dictionary.domain import reasons
from dictionary.domain.derived import orthography, words_of_gloss
from dictionary.domain.lookup import look_up, present
from dictionary.domain.publish import publish, unpublish
from dictionary.models import Entry, Lexicon
from search.domain.guard import QueryError
from search.domain.lookup import lookup
from search.interface import TierName
from tests.dictionary import starter_house

pytestmark = pytest.mark.django_db
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def house():
    return starter_house.furnish(3)


def ask(text, reader="vi", **rest):
    return look_up(text, viewer=anonymous(), reader=reader, **rest)


def test_every_headword_is_found_exactly_and_first_among_equals(house):
    for entry in Entry.objects.select_related("lexicon"):
        hits = ask(entry.headword, limit=50).hits
        hit = next(hit for hit in hits if hit.id == entry.uuid)
        assert hit.tier == "exact" and hit.whole and not hit.contradicts
        exact = [each.tier == "exact" and each.whole for each in hits]
        assert exact == sorted(exact, reverse=True)


def test_a_word_is_found_by_each_derived_spelling_and_the_hit_names_it(house):
    checked = 0
    for entry in Entry.objects.select_related("lexicon"):
        writing = orthography(entry.lexicon.orthography)
        for scheme in writing.transliterations:
            spelling = writing.transliterate(entry.headword, scheme.target)
            # The letters of another spelling can be no query (a lone number, say): then nothing is promised.
            found = [hit for hit in ask(spelling, limit=100).hits if hit.id == entry.uuid]
            assert found, (entry.headword, spelling)
            checked += 1
    assert checked


def test_a_word_is_found_by_its_meaning_in_vietnamese_and_english(house):
    for lexicon in starter_house.described():
        for row in starter_house.rows(lexicon, 2):
            for gloss in filter(None, (row["gloss_vi"], row["gloss_en"])):
                for meaning in words_of_gloss(gloss):
                    found = {hit.headword.text for hit in ask(meaning, limit=100).hits}
                    assert found & {row["form"], row["form2"]}, meaning


def test_glosses_are_in_the_language_of_the_reader(house):
    word = Entry.objects.first().headword
    for reader in ("vi", "en"):
        hit = ask(word, reader).hits[0]
        assert hit.gloss_language == reader and hit.glosses


def test_hits_are_grouped_by_language_with_the_language_of_the_best_hit_first(house):
    answer = ask("a", limit=50)
    groups = answer.groups("vi")
    assert groups[0].language == answer.hits[0].language
    assert sorted(hit.id for group in groups for hit in group.hits) == sorted(hit.id for hit in answer.hits)
    assert all(hit.language == group.language for group in groups for hit in group.hits)


def test_a_language_and_a_lexicon_restrict_the_hits(house):
    lexicon = house[-1]
    code = orthography(lexicon.orthography).language
    assert {hit.language for hit in ask("a", language=code, limit=50).hits} <= {code}
    assert {hit.lexicon for hit in ask("a", lexicon=lexicon.slug, limit=50).hits} <= {lexicon.slug}


def test_a_cursor_leads_through_all_hits_without_repeating_one(house):
    whole = ask("a", limit=100)
    seen, cursor = [], ""
    while True:
        page = ask("a", limit=3, cursor=cursor)
        seen += [hit.id for hit in page.hits]
        cursor = page.cursor
        if not cursor:
            break
    assert seen == [hit.id for hit in whole.hits]
    assert len(seen) == whole.total


def test_the_number_of_queries_does_not_grow_with_the_hits(house):
    hits = lookup("a", viewer=anonymous(), limit=100).hits
    for some in (hits[:2], hits):
        with CaptureQueriesContext(connection) as captured:
            assert len(present(some, viewer=anonymous(), reader="vi")) == len(some)
        assert len(captured) == 3  # the viewer's protocols, the entries, their forms


def test_what_is_closed_or_withdrawn_is_not_found(house):
    ours = Community.objects.create(slug="ours", name="Ours")
    closed = Protocol.objects.create(slug="closed", name="Closed", community=ours, level="community")
    first, second = Entry.objects.order_by("pk")[:2]
    # The rows of the index still say that it is open: the gate is asked once more.
    Entry.objects.filter(pk=first.pk).update(protocol=closed)
    assert first.uuid not in {hit.id for hit in ask(first.headword).hits}
    unpublish(second)
    assert second.uuid not in {hit.id for hit in ask(second.headword).hits}


def test_an_entry_that_was_just_published_is_found(house):
    entry = Entry.objects.order_by("pk").first()
    entry.content["senses"][0]["glosses"] = [{"lang": "vi", "text": "xyzzy"}]
    publish(entry)
    assert [hit.id for hit in ask("xyzzy").hits] == [entry.uuid]


def test_each_tier_is_explained_in_other_words(house):
    hit = ask(Entry.objects.first().headword).hits[0]
    said = [
        reasons.reason(replace(hit, tier=tier, whole=whole, contradicts=False))
        for tier in get_args(TierName)
        for whole in (True, False)
    ]
    said.append(reasons.reason(replace(hit, contradicts=True)))
    assert all(said) and len(set(said)) == len(said)


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u202e", "x" * 10_000, "\x00\x01"])
def test_what_cannot_be_looked_up_is_refused_with_a_code(text):
    with pytest.raises(QueryError) as refused:
        ask(text)
    assert refused.value.code in {"empty", "too_long"}


def test_the_command_prints_the_same_ids_as_the_look_up(house):
    word = Entry.objects.first().headword
    out = io.StringIO()
    call_command("lookup", word, json=True, stdout=out)
    printed = json.loads(out.getvalue())
    assert [hit["id"] for hit in printed["hits"]] == [str(hit.id) for hit in ask(word, "en").hits]
    assert printed["hits"][0] | {"tier": "exact", "headword": word} == printed["hits"][0]
    assert {"id", "lexicon", "headword", "orthography", "tier"} <= set(printed["hits"][0])


def test_the_command_prints_a_line_a_hit_and_says_when_there_is_none(house):
    entry = Entry.objects.select_related("lexicon").first()
    out = io.StringIO()
    call_command("lookup", entry.headword, stdout=out, lexicon=entry.lexicon.slug)
    assert out.getvalue().splitlines()[0].split("\t")[:2] == [str(entry.uuid), entry.headword]
    out = io.StringIO()
    call_command("lookup", "xyzzyxyzzy", stdout=out)
    assert len(out.getvalue().splitlines()) == 1


@pytest.mark.parametrize(
    "options",
    [{"lexicon": "no-such"}, {"language": "not a tag"}, {"language": "-"}],
    ids=lambda each: str(each),
)
def test_the_command_refuses_what_does_not_exist(options):
    with pytest.raises(CommandError):
        call_command("lookup", "a", **options)


@pytest.mark.django_db(transaction=True)
def test_the_filter_answers_every_line_even_hostile_ones_with_one_line():
    starter_house.furnish(2)
    word = Entry.objects.first().headword
    lines = [
        word.encode(),
        b"",
        b"'; DROP TABLE--",
        b"\xff\xfe\x00",
        b"(.*)[",
        b"x" * 20_000,
        "a\u202eb".encode(),
    ]
    run = subprocess.run(
        [sys.executable, "manage.py", "lookup", "--json"],
        cwd=REPOSITORY, input=b"\n".join(lines) + b"\n", capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    answers = [json.loads(line) for line in run.stdout.decode().splitlines()]
    assert len(answers) == len(lines)
    assert answers[0]["query"] == word and answers[0]["hits"][0]["headword"] == word
    assert answers[1]["error"]["code"] == "empty"
    assert answers[5]["error"]["code"] == "too_long"


def test_no_lexicon_no_hits():
    assert not Lexicon.objects.exists()
    assert ask("a").hits == ()
