"""All engines give the same ids, order, tiers, totals, facets and cursors, and those that brute force
gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from languages import registry
from search.domain.folding import foldings
from search.domain.tiers import tiers
from search.interface import Document, Engine, Hit
from search.models import LookupKey, LookupRow
from tests.search import corpora, written
from tests.search.agreement import Agreed, pages

pytestmark = pytest.mark.django_db
FACETS = ("language", "parent", "type")
FAST = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def facets_of(documents: Sequence[Document], hits: Sequence[Hit]) -> dict[str, dict[str, int]]:
    found = {(hit.type, hit.pk) for hit in hits}
    chosen = [one for one in documents if (one.type, one.pk) in found]
    return {
        "language": dict(Counter(one.languages[0] for one in chosen)),
        "parent": dict(Counter(one.parent for one in chosen)),
        "type": dict(Counter(one.type for one in chosen)),
    }


def no_rows() -> None:
    LookupRow.objects.all().delete()
    LookupKey.objects.all().delete()


@FAST
@given(st.data())
def test_engines_agree_with_brute_force_while_documents_come_change_and_go(
    empty_engines: Callable[[], list[Engine]], agreed: Agreed, data: st.DataObject
) -> None:
    with transaction.atomic():
        no_rows()
        check(empty_engines(), agreed, data)


def check(engines: list[Engine], agreed: Agreed, data: st.DataObject) -> None:
    first = data.draw(corpora.documents())
    drawn = [(one, data.draw(corpora.document(one.pk))) for one in first if data.draw(st.booleans())]
    changed = [replace(new, version=old.version + new.version) for old, new in drawn]
    now = {one.pk: one for one in first} | {one.pk: one for one in changed}
    renamed = [(one.type, one.pk) for one in first if now[one.pk].type != one.type]
    gone = [pk for pk in now if data.draw(st.integers(0, 3)) == 0]
    deleted = [*renamed, *((now.pop(pk).type, pk) for pk in gone)]
    for engine in engines:
        engine.write(first)
        engine.write([one for one in changed if one.pk in now], deleted)
    for _ in range(3):
        tiers, where = data.draw(corpora.tiers()), data.draw(corpora.conditions())
        limit = data.draw(st.integers(1, 5))
        wanted = corpora.expected(now.values(), tiers, where)
        facets = facets_of(list(now.values()), wanted)
        for engine in engines:
            found = pages(engine, tiers, where, limit, FACETS)
            assert [hit for page in found for hit in page.hits] == wanted, engine.name
            assert {page.total for page in found} == {len(wanted)}, engine.name
            assert all(len(page.hits) == limit for page in found[:-1]), engine.name
            assert all(page.facets == facets for page in found), engine.name
        agreed.look_up(engines, tiers, where, limit, FACETS)


@settings(FAST, max_examples=1)
@given(st.integers(0, 2**32))
def test_engines_agree_in_every_orthography_while_documents_come_change_and_go(
    empty_engines: Callable[[], list[Engine]], agreed: Agreed, seed: int
) -> None:
    with transaction.atomic():
        no_rows()
        agree_in_every_orthography(empty_engines(), agreed, Random(seed))


def agree_in_every_orthography(engines: list[Engine], agreed: Agreed, chance: Random) -> None:
    every = written.corpus(chance)
    for engine in engines:
        engine.write(every.values())
    changed = {
        pk: written.document(chance, registry().orthography(one.parent.partition(":")[2]), pk, 2)
        for pk, one in every.items()
        if chance.random() < 0.3
    }
    gone = [("word", pk) for pk in every if pk not in changed and chance.random() < 0.2]
    for engine in engines:
        engine.write(changed.values(), gone)
    now = {**every, **changed}
    for _type, pk in gone:
        del now[pk]
    agreed.ask(engines, lambda engine: engine.count())
    by_parent: dict[str, list[Document]] = {}
    for one in now.values():
        by_parent.setdefault(one.parent, []).append(one)
    for documents_of_one in by_parent.values():
        for _ in range(3):
            text = written.typed(chance, documents_of_one)
            if not text.strip():
                continue
            where = written.condition(chance, documents_of_one)
            fuzzy = chance.random() < 0.2
            asked, limit = tiers(foldings(text), fuzzy=fuzzy), chance.choice((3, 20))
            able = [one for one in engines if one.capabilities.fuzzy or not fuzzy]
            agreed.look_up(able, asked, where, limit, FACETS, text)
