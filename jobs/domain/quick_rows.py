"""Plain INSERTs and UPDATEs of many rows at once: a third of the time of `bulk_create`, which imports need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, models


def insert(objects: Sequence[models.Model], varying: Sequence[str]) -> None:
    """Insert new objects of one model. Their primary keys are not set afterwards; nothing is sent to signals.

    `varying` names the fields whose values differ; every other field is written as the first object has it. Dates
    are written as they stand (nothing is "now" by itself). Raises IntegrityError as any insert does.
    """
    if objects:
        columns = [_column(type(objects[0]), name) for name in varying]
        insert_like(
            objects[0], varying, [[getattr(each, field.attname) for field in columns] for each in objects]
        )


def insert_like(example: models.Model, varying: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    """Insert a row for each of `values`, in the order of the fields `varying`; all else as the example has it.

    A foreign key is given as its id. The example is not inserted by itself.
    """
    if not values:
        return
    model = type(example)
    different = [_column(model, name) for name in varying]
    same = [
        field for field in model._meta.concrete_fields if not field.primary_key and field.name not in varying
    ]
    constant = tuple(_writer(field)(getattr(example, field.attname)) for field in same)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in (*same, *different))
    marks = ", ".join(["%s"] * (len(same) + len(different)))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
    rows = [(*constant, *row) for row in _written(different, values)]
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def update(
    model: type[models.Model], names: Sequence[str], values: Sequence[Sequence[Any]], pks: Sequence[int]
) -> None:
    """Set these fields of the rows with these primary keys, each to values of its own."""
    if not pks:
        return
    quote = connection.ops.quote_name
    fields = [_column(model, name) for name in names]
    sets = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    where = quote(_column(model, "pk").column)
    statement = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {where} = %s"  # noqa: S608
    rows = [(*row, pk) for row, pk in zip(_written(fields, values), pks, strict=True)]
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _column(model: type[models.Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _written(fields: Sequence[Any], values: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """The values as the database takes them, field by field."""
    columns = zip(*values, strict=True)
    return list(
        zip(
            *(map(_writer(field), column) for field, column in zip(fields, columns, strict=True)), strict=True
        )
    )


def _writer(field: Any) -> Callable[[Any], Any]:
    """What makes a value of a field into what the database takes; asks the field only where that does anything."""

    def asked(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    if type(field) in (models.CharField, models.TextField):
        return lambda value: value if type(value) is str else asked(value)
    if type(field) is models.JSONField:
        empty: dict[type, Any] = {dict: asked({}), list: asked([])}
        return lambda value: asked(value) if value or type(value) not in empty else empty[type(value)]
    return asked
