"""Whatever is typed is answered or refused with a code; nothing crashes."""

from __future__ import annotations

import pytest
from django.conf import settings as site
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from access.domain.viewer import anonymous
from search.domain.guard import QueryError, clean
from search.domain.lookup import lookup
from search.domain.suggest import suggest
from search.domain.words import search
from search.engines.embedded.engine import EmbeddedEngine
from tests.search.house import entry, lexicon, publish_one

HOSTILE = (
    "\x00", "\ud800", "a\udfffb", "\u202eabc", "\u0378", "\U000f0300", "\ufdd0", "k" * 10_000, "a" + "\u0300" * 300,
    ".*", "(a|a)*b", "[", "\\", "'; DROP TABLE x; --", '" OR ""="', "%_%", "*", "?", "\x1f", "k\x1frad", "{}", "^$",
    "\u200b\u200d\u00ad", "\n\t ", "𐌀", "\U0010ffff", "k\u0300\u0300\u0300", "AND OR NOT", "a:b", "~", "e\u0301\u0301",
)  # fmt: skip
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=()), max_size=30),
    st.text("kaăb'\u0300\u0303 \u1780\u17d2\uaa80.*[(\\", max_size=12),
)


@given(texts)
def test_what_is_clean_stays_clean_and_holds_nothing_that_nobody_writes(text: str) -> None:
    try:
        found = clean(text)
    except QueryError as error:
        assert error.code in {"empty", "too_long"}
        return
    assert clean(found) == found
    assert 0 < len(found) <= site.NHASAN_SEARCH_QUERY_LENGTH
    assert not set(found) & set("\x00\x1f\n\t\u202e\u0378\U000f0300\ud800")
    found.encode()


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts)
@example("a" + "\u0300" * 100)
def test_look_ups_suggestions_and_words_answer_anything_or_refuse_it(house: None, text: str) -> None:
    viewer = anonymous()
    for ask in (
        lambda: lookup(text, viewer=viewer),
        lambda: lookup(text, viewer=viewer, fresh=True),
        lambda: suggest(text, viewer=viewer),
        lambda: search(text, viewer=viewer, fields=["meaning"]),
    ):
        try:
            ask()
        except QueryError as error:
            assert error.code in {"empty", "too_long"}


@pytest.fixture
def house(index: EmbeddedEngine) -> None:
    made = lexicon("guard", "zxx-Latn")
    for at, text in enumerate(("k", "kaă", "a.*b", "(a|a)*b", "a" + "\u0300" * 5)):
        publish_one(made, entry("zxx-Latn", text, vi="nghĩa"), str(at))


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "1.2.3", "-1", "1." + "9" * 30, "9" * 9, "~~1", "@5", "\x00", "١"])
def test_a_cursor_that_was_never_given_out_is_refused(index: EmbeddedEngine, cursor: str) -> None:
    with pytest.raises(QueryError) as refused:
        lookup("ka", viewer=anonymous(), cursor=cursor)
    assert refused.value.code == "bad_cursor"


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [0, -1, 10_000])
def test_a_limit_out_of_bounds_is_refused(limit: int) -> None:
    with pytest.raises(QueryError) as refused:
        lookup("ka", viewer=anonymous(), limit=limit)
    assert refused.value.code == "bad_limit"


@pytest.mark.parametrize("code", ["empty", "too_long", "bad_cursor", "bad_limit"])
def test_refusals_speak_the_language_of_the_reader(code: str) -> None:
    error = QueryError(code, limit=200)
    with translation.override("vi"):
        vietnamese = str(error)
    with translation.override("en"):
        assert str(error) != vietnamese
