"""Making a backup of the running site."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import wagtail
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.backup import files, rows
from config.backup.archive import Writer, writing
from config.backup.snapshot import snapshot
from config.environment import SETTINGS

ROWS = "rows/"


@dataclass(frozen=True)
class Done:
    """What went into a backup: rows, files, and the bytes of the archive."""

    rows: int
    files: int
    size: int


def backup(out: Path) -> Done:
    """Write the whole site into a new file; raises BackupError, and leaves nothing behind, when that fails.

    The database comes first, as of one moment; files are added to a site before the rows that name them and never
    changed, so every row finds its file. Memory does not grow with the site.
    """
    counts: dict[str, int] = {}
    about: dict[str, Any] = {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        **_about(),
        "rows": counts,
    }
    with writing(out, about) as writer:
        with snapshot():
            about["migrations"] = _migrations()
            for label, model in rows.tables().items():
                with writer.member(f"{ROWS}{label}.jsonl", compress=True) as stream:
                    counts[label] = sum(1 for line in rows.lines(model) if stream.write(line)) - 1
        _settings(writer)
        number = files.pack(writer)
    return Done(sum(counts.values()), number, out.stat().st_size)


def _about() -> dict[str, Any]:
    versions = {
        "python": platform.python_version(),
        "django": django.__version__,
        "wagtail": wagtail.__version__,
    }
    return {"database": connection.vendor, "versions": versions}


def _migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _settings(writer: Writer) -> None:
    """Note what this site sets, secrets apart, for whoever sets it up again."""
    chosen = {
        setting.name: os.environ[setting.name]
        for setting in SETTINGS
        if setting.kind != "secret" and setting.name in os.environ
    }
    writer.text("settings.json", json.dumps(chosen, ensure_ascii=False, indent=1, sort_keys=True))
