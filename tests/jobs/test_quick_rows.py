"""Many rows at once: written as Django itself writes them, one by one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jobs.domain import quick_rows
from jobs.models import ImportRow, ImportRun

pytestmark = pytest.mark.django_db

VARYING = ("number", "where", "key", "message_params", "changes", "target", "before")
VALUES: list[tuple[Any, ...]] = [
    (1, "line 1", "ka", {}, [], None, None),
    (2, "", "\u1ed9'\"\\", {"n": 1, "name": "ô"}, ["a → b"], 2**40, {"content": {"forms": []}}),
    (3, "line 3", "x" * 300, {}, [""], 0, {}),
]


def kept(run: ImportRun) -> list[tuple[Any, ...]]:
    return list(
        ImportRow.objects.filter(run=run).order_by("number").values_list(*VARYING, "verdict", "outcome")
    )


def made() -> ImportRun:
    return ImportRun.objects.create(importer="probe.lines", file_name="x", title="x")


def rows_of(run: ImportRun) -> list[ImportRow]:
    return [ImportRow(run=run, verdict="add", **dict(zip(VARYING, each, strict=True))) for each in VALUES]


def test_rows_inserted_at_once_are_those_that_are_saved_one_by_one() -> None:
    one_by_one, at_once, by_example = made(), made(), made()
    for row in rows_of(one_by_one):
        row.save()
    quick_rows.insert(rows_of(at_once), VARYING)
    quick_rows.insert_like(ImportRow(run=by_example, verdict="add"), VARYING, VALUES)
    assert kept(one_by_one) == kept(at_once) == kept(by_example) == [(*each, "add", "") for each in VALUES]


def test_each_row_is_updated_to_values_of_its_own_and_no_other_is_touched() -> None:
    run, other = made(), made()
    quick_rows.insert(rows_of(run), VARYING)
    quick_rows.insert(rows_of(other), VARYING)
    first, second, third = ImportRow.objects.filter(run=run).order_by("number")
    names = ("outcome", "target", "before", "changes")
    quick_rows.update(
        ImportRow,
        names,
        [("added", 7, None, []), ("changed", None, {"live": True}, ["c"])],
        [third.pk, first.pk],
    )
    found = list(ImportRow.objects.filter(run=run).order_by("number").values_list(*names))
    assert found == [
        ("changed", None, {"live": True}, ["c"]),
        (second.outcome, second.target, second.before, second.changes),
        ("added", 7, None, []),
    ]
    assert kept(other) == [(*each, "add", "") for each in VALUES]


def test_nothing_to_write_asks_the_database_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        quick_rows.insert([], VARYING)
        quick_rows.insert_like(ImportRow(), VARYING, [])
        quick_rows.update(ImportRow, ("outcome",), [], [])


def test_a_row_that_the_database_refuses_is_an_error_and_none_is_written() -> None:
    run = made()
    with pytest.raises(IntegrityError), transaction.atomic():
        quick_rows.insert([*rows_of(run), *rows_of(run)], VARYING)
    assert kept(run) == []
