"""From one address to Django's description of the database: SQLite in the data folder, or PostgreSQL."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from config.environment import SettingError

NAME = "NHASAN_DATABASE_URL"


def database(address: str, data_dir: Path) -> dict[str, object]:
    """The entry of DATABASES for an address; an empty one means SQLite.

    Options of libpq may follow a question mark (`?sslmode=require`). Raises SettingError, which does not repeat the
    address: it holds a password.
    """
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data_dir / "nhasan.sqlite3",
            "OPTIONS": {
                # A deferred transaction that turns to writing fails at once, whatever the timeout.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
            # Opening the file anew costs a look-up a millisecond.
            "CONN_MAX_AGE": 60,
        }
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise SettingError(f"{NAME} is not a well-formed address.") from None
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgresql", "postgres"} or not name:
        raise SettingError(
            f"{NAME} must be empty (SQLite) or look like postgresql://user:password@host:5432/name (PostgreSQL)."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # Not `parts.hostname`, which turns the name of a socket's folder to small letters.
        "HOST": unquote(re.sub(r":\d*$", "", parts.netloc.rpartition("@")[2]).strip("[]")),
        "PORT": str(port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
