"""The doctor finds what is wrong with a real site, says it in the language asked for, and what to do."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django.fixtures import Settings

from tests import database

REPOSITORY = Path(__file__).resolve().parents[2]


def doctor(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "doctor", *arguments]
    return subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )


def examined() -> dict[str, list[dict[str, Any]]]:
    """What the doctor says of this test's site."""
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", "--json", "--language", "en", stdout=out)
    return {finding["subject"]: finding["problems"] for finding in json.loads(out.getvalue())}


def test_a_site_without_tables_is_told_to_migrate_in_vietnamese_and_in_english(tmp_path: Path) -> None:
    environment = {**os.environ, "NHASAN_DATA_DIR": str(tmp_path), "NHASAN_DATABASE_URL": ""}
    vietnamese, english = doctor(environment), doctor(environment, "--language", "en")
    assert vietnamese.returncode == english.returncode == 1
    assert "manage.py migrate" in english.stdout
    assert "steps of the database are missing" in english.stdout
    assert "manage.py migrate" in vietnamese.stdout
    assert "cơ sở dữ liệu" in vietnamese.stdout
    assert english.stderr == vietnamese.stderr == ""


def test_a_database_that_does_not_answer_is_said_without_a_stack_trace(tmp_path: Path) -> None:
    address = "postgresql://somebody:hunter2@127.0.0.1:1/absent"
    done = doctor(
        {**os.environ, "NHASAN_DATA_DIR": str(tmp_path), "NHASAN_DATABASE_URL": address}, "--language", "en"
    )
    assert done.returncode == 1
    assert "The database does not answer" in done.stdout
    assert "NHASAN_DATABASE_URL" in done.stdout
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stdout + done.stderr


def test_unsafe_production_settings_are_listed_and_do_not_keep_the_doctor_from_working(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    environment = database.another(request.config.cache.mkdir("nhasan"), "sqlite", tmp_path)
    done = doctor({**environment, "NHASAN_MODE": "production", "NHASAN_DEBUG": "true"}, "--json")
    problems = {p["id"] for finding in json.loads(done.stdout) for p in finding["problems"]}
    assert {"nhasan.E001", "nhasan.E003", "nhasan.E005"} <= problems
    assert "nhasan.D002" not in problems


@pytest.mark.django_db
def test_what_a_bare_site_lacks_is_a_caution_each_with_its_remedy() -> None:
    found = {problem["id"]: problem for problems in examined().values() for problem in problems}
    assert {"nhasan.D006", "nhasan.D010"} <= set(found)
    assert found["nhasan.D010"]["hint"].startswith("manage.py worker --queue")
    assert not found["nhasan.D010"]["serious"]
    assert found["nhasan.D006"]["serious"]


@pytest.mark.django_db
def test_a_restore_that_was_broken_off_is_found(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "restore-abc").mkdir()
    (problem,) = (p for p in examined()["data folder"] if p["id"] == "nhasan.D005")
    assert "restore-abc" in problem["message"]


@pytest.mark.django_db
def test_scripts_that_npm_did_not_bring_are_said(settings: Settings, tmp_path: Path) -> None:
    def said() -> set[str]:
        return {problem["id"] for problem in examined()["style sheets, scripts and fonts"]}

    settings.VENDORED = tmp_path
    assert "nhasan.D012" not in said()
    settings.VENDORED = tmp_path / "absent"
    assert "nhasan.D012" in said()


def test_a_broken_profile_of_ones_own_is_named_and_the_site_works(tmp_path: Path) -> None:
    home = tmp_path / "profiles" / "qaa"
    home.mkdir(parents=True)
    (home / "profile.toml").write_text("format = 2\n")
    environment = {**os.environ, "NHASAN_PROFILES_DIR": str(home.parent), "NHASAN_DATA_DIR": str(tmp_path)}
    told = json.loads(doctor(environment, "--json", "--language", "en").stdout)
    said = [message["message"] for finding in told for message in finding["problems"]]
    assert any("qaa/profile.toml: " in text and "left out" in text for text in said), said
    check = [sys.executable, "manage.py", "check"]
    done = subprocess.run(check, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "qaa/profile.toml: " in done.stderr


def test_the_data_folder_of_these_tests_is_their_own() -> None:
    assert Path(settings.DATA_DIR).name.startswith("nhasan-test-")
