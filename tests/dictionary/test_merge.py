import copy

from hypothesis import given

from dictionary.domain import content as c
from dictionary.domain.merge import merge, repoint
from dictionary.domain.validation import validate
from tests.dictionary import samples
from tests.dictionary.test_content import SENSES


def spelled(tree):
    return {form["text"] for _kind, _key, form in c.texts(tree) if form.get("text")}


@given(SENSES, SENSES)
def test_no_text_is_lost_and_the_result_is_valid(one, other):
    winner, loser = c.entry([c.form("und", "x")], one), c.entry([c.form("und", "y")], other)
    kept = copy.deepcopy((winner, loser))
    united = merge(winner, loser)
    assert spelled(united) == spelled(winner) | spelled(loser)
    assert validate(united) == []
    assert (winner, loser) == kept


@given(SENSES, SENSES)
def test_merging_again_or_with_itself_changes_nothing(one, other):
    winner, loser = c.entry([c.form("und", "x")], one), c.entry([c.form("und", "y")], other)
    assert merge(winner, winner) == winner
    united = merge(winner, loser)
    assert spelled(merge(united, loser)) == spelled(united)
    assert len(list(c.walk(merge(united, loser)))) == len(list(c.walk(united)))


def test_the_winner_keeps_its_names_and_ids():
    winner = samples.content(0, "one", guid="w")
    loser = samples.content(1, "two", guid="l", lift_id="l")
    ids = [step.node.get("id") for step in c.walk(winner)]
    united = merge(winner, loser)
    assert united["guid"] == "w" and "lift_id" not in united
    assert set(ids) <= {step.node.get("id") for step in c.walk(united)}


def test_another_spelling_becomes_a_variant():
    united = merge(samples.content(0), samples.content(1))
    assert united["forms"][0]["text"] == samples.word(0)
    assert [variant["forms"][0]["text"] for variant in united["variants"]] == [samples.word(1)]


def test_equal_senses_become_one_with_what_both_have():
    winner, loser = samples.content(0, "same"), samples.content(0, "same", "other")
    loser["senses"][0]["examples"] = [{"id": "e", "forms": [c.form("und", "said")]}]
    united = merge(winner, loser)
    assert [sense["glosses"][0]["text"] for sense in united["senses"]] == ["same", "other"]
    assert united["senses"][0]["examples"][0]["forms"][0]["text"] == "said"


def test_senses_whose_definitions_contradict_stand_side_by_side():
    winner, loser = samples.content(0, "same"), samples.content(0, "same")
    winner["senses"][0]["definition"] = [c.form("und", "this")]
    loser["senses"][0]["definition"] = [c.form("und", "that")]
    assert len(merge(winner, loser)["senses"]) == 2


def test_ids_that_both_have_are_given_anew():
    winner, loser = samples.content(0, "one"), samples.content(0, "two")
    loser["senses"][0]["id"] = winner["senses"][0]["id"]
    assert validate(merge(winner, loser)) == []


def test_relations_are_pointed_anew_and_not_doubled():
    tree = samples.content(0)
    tree["relations"] = [
        {"id": "a", "type": "synonym", "ref": "old"},
        {"id": "b", "type": "synonym", "ref": "new"},
    ]
    tree["senses"][0]["relations"] = [{"id": "c", "type": "part", "ref": "old"}]
    changed = repoint(tree, {"old": "new"})
    assert [relation["ref"] for relation in changed["relations"]] == ["new"]
    assert changed["senses"][0]["relations"][0]["ref"] == "new"
    assert tree["relations"][0]["ref"] == "old"
    assert repoint(tree, {"unknown": "new"}) is None
