"""Tests do not see each other's data, and what migrations wrote is there for each of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from wagtail.models import Page

from access.models import Community


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_what_a_test_commits_is_gone_for_the_next_and_the_first_pages_are_not(turn: int) -> None:
    assert not Community.objects.exists()
    assert Page.objects.count() == 3
    Community.objects.create(slug="left-behind", name="Left behind")
    Page.objects.filter(depth=2).first().delete()


@pytest.mark.django_db(transaction=True)
def test_a_process_that_a_test_starts_works_on_the_tests_own_database() -> None:
    Community.objects.create(slug="seen", name="Seen by a child")
    code = "import django; django.setup(); from access.models import Community; print(Community.objects.get().slug)"
    child = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.stdout.strip() == "seen", child.stderr
