"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker

from tests import database


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
def _same_language() -> Iterator[None]:
    """Leave no interface language behind for the next test."""
    yield
    translation.deactivate()
