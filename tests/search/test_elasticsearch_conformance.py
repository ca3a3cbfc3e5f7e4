"""Elasticsearch, a real one, answers as the other engines do, on one shard and on three.

Made-up words, words of every orthography, real words, running text; what may differ, and what never may."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from search.engines.elastic.connection import Connection
from search.engines.paging import TOLERANCE
from search.interface import (
    All,
    Document,
    Engine,
    Fuzzy,
    Hit,
    Or,
    Query,
    Results,
    SeenBy,
    Tier,
    Words,
    order_of,
)  # fmt: skip
from tests.search import corpora, parts
from tests.search.agreement import Agreed
from tests.search.conftest import TEXT_FIELDS, emptied
from tests.search.test_conformance import agree_in_every_orthography, check, no_rows
from tests.search.test_word_lists import compare, documents

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


def some(examples: int) -> settings:
    """So many examples, without shrinking: each of them asks a server."""
    return settings(
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


SHARDS = pytest.mark.parametrize("shards", [1, 3])


@SHARDS
def test_look_ups_agree_with_brute_force_while_documents_come_change_and_go(
    empty_engines: Callable[[], list[Engine]], elastic: Connection, agreed: Agreed, shards: int
) -> None:
    @some(8 if shards == 1 else 4)
    @given(st.data())
    def hold(data: st.DataObject) -> None:
        with transaction.atomic():
            no_rows()
            database, embedded = empty_engines()
            others = [database, embedded] if shards == 1 else [embedded]
            check([*others, emptied(elastic, shards)], agreed, data)

    hold()


@SHARDS
def test_look_ups_agree_in_every_orthography_while_documents_come_change_and_go(
    empty_engines: Callable[[], list[Engine]], elastic: Connection, agreed: Agreed, shards: int
) -> None:
    @some(2 if shards == 1 else 1)
    @given(st.integers(0, 2**32))
    def hold(seed: int) -> None:
        with transaction.atomic():
            no_rows()
            engines = [empty_engines()[1], emptied(elastic, shards)]
            agree_in_every_orthography(engines, agreed, Random(seed))

    hold()


@SHARDS
def test_real_words_in_every_script_are_found_alike(
    empty_engines: Callable[[], list[Engine]], elastic: Connection, agreed: Agreed, shards: int
) -> None:
    every = documents()
    compare([empty_engines()[1], emptied(elastic, shards)], every if shards == 1 else every[::4], agreed)


WORDS = ("ka", "kra", "lo", "blem", "u")
TEXT_FACETS = ("domain.of", "language")
SEVEN_DIGITS = 5e-7


@st.composite
def texts(draw: st.DrawFn, start: int = 1, most: int = 25) -> list[Document]:
    """Documents with running text, or without; now and then one word is in all of them."""
    everywhere = draw(st.sampled_from(((), ("ka",))))
    found = []
    for pk in range(start, start + draw(st.integers(5, most))):
        lists = {name: draw(st.lists(st.sampled_from(WORDS), max_size=12)) for name in TEXT_FIELDS}
        found.append(
            replace(
                draw(corpora.document(pk)),
                fields={name: (*everywhere, *words) for name, words in lists.items() if everywhere or words},
                facets={"domain.of": tuple(draw(st.sets(st.sampled_from(("house", "river")))))},
                locator=draw(st.sampled_from(("", "p. 12", "03:15"))),
            )
        )
    return found


@st.composite
def questions(draw: st.DrawFn) -> tuple[Query, Query, int]:
    """Words, a condition, and how many to a page."""
    tokens = tuple(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)))
    words: Query = Words(draw(st.sampled_from(TEXT_FIELDS)), tokens, draw(st.booleans()))
    if draw(st.booleans()):
        words = Or(tuple(Words(name, tokens, False) for name in TEXT_FIELDS))
    return words, draw(corpora.conditions()), draw(st.integers(1, 7))


def paged(engine: Engine, query: Query, where: Query, limit: int) -> list[Results]:
    """All pages of a search for words, by following the cursors."""
    found = [engine.words(query, where, limit=limit, facets=TEXT_FACETS)]
    while found[-1].cursor:
        found.append(engine.words(query, where, limit=limit, cursor=found[-1].cursor, facets=TEXT_FACETS))
    return found


def hits(pages: Sequence[Results]) -> list[Hit]:
    return [hit for page in pages for hit in page.hits]


def never_differs(pages: Sequence[Results]) -> object:
    """What of an answer is the same whatever became of the statistics: documents, totals, facets, the size of pages."""
    unscored = sorted(hit._replace(score=0.0) for hit in hits(pages))
    return unscored, [(page.total, page.facets, len(page.hits), bool(page.cursor)) for page in pages]


@SHARDS
def test_running_text_has_the_same_hits_order_and_seven_digits_of_the_score_in_a_fresh_index(
    empty_engines: Callable[[], list[Engine]], elastic: Connection, agreed: Agreed, shards: int
) -> None:
    @some(10 if shards == 1 else 5)
    @given(st.data())
    def hold(data: st.DataObject) -> None:
        with transaction.atomic():
            no_rows()
            engines = [empty_engines()[1], emptied(elastic, shards)]
            documents = data.draw(texts())
            for engine in engines:
                engine.write(documents)
            for _ in range(3):
                same_scores(engines, data.draw(questions()), agreed)

    hold()


def same_scores(engines: list[Engine], question: tuple[Query, Query, int], agreed: Agreed) -> None:
    agreed.ask(
        engines,
        lambda engine: [
            (page.total, page.facets, page.cursor, [hit._replace(score=0.0) for hit in page.hits])
            for page in paged(engine, *question)
        ],
        question,
    )
    ours, theirs = (hits(paged(engine, *question)) for engine in engines)
    for one, two in zip(ours, theirs, strict=True):
        assert one.score == pytest.approx(two.score, rel=SEVEN_DIGITS)


@SHARDS
def test_before_a_merge_only_scores_may_differ_and_built_anew_nothing_does(
    empty_engines: Callable[[], list[Engine]], elastic: Connection, agreed: Agreed, shards: int
) -> None:
    @some(4)
    @given(st.data())
    def hold(data: st.DataObject) -> None:
        with transaction.atomic():
            no_rows()
            embedded, other = empty_engines()[1], emptied(elastic, shards)
            first = data.draw(texts())
            changed = [replace(one, version=one.version + 9) for one in data.draw(texts(most=9))]
            gone = [(one.type, one.pk) for one in first[len(changed) :: 3]]
            renamed = [
                (one.type, one.pk) for one, new in zip(first, changed, strict=False) if one.type != new.type
            ]
            for engine in (embedded, other):
                engine.write(first)
                engine.write(changed, [*gone, *renamed])
            asked = [data.draw(questions()) for _ in range(3)]
            for question in asked:
                agreed.ask(
                    [embedded, other],
                    lambda engine, asked=question: never_differs(paged(engine, *asked)),
                    question,
                )
            left = {(one.type, one.pk): one for one in (*first, *changed)}
            for name in (*gone, *renamed):
                del left[name]
            fresh = [empty_engines()[1], emptied(elastic, shards)]
            for engine in fresh:
                engine.write(left.values())
            for question in asked:
                same_scores(fresh, question, agreed)

    hold()


def test_long_texts_lose_a_digit_and_keep_their_order(
    empty_engines: Callable[[], list[Engine]], elastic: Connection
) -> None:
    chance = Random(8)
    lengths = [1] * 300 + [400, 900, 3_000, 9_000]
    documents = [
        Document("note", pk, 1, order_of(0, pk), fields={"meaning": tuple(chance.choices(WORDS, k=length))})
        for pk, length in enumerate(lengths, start=1)
    ]
    engines = [empty_engines()[1], emptied(elastic)]
    found = []
    for engine in engines:
        engine.write(documents)
        found.append(engine.words(Words("meaning", ("kra", "lo"), False), All(), limit=400).hits)
    assert [hit.pk for hit in found[0]] == [hit.pk for hit in found[1]]
    assert (
        max(abs(one.score / two.score - 1) for one, two in zip(*found, strict=True))
        < 20 * SEVEN_DIGITS
        < TOLERANCE
    )


@some(10)
@given(st.data())
def test_slips_are_found_alike(
    empty_engines: Callable[[], list[Engine]], elastic: Connection, agreed: Agreed, data: st.DataObject
) -> None:
    with transaction.atomic():
        no_rows()
        engines = [empty_engines()[1], emptied(elastic)]
        documents = data.draw(corpora.documents(max_size=25))
        for engine in engines:
            engine.write(documents)
        for distance in (1, 2):
            word = data.draw(st.text("ab", min_size=3, max_size=8))
            tiers = [Tier("fuzzy", Fuzzy("letter", word, distance), whole=False)]
            agreed.look_up(engines, tiers, SeenBy(corpora.EVERYBODY), 50, case=word)


@some(5)
@given(st.data())
def test_parts_of_a_whole_are_found_narrowed_and_left_out_alike(
    empty_engines: Callable[[], list[Engine]], elastic: Connection, agreed: Agreed, data: st.DataObject
) -> None:
    parts.agree([empty_engines()[1], emptied(elastic)], agreed, data)
