"""What is unsafe in production is refused at start, one by one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from config.checks import file_system, refuse_unsafe, unsafe

REPOSITORY = Path(__file__).resolve().parents[2]
GOOD_KEY = "w9!rT2kQ-zP5xLm8vB3nHj6yFd4sGa7eUc1iOq0RbWtYpZkM"[:48] + "xYz"


@pytest.fixture
def production(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a production site of which nothing is wrong."""
    monkeypatch.setenv("NHASAN_SECRET_KEY", GOOD_KEY)
    tmp_path.chmod(0o750)
    settings.LOCAL = False
    settings.HTTPS = True
    settings.PROXIES = 1
    settings.BASE_URL = "https://library.example"
    settings.ALLOWED_HOSTS = ["library.example"]
    settings.DEBUG = False
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    return settings


def ids() -> set[str]:
    return {str(message.id) for message in unsafe()}


def test_a_well_set_up_site_starts(production: Settings) -> None:
    assert unsafe() == []
    refuse_unsafe()


@pytest.mark.parametrize(
    ("key", "identifier"),
    [("", "E001"), ("short", "E002"), ("ab" * 40, "E002"), ("django-insecure-" + GOOD_KEY, "E002")],
)
def test_a_missing_or_weak_secret_key_is_refused(
    production: Settings, monkeypatch: pytest.MonkeyPatch, key: str, identifier: str
) -> None:
    monkeypatch.setenv("NHASAN_SECRET_KEY", key)
    assert ids() == {f"nhasan.{identifier}"}
    with pytest.raises(ImproperlyConfigured, match="NHASAN_SECRET_KEY"):
        refuse_unsafe()


@pytest.mark.parametrize(
    ("name", "value", "identifier"),
    [
        ("ALLOWED_HOSTS", [], "E003"),
        ("ALLOWED_HOSTS", ["library.example", "*"], "E004"),
        ("ALLOWED_HOSTS", ["."], "E004"),
        ("DEBUG", True, "E005"),
        ("BASE_URL", "library.example", "E006"),
        ("BASE_URL", "ftp://library.example", "E006"),
        ("BASE_URL", "http://library.example", "E007"),
        ("HTTPS", False, "W001"),
        ("PROXIES", 0, "W002"),
    ],
)
def test_an_unsafe_value_is_named(production: Settings, name: str, value: object, identifier: str) -> None:
    setattr(production, name, value)
    assert ids() == {f"nhasan.{identifier}"}


@pytest.mark.parametrize(
    ("by", "proxies", "prefix", "expected"),
    [
        ("", 1, "nonsense", set()),
        ("x-sendfile", 1, "nonsense", set()),
        ("x-accel-redirect", 1, "/_files/", set()),
        ("x-accel-redirect", 0, "/_files/", {"nhasan.E011", "nhasan.W002"}),
        ("x-sendfile", 0, "/_files/", {"nhasan.E011", "nhasan.W002"}),
        *(
            ("x-accel-redirect", 1, prefix, {"nhasan.E012"})
            for prefix in ("", "/", "/files/", "_files/", "/_a", "/_/../")
        ),
    ],
)
def test_files_are_left_to_a_web_server_only_where_there_is_one_and_at_an_address_of_its_own(
    production: Settings, by: str, proxies: int, prefix: str, expected: set[str]
) -> None:
    production.NHASAN_SEND_FILES_BY = by
    production.PROXIES = proxies
    production.NHASAN_SEND_FILES_PREFIX = prefix
    assert ids() == expected


def test_a_data_folder_that_everybody_may_write_to_is_refused(production: Settings, tmp_path: Path) -> None:
    tmp_path.chmod(0o757)
    assert ids() == {"nhasan.E008"}


def test_a_data_folder_within_a_folder_that_visitors_read_is_refused(
    production: Settings, tmp_path: Path
) -> None:
    production.STATIC_ROOT = tmp_path
    production.DATA_DIR = tmp_path / "data"
    production.DATA_DIR.mkdir(mode=0o750)
    assert ids() == {"nhasan.E009"}


def test_the_file_system_of_a_folder_is_that_of_the_nearest_mount(tmp_path: Path) -> None:
    table = tmp_path / "mounts"
    table.write_text("disk / ext4 rw 0 0\nserver:/x /srv/the\\040data nfs4 rw 0 0\n")
    assert file_system(Path("/srv/the data/var"), table) == "nfs4"
    assert file_system(Path("/srv/other"), table) == "ext4"
    assert file_system(Path("/srv/other"), tmp_path / "absent") == ""


def test_the_web_server_does_not_start_with_unsafe_values_and_says_all_of_them(tmp_path: Path) -> None:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("NHASAN_")}
    done = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        env={
            **variables,
            "NHASAN_DATA_DIR": str(tmp_path),
            "NHASAN_DEBUG": "true",
            "NHASAN_SECRET_KEY": GOOD_KEY,
        },
    )
    assert done.returncode == 1
    for name in ("NHASAN_ALLOWED_HOSTS", "NHASAN_DEBUG", "NHASAN_BASE_URL"):
        assert name in done.stderr
    assert GOOD_KEY not in done.stderr
