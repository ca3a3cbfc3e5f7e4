"""What holds for every orthography of every profile, over real words and over texts made of its letters."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import icu
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from languages import LanguageError, Orthography, registry
from languages.folding import Folder
from languages.orthography import TIERS
from languages.text import MARKS_NOTED
from tests.languages.texts import (
    anything,
    orthographies,
    real_words,
    sldr_rules,
    tag_of,
    written,
)

every_orthography = pytest.mark.parametrize("orthography", orthographies(), ids=tag_of)
quick = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def hold_laws_of_keys(orthography: Orthography, text: str) -> None:
    normal = orthography.normalise(text)
    assert orthography.normalise(normal) == normal
    assert icu.Normalizer2.getNFCInstance().isNormalized(normal)
    keys = orthography.keys(text)
    assert keys[:4] == tuple(orthography.fold(text, tier) for tier in TIERS)
    assert keys.marked == orthography.marked(text)
    assert keys.sound == orthography.sound_keys(text) == orthography.sound_keys(keys.exact)
    for looser, before in zip(TIERS[1:], TIERS, strict=False):
        key = getattr(keys, before)
        if (
            orthography.fold(key, "exact") == key
        ):  # a key need not be good text: taking marks away may leave a space
            assert orthography.fold(key, looser) == getattr(keys, looser), looser
            assert orthography.fold(key, before) == key, before
    assert MARKS_NOTED.sub("", keys.marked) == keys.letter
    assert re.fullmatch(orthography.pattern(text), keys.marked)
    assert re.fullmatch(orthography.pattern(text, prefix=True), keys.marked)


@every_orthography
def test_keys_of_real_words_keep_the_laws(orthography: Orthography) -> None:
    for word in real_words(orthography):
        hold_laws_of_keys(orthography, word)


@every_orthography
def test_keys_of_any_letters_in_any_order_keep_the_laws(orthography: Orthography) -> None:
    @quick
    @given(written(orthography))
    def hold(text: str) -> None:
        hold_laws_of_keys(orthography, text)

    hold()


@every_orthography
def test_the_quick_ways_give_what_the_plain_ways_give(orthography: Orthography) -> None:
    folder = Folder(orthography.machinery.folding)

    @quick
    @given(written(orthography) | anything())
    def hold(text: str) -> None:
        assert folder.marked(text) == "".join(base + marks for base, marks in folder.split(text))
        assert orthography.words(text) == [token.text for token in orthography.tokens(text)]
        letters = sorted(orthography.index, key=len, reverse=True)
        tone = orthography.fold(text, "tone")
        first = next((at for at, char in enumerate(tone) if char not in orthography.index_skip), None)
        begun = [letter for letter in letters if first is not None and tone.startswith(letter, first)]
        if begun:
            assert orthography.first_letter(text) == begun[0]

    hold()


@every_orthography
def test_hostile_text_gives_keys_or_a_language_error(orthography: Orthography) -> None:
    @quick
    @given(anything())
    def hold(text: str) -> None:
        try:
            hold_laws_of_keys(orthography, text)
            orthography.sort_key(text)
            orthography.first_letter(text)
            orthography.tokens(text)
            for scheme in orthography.transliterations:
                orthography.transliterate(text, scheme.target)
        except LanguageError:
            pass

    hold()


@every_orthography
@pytest.mark.parametrize(
    "text",
    [
        "ộ" * 10_000,
        "\u202e" * 10_000,
        "\ud800" * 10_000,
        "\u0301" * 10_000,
        "\U0002fffe" * 10_000,
        "(.*" * 3_000,
    ],
)
def test_very_long_text_is_handled(orthography: Orthography, text: str) -> None:
    keys = orthography.keys(text)
    assert "\ud800" not in "".join(keys[:5])
    orthography.sort_key(text).hex()
    re.compile(orthography.pattern(text[:50]))
    orthography.tokens(text)


@every_orthography
def test_a_query_that_leaves_marks_out_finds_the_form(orthography: Orthography) -> None:
    words = real_words(orthography)

    @quick
    @given(st.sampled_from(words), st.randoms(use_true_random=False))
    def hold(word: str, chance: object) -> None:
        case = orthography.fold(word, "case")
        query = "".join(
            orthography.fold(char, "letter") if chance.random() < 0.5 and char.isalpha() else char  # type: ignore[attr-defined]
            for char in case
        )
        assert re.fullmatch(orthography.pattern(query), orthography.marked(word)), query

    hold()
    for word in words:
        assert re.fullmatch(
            orthography.pattern(orthography.fold(word, "letter")), orthography.marked(word)
        ), word
        assert re.fullmatch(orthography.pattern(orthography.fold(word, "tone")), orthography.marked(word)), (
            word
        )


@every_orthography
def test_a_query_whose_mark_contradicts_does_not_match(orthography: Orthography) -> None:
    base = orthography.exemplars.base
    letters = {*orthography.alphabet, *(base + mark for mark in orthography.exemplars.marks)}
    noted = {letter: orthography.marked(letter) for letter in letters}
    for asked, wanted in noted.items():
        marks = set("".join(MARKS_NOTED.findall(wanted)))
        for letter, marked in noted.items():
            same_base = MARKS_NOTED.sub("", wanted) == MARKS_NOTED.sub("", marked)
            if same_base and not marks <= set("".join(MARKS_NOTED.findall(marked))):
                assert not re.fullmatch(
                    orthography.pattern(f"k{asked}k"), orthography.marked(f"k{letter}k")
                ), letter


@every_orthography
def test_the_beginning_of_a_word_finds_it_as_a_prefix(orthography: Orthography) -> None:
    for word in real_words(orthography)[:100]:
        letters = orthography.fold(word, "letter")
        for end in range(1, len(letters)):
            if letters[:end].isalnum():
                assert re.fullmatch(orthography.pattern(letters[:end], prefix=True), orthography.marked(word))


@every_orthography
def test_sort_keys_are_total(orthography: Orthography) -> None:
    words = {orthography.normalise(word) for word in real_words(orthography)}
    assert len({orthography.sort_key(word) for word in words}) == len(words)


@every_orthography
def test_order_agrees_with_the_rules_of_sldr(orthography: Orthography) -> None:
    first = orthography is registry().orthography(orthography.language)
    rules = sldr_rules(orthography.tag) or (sldr_rules(orthography.language) if first else "")
    if not rules:
        return
    theirs = icu.RuleBasedCollator(rules)
    theirs.setAttribute(icu.UCollAttribute.NORMALIZATION_MODE, icu.UCollAttributeValue.ON)
    ordered = sorted(real_words(orthography), key=orthography.sort_key)
    for before, after in pairwise(ordered):
        first, second = (orthography.normalise(word).replace("ʼ", "'") for word in (before, after))
        assert theirs.compare(first, second) <= 0, (before, after)


@every_orthography
def test_tokens_are_pieces_of_the_text_in_order(orthography: Orthography) -> None:
    @quick
    @given(written(orthography) | anything() | st.just("  ".join(real_words(orthography))))
    def hold(text: str) -> None:
        tokens = orthography.tokens(text)
        for token in tokens:
            assert text[token.start : token.end] == token.text
        for first, second in pairwise(tokens):
            assert first.end <= second.start
        outside = "".join(
            text[start:end]
            for start, end in zip(
                [0, *(token.end for token in tokens)],
                [*(token.start for token in tokens), len(text)],
                strict=True,
            )
        )
        assert not any(char.isalpha() and char.isprintable() and ord(char) < 0x10000 for char in outside)

    hold()


@every_orthography
def test_every_word_stands_under_a_letter(orthography: Orthography) -> None:
    for letter in orthography.index:
        assert orthography.first_letter(letter) == letter
        assert orthography.first_letter(f"({letter.upper()}") == letter
    for word in real_words(orthography):
        assert orthography.first_letter(word)


@pytest.mark.parametrize(
    "scheme",
    [scheme for profile in registry().profiles.values() for scheme in profile.schemes if scheme.reversible],
    ids=lambda scheme: f"{scheme.source}:{scheme.target}",
)
def test_reversible_schemes_round_trip_on_every_word(scheme: object) -> None:
    there, back = registry().orthography(scheme.source), registry().orthography(scheme.target)  # type: ignore[attr-defined]
    for word in real_words(there) if not there.is_fallback else ():
        assert back.transliterate(there.transliterate(word, back.tag), there.tag) == there.normalise(word)


def test_threads_get_the_answers_one_thread_gets() -> None:
    work = [(one, word) for one in orthographies() for word in real_words(one)[:60]]

    def answer(task: tuple[Orthography, str]) -> tuple[object, ...]:
        orthography, word = task
        return (
            orthography.keys(word),
            orthography.sort_key(word),
            orthography.first_letter(word),
            orthography.tokens(f"{word} {word}, {word}"),
            [orthography.transliterate(word, scheme.target) for scheme in orthography.transliterations],
        )

    alone = [answer(task) for task in work]
    with ThreadPoolExecutor(8) as pool:
        for together in [pool.map(answer, work) for _ in range(3)]:
            assert list(together) == alone
