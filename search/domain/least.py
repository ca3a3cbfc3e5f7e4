"""The least of some keys, on every database: PostgreSQL has no MIN of bytes before version 18."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, Min, TextField
from django.db.models.sql.compiler import SQLCompiler


class _Hex(Func):
    """Bytes as hexadecimal text, which sorts as the bytes do."""

    function = "HEX"
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """Say it as PostgreSQL does."""
        return self.as_sql(
            compiler,
            connection,
            function="ENCODE",
            template="%(function)s(%(expressions)s, 'hex')",
            **context,
        )


def least(field: str) -> Min:
    """An aggregate to order groups by: the least of a field of bytes."""
    return Min(_Hex(field))
