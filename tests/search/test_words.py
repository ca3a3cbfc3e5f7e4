"""Running text: BM25 on the index, near-equal scores in order, words highlighted where they stand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.domain.viewer import anonymous
from languages import registry
from search.domain import analysis, words
from search.engines.database import DatabaseEngine
from search.engines.embedded.engine import EmbeddedEngine
from search.interface import And, Capabilities, Document, Engine, SeenBy, Unsupported, Words, order_of
from tests.search import parts
from tests.search.agreement import Agreed


def document(pk: int, text: str, **fields: object) -> Document:
    return Document("page", pk, 1, order_of(0, pk), fields={"meaning": tuple(text.split())}, **fields)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_rarer_words_weigh_more_and_equal_scores_stand_in_order(index: EmbeddedEngine) -> None:
    index.write(
        [document(pk, "river and hill" if pk % 7 else "river and boat boat") for pk in range(60, 0, -1)]
    )
    where = And((SeenBy(anonymous()),))
    found = index.words(Words("meaning", ("river", "boat"), require_all=False), where, limit=20)
    assert found.total == 60
    assert [hit.pk for hit in found.hits[:8]] == [7, 14, 21, 28, 35, 42, 49, 56]
    assert [hit.pk for hit in found.hits[8:]] == sorted(hit.pk for hit in found.hits[8:])
    both = index.words(Words("meaning", ("river", "boat")), where, limit=20)
    assert {hit.pk for hit in both.hits} == set(range(7, 61, 7))
    pages, cursor = [], ""
    while True:
        page = index.words(Words("meaning", ("river",)), where, limit=7, cursor=cursor)
        pages.extend(hit.pk for hit in page.hits)
        cursor = page.cursor
        if not cursor:
            break
    assert sorted(pages) == list(range(1, 61))


@pytest.mark.django_db
def test_words_carry_where_in_the_parent_and_are_closed_to_whom_they_are_closed(
    index: EmbeddedEngine,
) -> None:
    index.write(
        [
            document(1, "river", locator="page 12", parent="book:1", facets={"topic": ("water",)}),
            document(2, "river", protocols=(99,)),
        ]
    )
    found = words.search("River", viewer=anonymous(), fields=["meaning", "example"], facets=["topic"])
    assert [(hit.pk, hit.locator) for hit in found.hits] == [(1, "page 12")]
    assert found.facets == {"topic": {"water": 1}}
    assert words.search("river", viewer=anonymous(), fields=["meaning"], lexicon="book:2").total == 0
    assert (
        words.search("river", viewer=anonymous(), fields=["meaning"], filters=[("topic", "water")]).total == 1
    )


@pytest.mark.django_db
def test_without_an_index_no_words_are_found_and_it_is_said(tmp_path: object, settings: object) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    assert words.search("river", viewer=anonymous(), fields=["meaning"]).degraded
    assert DatabaseEngine.capabilities == Capabilities(
        False, False, frozenset({"type", "language", "parent"})
    )
    with pytest.raises(Unsupported):
        DatabaseEngine().words(Words("meaning", ("a",)), And(()), limit=1)


@given(st.sampled_from(registry().orthographies), st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_highlights_are_the_tokens_of_the_text_that_the_query_names(orthography, picked) -> None:
    text = " ".join(
        orthography.alphabet[at % len(orthography.alphabet)] for at in picked if orthography.alphabet
    )
    tokens = orthography.tokens(text)
    for token in tokens[:2]:
        spans = words.highlights(text, orthography.tag, token.text)
        wanted = analysis.words(orthography.tag, token.text)
        assert (token.start, token.end) in spans
        assert all(analysis.words(orthography.tag, text[start:end])[0] in wanted for start, end in spans)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_parts_of_a_whole_are_found_narrowed_and_left_out(
    empty_engines: Callable[[], list[Engine]], agreed: Agreed, data: st.DataObject
) -> None:
    parts.agree([engine for engine in empty_engines() if engine.capabilities.words], agreed, data)
