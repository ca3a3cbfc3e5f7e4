import pytest
from django.core.management import call_command

from dictionary.domain import content as c
from dictionary.domain import derived, lexicons, publish
from dictionary.models import Entry
from jobs.models import Job
from search.models import LookupRow
from tests.dictionary import samples


@pytest.mark.django_db(transaction=True)
def test_a_change_of_a_large_lexicon_is_left_to_a_job():
    lexicon = samples.lexicon()
    number = lexicons.AT_ONCE + 1
    publish.apply_many(lexicon, [publish.Change(f"id{n}", samples.content(n)) for n in range(number)])
    lexicon.slug, lexicon.gloss_languages = "renamed", ["x-none"]
    lexicon.save()
    assert LookupRow.objects.filter(parent="sample").exists()
    job = Job.objects.get(kind=lexicons.REFRESH)
    call_command("worker", "--once", "--queue", "default")
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert not LookupRow.objects.filter(parent="sample").exists()
    assert LookupRow.objects.filter(parent="renamed", kind="headword").count() == number
    assert Entry.objects.filter(live=True).count() == number


MAIN = "und"


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ({"forms": [c.form("x-a", "a"), c.form(MAIN, "b")]}, "b"),
        ({"forms": [c.form("x-a", "a")]}, "a"),
        ({"forms": [c.form(MAIN, "a")], "citation": [c.form(MAIN, " b ")]}, "b"),
        ({"variants": [{"forms": [c.form("x-a", "v")]}]}, "v"),
        ({"forms": [c.form(MAIN, "")]}, ""),
        ({}, ""),
    ],
)
def test_the_headword_is_the_citation_form_else_the_lexical_unit_in_the_main_orthography(tree, expected):
    assert derived.headword(tree, MAIN) == expected


def test_the_gloss_is_of_the_first_gloss_language_that_has_any_and_else_of_any():
    tree = c.entry(
        [c.form(MAIN, "x")],
        [c.sense([c.form("x-b", "one")]), c.sense([c.form("x-b", "two"), c.form("x-c", "three")])],
    )
    assert derived.gloss_line(tree, ["x-a", "x-b"]) == "one; two"
    assert derived.gloss_line(tree, ["x-c", "x-b"]) == "three"
    assert derived.gloss_line(tree, []) == "one; two"


def test_each_word_that_a_gloss_lists_can_be_looked_up_by_itself():
    tree = c.entry([c.form(MAIN, "x")], [c.sense([c.form("x-b", "to go, to walk; step")])])
    assert list(derived.glosses(tree)) == [("x-b", "to go"), ("x-b", "to walk"), ("x-b", "step")]


def test_very_long_headwords_fit_their_columns():
    found = derived.columns(
        {"forms": [c.form(samples.writing().tag, samples.word(0) * 2000)]}, samples.writing().tag, []
    )
    assert len(found.headword) <= 500 and len(found.sort_key) <= 1000
