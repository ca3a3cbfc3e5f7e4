import copy

from hypothesis import given
from hypothesis import strategies as st

from dictionary.domain import content as c
from dictionary.domain.diff import diff, pieces
from tests.dictionary import samples
from tests.dictionary.test_content import SENSES

TEXT = st.text("aăâ\u0323\u0301b c", max_size=30)


def changes(old, new):
    return [(each.change, each.key, [step.kind for step in each.where]) for each in diff(old, new)]


@given(SENSES)
def test_equal_trees_have_no_difference(senses):
    tree = c.entry([c.form("und", "x")], senses)
    assert diff(tree, copy.deepcopy(tree)) == []


@given(SENSES, SENSES)
def test_different_trees_have_a_difference(one, other):
    old, new = c.entry([c.form("und", "x")], one), c.entry([c.form("und", "x")], other)
    assert bool(diff(old, new)) == (old != new)


@given(TEXT, TEXT)
def test_an_inline_difference_spells_both_texts(old, new):
    found = pieces(old, new)
    assert "".join(piece.text for piece in found if piece.operation != "added") == old
    assert "".join(piece.text for piece in found if piece.operation != "removed") == new


def test_marks_stay_with_their_letter():
    found = pieces("a\u0301bcdef", "a\u0300bcdef")
    assert [piece.text for piece in found] == ["a\u0301", "a\u0300", "bcdef"]


def test_long_texts_are_compared_by_words_quickly():
    old = "word " * 20_000
    assert pieces(old, f"{old}more")[-1] == ("added", "more")
    assert len(pieces(f"a {old} b", f"c {old[:-50]} d")) == 2


def test_what_was_added_and_removed_is_said_once_with_all_its_texts():
    old = samples.content(0, "first")
    new = copy.deepcopy(old)
    new["senses"].append(
        {
            "id": "n",
            "glosses": [c.form("und", "second")],
            "examples": [{"id": "e", "forms": [c.form("und", "said")]}],
        }
    )
    (added,) = diff(old, new)
    assert (added.change, added.where[0].number, added.texts) == ("added", 2, ("second", "said"))
    (removed,) = diff(new, old)
    assert (removed.change, removed.texts) == ("removed", ("second", "said"))


def test_a_sense_that_moved_is_a_move_and_the_others_stay():
    old = samples.content(0, "one", "two", "three", "four")
    new = copy.deepcopy(old)
    new["senses"].insert(0, new["senses"].pop(2))
    (moved,) = diff(old, new)
    assert (moved.change, moved.where[0].number, moved.was[0].number) == ("moved", 1, 3)


def test_a_sense_that_became_a_subsense_is_a_move():
    old = samples.content(0, "one", "two")
    new = copy.deepcopy(old)
    new["senses"][0]["senses"] = [new["senses"].pop(1)]
    (moved,) = diff(old, new)
    assert moved.change == "moved" and len(moved.where) == 2 and len(moved.was) == 1


def test_texts_values_and_source_data_are_named_by_key():
    old = samples.content(0, "one")
    new = copy.deepcopy(old)
    new["senses"][0]["glosses"][0]["text"] = "once"
    new["senses"][0]["pos"] = {"value": "n"}
    new["senses"][0]["traits"] = [{"name": "a", "value": "b"}]
    new["extra"] = ["<x/>"]
    assert sorted(changes(old, new)) == [
        ("changed", "extra", []),
        ("changed", "glosses", ["sense"]),
        ("changed", "pos", ["sense"]),
        ("changed", "traits", ["sense"]),
    ]
