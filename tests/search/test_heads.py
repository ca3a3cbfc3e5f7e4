"""The shortcut for prefixes that begin thousands of words gives what the long way gives."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from access.domain.viewer import Viewer
from search.engines.database import DatabaseEngine
from search.engines.embedded import directories
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.embedded.schema import HEADS
from search.engines.embedded.writer import Writer
from search.engines.life import Manifest
from search.engines.terms import VERSION
from search.interface import (
    All,
    Document,
    Engine,
    Form,
    Or,
    Pattern,
    Prefix,
    Query,
    Results,
    SeenBy,
    Tag,
    Term,
    Tier,
    order_of,
)
from tests.search.corpora import MARKS, keys_of

NUMBER = 2_500
PUBLIC = SeenBy(Viewer(None, frozenset({1}), frozenset(), False, date(2030, 1, 1)))


def document(pk: int, rank: int) -> Document:
    units = [("k", MARKS[pk % 2]), ("a", ""), *((char, "") for char in f"b{pk}"[: 1 + pk % 4])]
    form = Form("headword", "zxx-Latn", "ka", keys_of(units, ("one", "two")[pk % 2]))
    protocol = (2,) if pk % 5 == 0 else (1,)
    return Document(
        "word",
        pk,
        1,
        order_of(rank, pk),
        (form,),
        languages=("xaa",) if pk % 3 else ("xbb",),
        protocols=protocol,
    )


def pages(engine: Engine, tiers: list[Tier], where: Query) -> list[Results]:
    first = engine.lookup(tiers, where, limit=9)
    return [first, engine.lookup(tiers, where, limit=9, cursor=first.cursor)]


@pytest.mark.django_db
def test_heads_give_the_same_pages_and_totals_with_filters_changes_and_deletions(tmp_path: Path) -> None:
    every = [document(pk, (pk * 7919) % NUMBER) for pk in range(1, NUMBER + 1)]
    heads = tuple(order_of(NUMBER // share, 0) for share in HEADS)
    folder = directories.create(tmp_path, Manifest(VERSION, (), "", heads=heads))
    with Writer(tmp_path, folder) as writer:
        assert writer.fill(iter(every), 200_000) == NUMBER  # in pieces of a thousand
    directories.switch(tmp_path, folder)
    embedded, database = EmbeddedEngine(tmp_path), DatabaseEngine()
    database.write(every)
    both = frozenset({"one", "two"})
    asked = [
        [Tier("exact", Prefix("exact", "k"), False)],
        [Tier("letter", Prefix("letter", "ka", both), False)],
        [Tier("letter", Pattern("letter", "ka", f"k{MARKS[1]}a", both, False), False)],
        [
            Tier("exact", Term("exact", every[0].forms[0].keys.exact)),
            Tier("letter", Or((Prefix("letter", "k", both), Prefix("tone", "ka", both))), False),
        ],
    ]
    for round_ in range(2):
        for tiers in asked:
            for where in (All(), PUBLIC, Tag("language", "xbb"), Tag("language", "none")):
                assert pages(embedded, tiers, where) == pages(database, tiers, where), (round_, tiers, where)
        best = sorted(every, key=lambda one: one.order)
        moved = [document(one.pk, 0) for one in best[-3:]]  # the last become the first
        gone = [(one.type, one.pk) for one in best[:40]]
        for engine in (embedded, database):
            engine.write(moved, gone)


def test_an_index_filled_in_pieces_ends_as_one_segment(tmp_path: Path) -> None:
    folder = directories.create(tmp_path, Manifest(VERSION, (), ""))
    with Writer(tmp_path, folder) as writer:
        writer.fill((document(pk, 1) for pk in range(1, 8_001)), 64_000)
    assert len(list(folder.glob("*.store"))) == 1
