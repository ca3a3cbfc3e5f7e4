"""Windows of scored hits, marks and cursors, without an engine."""

from __future__ import annotations

import re
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from search import marks
from search.engines.paging import Scored, decode, encode, in_order, scored_page

hits_by_order = st.dictionaries(
    st.integers(0, 2**64 - 1), st.sampled_from((1.0, 1.000001, 1.5, 2.0)), max_size=120
)


@given(hits_by_order, st.integers(1, 9), st.randoms())
def test_pages_of_scored_hits_do_not_depend_on_how_an_engine_orders_equal_scores(
    found: dict[int, float], limit: int, chance: Random
) -> None:
    hits = [Scored(score, order, order) for order, score in found.items()]
    wanted = in_order(hits)

    def fetch(size: int) -> list[Scored]:
        shuffled = hits[:]
        chance.shuffle(shuffled)
        return sorted(shuffled, key=lambda one: -one.score)[:size]

    collected, cursor = [], ""
    while True:
        page, cursor = scored_page(fetch, limit, cursor)
        collected.extend(page)
        if not cursor:
            break
    assert [one.order for one in collected] == [one.order for one in wanted]


@given(st.integers(0, 9999), st.one_of(st.none(), st.integers(0, 2**64 - 1)))
def test_cursors_come_back_as_they_went(tier: int, order: int | None) -> None:
    assert decode(encode(tier, order)) == (tier, order)


marked = st.text("ab.*[(\\\U000f0300\U000f0301\U000f0302", max_size=10)


@given(marked, marked, st.booleans())
def test_the_rule_of_marks_and_its_regular_expression_are_one(query: str, form: str, whole: bool) -> None:
    pattern = marks.expression(query, whole=whole)
    assert marks.agree(query, form, whole=whole) == bool(re.fullmatch(pattern, form, re.DOTALL))


@given(marked)
def test_a_form_agrees_with_itself_and_with_fewer_marks(form: str) -> None:
    assert marks.agree(form, form, whole=True)
    fewer = form.replace("\U000f0301", "")
    assert marks.agree(fewer, form, whole=True)
    assert marks.agree(form, fewer, whole=True) == (form == fewer)
