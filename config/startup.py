"""What has to be in place before the site opens its doors; each step is passed over when nothing changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config import demo
from dictionary.models import Lexicon
from search.domain.health import health

STAMPS = "stamps"


def pending_migrations() -> list[str]:
    """The migrations that the database still lacks, as "app.name"."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> bool:
    """Bring the database up to date; says whether there was anything to do."""
    if not pending_migrations():
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True


def fonts_and_static_files() -> bool:
    """Make the web fonts and collect the static files; says whether there was anything to do."""
    call_command("build_fonts", verbosity=0)
    state = _state_of_static_files()
    if _unchanged("static", state) and Path(settings.STATIC_ROOT).is_dir():
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)
    _remember("static", state)
    return True


def demo_house() -> bool:
    """Load the demo house (words, festivals, pages) and make its logins; says whether there was anything to do."""
    demo.logins()
    # The workers make the collection, after the doors are open.
    demo.request_collection()
    state = demo.state()
    if _unchanged("demo", state) and Lexicon.objects.exists():
        return False
    demo.load_lexicons(lambda line: None)
    demo.load_festivals(lambda line: None)
    demo.load_pages(lambda line: None)
    _remember("demo", state)
    return True


def index() -> bool:
    """Build the search index when there is none that fits; says whether there was anything to do.

    One that is merely behind is left to the worker.
    """
    if not {problem.code for problem in health().problems} & {"no_index", "unreadable", "schema", "profiles"}:
        return False
    call_command("search_rebuild", verbosity=0)
    return True


def _state_of_static_files() -> str:
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for name, path in sorted(_static_files()):
        status = path.stat()
        digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _static_files() -> Iterator[tuple[str, Path]]:
    for finder in get_finders():
        for name, storage in finder.list(None):
            yield name, Path(storage.path(name))


def _unchanged(stamp: str, state: str) -> bool:
    path = settings.DATA_DIR / STAMPS / stamp
    return path.exists() and path.read_text() == state


def _remember(stamp: str, state: str) -> None:
    path = settings.DATA_DIR / STAMPS / stamp
    path.parent.mkdir(exist_ok=True)
    path.write_text(state)
