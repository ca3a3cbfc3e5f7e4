"""Queries that are compiled once and asked many times: the hot path of every look-up.

Building and compiling a queryset costs more than the database needs to answer it. Here Django still writes the SQL (for
whichever database there is, through the gate), but only once for each shape of query; the keys are put in afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Make = Callable[[Sequence[int], Any], "QuerySet[Any, tuple[Any, ...]]"]

# Primary keys are positive: these stand for them while the query is compiled.
_FIRST_STAND_IN = -1


def rows(make: Make, pks: Sequence[int], given: Hashable = None) -> list[tuple[Any, ...]]:
    """The rows of `make(pks, given)`, a queryset of `values_list`, as the database driver gives them.

    `make` must be a plain function that puts every key into the query as it is; `given` decides the rest of it.
    """
    if not pks:
        return []
    sql, parameters = _compiled(make, len(pks), given, connection.vendor)
    filled = [pks[_FIRST_STAND_IN - each] if _stands_in(each, len(pks)) else each for each in parameters]
    with connection.cursor() as cursor:
        cursor.execute(sql, filled)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


@lru_cache(maxsize=512)
def _compiled(make: Make, count: int, given: Hashable, vendor: str) -> tuple[str, tuple[Any, ...]]:
    stand_ins = range(_FIRST_STAND_IN, _FIRST_STAND_IN - count, -1)
    sql, parameters = make(stand_ins, given).query.sql_with_params()
    return sql, tuple(parameters)


def _stands_in(value: object, count: int) -> bool:
    # PostgreSQL's numbers are of a kind of int that says how wide the column is.
    return isinstance(value, int) and _FIRST_STAND_IN - count < value <= _FIRST_STAND_IN
