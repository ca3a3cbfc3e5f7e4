"""The database as it is at one moment, while the site goes on writing."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Within, this thread reads the database as it was at the moment of the call, whatever others write.

    SQLite: a copy by its online backup, which keeps no writer waiting. PostgreSQL: a read-only transaction.
    """
    live = connections[DEFAULT_DB_ALIAS]
    with _database() as description:
        frozen = connections.create_connection(DEFAULT_DB_ALIAS)
        frozen.settings_dict = description
        connections[DEFAULT_DB_ALIAS] = frozen
        try:
            with transaction.atomic():
                yield
        finally:
            frozen.close()
            connections[DEFAULT_DB_ALIAS] = live


@contextmanager
def _database() -> Iterator[dict[str, Any]]:
    description = {**connection.settings_dict, "CONN_MAX_AGE": 0}
    if connection.vendor == "sqlite":
        with tempfile.TemporaryDirectory(prefix="backup-", dir=settings.DATA_DIR) as folder:
            copy = Path(folder) / "snapshot.sqlite3"
            with (
                closing(sqlite3.connect(connection.settings_dict["NAME"])) as live,
                closing(sqlite3.connect(copy)) as target,
            ):
                live.backup(target)
            yield {**description, "NAME": copy}
    else:
        from psycopg import IsolationLevel

        options = {
            **description["OPTIONS"],
            "isolation_level": IsolationLevel.REPEATABLE_READ,
            "options": "-c default_transaction_read_only=on",
        }
        yield {**description, "OPTIONS": options}
