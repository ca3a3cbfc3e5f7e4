"""The rows of all tables, as lines that do not depend on the kind of database they came from."""

from __future__ import annotations

import base64
import datetime
import decimal
import json
import uuid
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models
from django.utils.duration import duration_string

from config.backup.archive import BackupError

BATCH = 1000
# Wagtail's index of pages and images: made again after a restore, and laid out differently in each database.
DERIVED_APPS = {"wagtailsearch"}


def all_tables() -> dict[str, type[models.Model]]:
    """Every table that has a model, by the model's label; those between two others as well."""
    found = {
        model._meta.label: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return dict(sorted(found.items()))


def tables() -> dict[str, type[models.Model]]:
    """Those of them that a backup holds."""
    return {
        label: model for label, model in all_tables().items() if model._meta.app_label not in DERIVED_APPS
    }


def lines(model: type[models.Model]) -> Iterator[bytes]:
    """A table as lines of JSON: the columns' names, then the values of each row, ordered by key."""
    fields = model._meta.local_concrete_fields
    yield _line([field.column for field in fields])
    rows = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
    for row in rows.iterator(chunk_size=BATCH):
        yield _line([_plain(field, value) for field, value in zip(fields, row, strict=True)])


def clear(model_list: Iterable[type[models.Model]]) -> None:
    """Empty the tables, in the caller's transaction."""
    names = [model._meta.db_table for model in model_list]
    with connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), names):
            cursor.execute(statement)


def load(model: type[models.Model], stream: Iterable[bytes]) -> int:
    """Insert the lines of a table and say how many rows there were; BackupError names a line that does not fit."""
    numbered = enumerate(stream, 1)
    by_column = {field.column: field for field in model._meta.local_concrete_fields}
    columns = json.loads(next(numbered)[1])
    if set(columns) != set(by_column):
        raise BackupError(f"{model._meta.label}: other columns than this version has ({', '.join(columns)})")
    fields = [by_column[column] for column in columns]
    quote = connection.ops.quote_name
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(map(quote, columns))}) "  # noqa: S608
        f"VALUES ({', '.join(['%s'] * len(columns))})"
    )
    count = 0
    with connection.cursor() as cursor:
        while batch := _batch(model, fields, numbered):
            cursor.executemany(statement, batch)
            count += len(batch)
    return count


def reset_sequences(model_list: Iterable[type[models.Model]]) -> None:
    """Let new rows get numbers above those that were loaded."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(model_list)):
            cursor.execute(statement)


def _batch(
    model: type[models.Model], fields: list[models.Field[Any, Any]], numbered: Iterator[tuple[int, bytes]]
) -> list[list[Any]]:
    batch = []
    for number, line in islice(numbered, BATCH):
        try:
            row = zip(fields, json.loads(line), strict=True)
            batch.append([field.get_db_prep_save(field.to_python(value), connection) for field, value in row])
        except (ValueError, TypeError) as error:
            raise BackupError(f"{model._meta.label}, line {number}: {error}") from error
    return batch


def _line(values: list[Any]) -> bytes:
    return (
        json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
    )


def _plain(field: models.Field[Any, Any], value: Any) -> Any:
    """A value as JSON knows it, from which `field.to_python` makes the value again."""
    match value:
        case bytes() | memoryview() | bytearray():
            return base64.b64encode(value).decode("ascii")
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case datetime.timedelta():
            return duration_string(value)
        case uuid.UUID() | decimal.Decimal():
            return str(value)
        case None | bool() | int() | float() | str() | list() | dict():
            return value
    return field.get_prep_value(value)
