"""Putting a backup in place of what a site holds: all of it, or nothing."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from config.backup import files, rows
from config.backup.archive import BackupError, reading
from config.backup.create import ROWS

# Tables that hold something on a site that was only just made: roles, the workers that have been seen, the official
# lists of peoples and provinces, an empty first page in each language.
FILLED_FROM_THE_START = {
    "access.RoleGroup",
    "access.Role",
    "jobs.Worker",
    "library.People",
    "library.Place",
    "library.Place_successors",
    "pages.HomePage",
}


@dataclass(frozen=True)
class Restored:
    """What was restored: rows and files."""

    rows: int
    files: int


def restore(path: Path, *, force: bool = False) -> Restored:
    """Replace the content of the (migrated) database and the files by those of a backup.

    The whole archive is verified before anything is touched, and the database changes in one transaction. Files that
    are new are put in place before it is committed, those that replace others right after. The search index is removed:
    it has to be built again. Raises BackupError when the archive is damaged or made by another version, when the
    site holds something already (unless `force`), or when a row does not fit; then all is as before.
    """
    with reading(path) as (archive, manifest):
        _same_version(manifest)
        if not force and (found := _held()):
            raise BackupError(
                _("This site already holds something (%s). Restore into an empty one, or say --force.")
                % found
            )
        with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.DATA_DIR) as name:
            folder = Path(name)
            packed = [member for member in manifest["members"] if member.startswith(files.PREFIX)]
            files.unpack(archive, packed, folder)
            with transaction.atomic():
                count = _load(archive, manifest)
                taken = files.add_new(folder)
            files.replace(folder, taken)
    for derived in ("search", "cache"):
        shutil.rmtree(Path(settings.DATA_DIR) / derived, ignore_errors=True)
    return Restored(count, len(packed))


def _load(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> int:
    tables = rows.tables()
    wanted = {f"{ROWS}{label}.jsonl" for label in tables}
    held = {member for member in manifest["members"] if member.startswith(ROWS)}
    if wanted != held:
        raise BackupError(_("The backup holds other tables than this version has."))
    count = 0
    try:
        rows.clear(rows.all_tables().values())
        for label, model in tables.items():
            with archive.open(f"{ROWS}{label}.jsonl") as stream:
                loaded = rows.load(model, stream)
            if loaded != manifest["rows"][label]:
                raise BackupError(_("The backup holds other rows of %s than it says.") % label)
            count += loaded
        rows.reset_sequences(tables.values())
        connection.check_constraints()
    except DatabaseError as error:
        raise BackupError(_("The database refuses the backup: %s") % error) from error
    return count


def _same_version(manifest: dict[str, Any]) -> None:
    here = {f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()}
    there = set(manifest["migrations"])
    if here != there:
        differing = ", ".join(sorted(here ^ there)[:5])
        raise BackupError(
            _(
                "The backup was made by another version of the site, or this database is not up to date "
                "(migrations: %s). Run manage.py migrate with the version that made it, restore, then move on."
            )
            % differing
        )


def _held() -> str:
    """The name of a table of ours with rows in it, or ""."""
    own = {config.label for config in apps.get_app_configs() if _is_ours(Path(config.path))}
    for label, model in rows.tables().items():
        if (
            model._meta.app_label in own
            and label not in FILLED_FROM_THE_START
            and model._base_manager.exists()
        ):
            return str(model._meta.verbose_name_plural)
    return ""


def _is_ours(app: Path) -> bool:
    """Whether an app, also one within another, is of this project and not of an environment inside its folder."""
    return app.is_relative_to(settings.BASE_DIR) and "site-packages" not in app.parts
