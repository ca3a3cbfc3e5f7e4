"""Plain INSERTs of many new objects at once: a third of the time of `bulk_create`, which imports need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def insert(objects: Sequence[models.Model], varying: Sequence[str]) -> None:
    """Insert new objects of one model. Their primary keys are not set afterwards; nothing is sent to signals.

    `varying` names the fields whose values differ; every other field is written as the first object has it. Dates
    are written as they stand (nothing is "now" by itself). Raises IntegrityError as any insert does.
    """
    if not objects:
        return
    model = type(objects[0])
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.primary_key]
    different = [field for field in fields if field.name in varying]
    same = [field for field in fields if field.name not in varying]
    constant = tuple(_value(field, objects[0]) for field in same)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in (*same, *different))
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
    rows = [(*constant, *(_value(field, each) for field in different)) for each in objects]
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _value(field: Any, each: models.Model) -> Any:
    return field.get_db_prep_save(getattr(each, field.attname), connection)
