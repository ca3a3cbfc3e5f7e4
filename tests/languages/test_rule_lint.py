"""Rules that could match what they wrote, without end, are found; others are not."""

from __future__ import annotations

import icu
import pytest

from languages import LanguageError
from languages.rule_lint import rescanning_rules
from languages.transliteration import converter


def lint(rules: str) -> list[str]:
    made = icu.Transliterator.createFromRules("test", rules, icu.UTransDirection.FORWARD)
    return rescanning_rules(made.toRules(False))


@pytest.mark.parametrize(
    "rules",
    [
        "a > | aa;",
        "a > b | a;",
        "a > | b; b > | a;",
        "$c = [a-z]; ($c) x > | $1 y;",
        "(.) x > | $1;",
        "([ab]+) c > x | &Any-Upper($1);",
        "a > b; ::NFC; a > | a;",
        "['\\[] > | \\[;",
        "\\u0061 > | 'a';",
        "a? b > | b;",
        "x { a } y > | a;",
    ],
)
def test_a_circle_is_found(rules: str) -> None:
    assert lint(rules)


@pytest.mark.parametrize(
    "rules",
    [
        "a > aa;",
        "a <> b;",
        "ab > a | c; c > d;",
        "a > b |;",
        "'|' > '|' a;",
        "a > | b; b > c;",
        "a > | b; ::NFC; b > | a;",
        "'''|' > | b;",
        "([aeiou]) ([aeiou]) > $2 | x; x > ;",
    ],
)
def test_an_honest_rule_passes(rules: str) -> None:
    assert lint(rules) == []


def test_an_answer_that_grows_without_end_is_refused() -> None:
    doubling = "a > aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;"
    with pytest.raises(LanguageError) as refusal:
        converter([doubling])("a" * 40)
    assert refusal.value.code == "rule_runs_away"
