"""Fixtures that every test may use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker

from tests import database
from tests.search.agreement import PROPERTY

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --only-database, for the second run of the tests on another database."""
    parser.addoption("--only-database", action="store_true", help="run only the tests that use the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what has no database in it, if that was asked for."""
    if config.getoption("--only-database"):
        without = [item for item in items if not _uses_database(item)]
        items[:] = [item for item in items if _uses_database(item)]
        config.hook.pytest_deselected(items=without)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many cases the search engines answered alike, in all passed tests of all processes."""
    alike: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", ()):
        for name, value in report.user_properties:
            if name == PROPERTY:
                alike.update(value)
    for engines, number in sorted(alike.items()):
        terminalreporter.write_line(f"search: {number} cases answered alike by {engines}")


def _uses_database(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("django_db") is not None
    return marked or not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Take the place of pytest-django's: copy a migrated template instead of migrating in every process."""
    cache = request.config.cache.mkdir("nhasan")

    def back_to_template(test: TransactionTestCase) -> None:
        database.restore(cache)

    # Django would empty all tables here, also of what migrations put there, and fill some of them again.
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = back_to_template
    with django_db_blocker.unblock():
        database.prepare(cache)
    yield
    TransactionTestCase._fixture_teardown = flush
    with django_db_blocker.unblock():
        database.remove()


@pytest.fixture(autouse=True)
def _data_folder(tmp_path: Path, settings: object) -> None:
    """Give each test a folder of its own for uploaded files."""
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _no_menus() -> None:
    """Keep no menu with pages that another test made."""
    from library.pages.domain import menu

    cache.delete_many(menu.keys())


@pytest.fixture(autouse=True)
def _same_language() -> Iterator[None]:
    """Leave no interface language behind for the next test."""
    yield
    translation.deactivate()
