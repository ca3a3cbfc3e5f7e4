"""The doctor says what keeps somebody from their keyboard, and what to do."""

import pytest
from django.core.checks import run_checks
from django.utils import timezone

from ime.domain import tools
from ime.models import Build

pytestmark = pytest.mark.django_db


def found(number):
    checks = run_checks(tags=["doctor"], include_deployment_checks=True)
    return [check for check in checks if check.id == f"nhasan.keyboards.{number}"]


def test_missing_compilers_are_named_with_what_is_lost_and_how_to_get_them(settings, tmp_path):
    settings.KEYBOARD_TOOLS = tmp_path
    cautions = found("tool")
    assert any("Keyman" in caution.msg for caution in cautions)
    assert all(caution.hint for caution in cautions)
    names = [missing.name for missing in tools.missing(tmp_path)]
    assert len(cautions) == len(names)


def test_builds_that_failed_are_counted_and_those_without_words_are_not():
    for target, state in (
        ("one", Build.State.FAILED),
        ("two", Build.State.NOTHING),
        ("three", Build.State.DONE),
    ):
        Build.objects.create(
            keyboard="some", target=target, state=state, source_hash="", tried_at=timezone.now()
        )
    (caution,) = found("build")
    assert "1" in caution.msg


def test_the_keyboards_that_come_along_can_all_be_read():
    assert found("file") == []
