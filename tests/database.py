"""The database of a test process: a copy of a template that is migrated once, not once per process.

Migrating takes seconds, copying a file (SQLite) or a database (PostgreSQL) a fraction of one. A test that commits
(`transaction=True`) is followed by the same copy again, so that what migrations wrote is there for the next one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection, connections
from psycopg import sql

from tests.environment import MARK, own_database

REPOSITORY = Path(__file__).resolve().parent.parent


def prepare(cache: Path) -> None:
    """Give this process its database; the template is made first if nobody made it yet."""
    with _alone(cache):
        _template(cache)
    restore(cache)


def restore(cache: Path) -> None:
    """Put the database of this process back to the state of the template."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(_sqlite_template(cache))) as template:
            template.backup(connection.connection)
        return
    connections.close_all()
    _copy_postgres(connection.settings_dict["NAME"])


def another(cache: Path, vendor: str, folder: Path) -> dict[str, str]:
    """The environment of another, freshly migrated site in `folder`, for processes that a test starts.

    `vendor` is "sqlite" or "postgresql"; the latter only where this run has a PostgreSQL server (`has_postgres`).
    """
    if vendor == "sqlite":
        with _alone(cache):
            template = _sqlite_template(cache)
            if not template.exists():
                _make_sqlite(cache, template)
            shutil.copy(template, folder / "nhasan.sqlite3")
        return {**os.environ, "NHASAN_DATA_DIR": str(folder), "NHASAN_DATABASE_URL": ""}
    name = f"{connection.settings_dict['NAME']}_other"
    _copy_postgres(name)
    address = own_database(os.environ["NHASAN_DATABASE_URL"], name.rpartition(MARK)[2])
    return {**os.environ, "NHASAN_DATA_DIR": str(folder), "NHASAN_DATABASE_URL": address}


def has_postgres() -> bool:
    """Whether this run has a PostgreSQL server."""
    return connection.vendor == "postgresql"


def remove() -> None:
    """Drop the database of this process (that of SQLite goes with the data folder)."""
    connections.close_all()
    if connection.vendor == "postgresql":
        with _maintenance() as server:
            name = sql.Identifier(connection.settings_dict["NAME"])
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


@cache
def state() -> str:
    """A hash of everything that decides what a freshly migrated database holds."""
    digest = hashlib.sha256()
    files = [REPOSITORY / "requirements" / "base.txt", *REPOSITORY.glob("access/**/*.py")]
    for pattern in (
        "*/migrations/*.py",
        "*/*/migrations/*.py",
        "*/*/models.py",
        "*/models.py",
        "*/models/*.py",
        "*/apps.py",
        "*/*/apps.py",
        "library/pages/domain/tree.py",
        "*/interfaces/permissions.py",
    ):
        files += REPOSITORY.glob(pattern)
    for file in sorted(files):
        digest.update(file.relative_to(REPOSITORY).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _sqlite_template(cache: Path) -> Path:
    return cache / f"{state()}.sqlite3"


def _postgres_template() -> str:
    return urlsplit(_postgres_template_url()).path.lstrip("/")


def _postgres_template_url() -> str:
    return own_database(os.environ["NHASAN_DATABASE_URL"], f"template_{state()}")


def _copy_postgres(name: str) -> None:
    database, template = sql.Identifier(name), sql.Identifier(_postgres_template())
    with _maintenance() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(database, template))


def _make_sqlite(cache: Path, path: Path) -> None:
    for old in cache.glob("*.sqlite3"):
        old.unlink()
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        _migrate({"NHASAN_DATA_DIR": folder, "NHASAN_DATABASE_URL": ""})
        shutil.move(Path(folder) / "nhasan.sqlite3", path)


def _template(cache: Path) -> None:
    if connection.vendor == "sqlite":
        path = _sqlite_template(cache)
        if not path.exists():
            _make_sqlite(cache, path)
        return
    name = _postgres_template()
    with _maintenance() as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        new = f"{name}_new"
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(new)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(new)))
        _migrate({"NHASAN_DATABASE_URL": f"{_postgres_template_url()}_new"})
        server.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(new), sql.Identifier(name))
        )


def _migrate(variables: dict[str, str]) -> None:
    command = [sys.executable, REPOSITORY / "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, env={**os.environ, **variables}, check=True)


def _maintenance() -> psycopg.Connection[tuple[object, ...]]:
    parts = urlsplit(os.environ["NHASAN_DATABASE_URL"])
    return psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True)


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
