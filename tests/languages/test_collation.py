"""The order made from an alphabet is the alphabet's."""

from __future__ import annotations

import pytest

from languages.collation import alphabet_rules, collator_of_rules, sort_keys


@pytest.mark.parametrize(
    "alphabet",
    [
        ["a", "b", "c"],
        ["a", "b", "ch", "đ", "e"],
        ["a", "ă", "â", "â̆", "b", "ʼb", "ch", "d", "đ", "n", "ʼn", "ng", "ʼng", "nh", "o"],
        ["b", "a", "z", "y", "dj", "d"],
        ["ក", "ខ", "អ", "គ"],
        ["ꪀ", "ꪁ", "ꪂ"],
    ],
)
def test_letters_sort_as_listed(alphabet: list[str]) -> None:
    sort_key = sort_keys(collator_of_rules(alphabet_rules(alphabet)))
    words = [letter + "zz" for letter in alphabet]
    assert sorted(words, key=sort_key) == words
    # Each letter is a letter of its own: what follows it does not decide.
    texts = [letter + rest for letter in alphabet for rest in ("", "?")]
    assert sorted(texts, key=sort_key) == texts


def test_capitals_follow_their_small_letters() -> None:
    sort_key = sort_keys(collator_of_rules(alphabet_rules(["n", "ng", "ʼng"])))
    words = ["n", "N", "ng", "Ng", "NG", "ʼng", "ʼNg", "ʼNG"]
    assert sorted(set(words), key=sort_key) == words


def test_letters_outside_the_alphabet_stay_where_they_are() -> None:
    sort_key = sort_keys(collator_of_rules(alphabet_rules(["a", "b", "ch", "d", "đ", "e"])))
    words = ["a", "b", "c", "cz", "ch", "d", "đ", "e", "f", "z"]
    assert sorted(words, key=sort_key) == words


def test_text_that_sorts_alike_is_told_apart() -> None:
    sort_key = sort_keys(collator_of_rules("&a = b"))
    assert sort_key("a") != sort_key("b")
