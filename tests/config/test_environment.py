"""The one table of settings: typed, documented, and refusing what makes no sense."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.databases import database
from config.environment import SETTINGS, Environment, SettingError

REPOSITORY = Path(__file__).resolve().parents[2]


def documented() -> dict[str, tuple[str, str]]:
    rows = re.findall(
        r"^\| `(NHASAN_\w+)` \| (.*?) \| (.*) \|$", (REPOSITORY / "docs/settings.md").read_text(), re.M
    )
    return {
        name: ("" if default == "empty" else default.strip("`"), meaning) for name, default, meaning in rows
    }


def test_the_documentation_names_every_setting_with_its_default_and_meaning_and_no_other() -> None:
    assert documented() == {setting.name: (setting.default, setting.meaning) for setting in SETTINGS}


def test_no_setting_is_read_past_the_table() -> None:
    names = {setting.name for setting in SETTINGS}
    for path in REPOSITORY.glob("*/**/*.py"):
        if not path.is_relative_to(REPOSITORY / ".venv"):
            used = set(re.findall(r"\bNHASAN_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8")))
            assert used <= names, (
                f"{path.relative_to(REPOSITORY)} uses what config/environment.py does not hold"
            )


@pytest.mark.parametrize(
    ("ask", "value"),
    [
        (lambda env: env.integer("NHASAN_HSTS_DAYS"), "soon"),
        (lambda env: env.boolean("NHASAN_HSTS_DAYS"), "perhaps"),
        (lambda env: env.choice("NHASAN_HSTS_DAYS", "production", "local"), "loc"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(ask: object, value: str) -> None:
    with pytest.raises(SettingError, match=f"NHASAN_HSTS_DAYS.*{value}"):
        ask(Environment({"NHASAN_HSTS_DAYS": value}))  # type: ignore[operator]


def test_values_are_read_by_kind() -> None:
    env = Environment({"NHASAN_ALLOWED_HOSTS": " a.example , ,b.example ", "NHASAN_HTTPS": "No"})
    assert env.list("NHASAN_ALLOWED_HOSTS") == ["a.example", "b.example"]
    assert env.boolean("NHASAN_HTTPS") is False
    assert env.integer("NHASAN_SESSION_DAYS") == 14


def test_a_database_address_is_taken_apart() -> None:
    found = database("postgresql://some%40one:p%2Fw@db.example:5433/house?sslmode=require", Path("/nowhere"))
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "some@one",
        "p/w",
        "db.example",
        "5433",
        "house",
    )
    assert found["OPTIONS"] == {"sslmode": "require"}
    assert database("postgresql://u@%2Frun%2FMySocket/house", Path("/nowhere"))["HOST"] == "/run/MySocket"
    assert database("postgresql://u@[::1]:5433/house", Path("/nowhere"))["HOST"] == "::1"


@pytest.mark.parametrize(
    "address", ["mysql://u:hunter2@h/n", "postgresql://u:hunter2@h:many/n", "postgresql://u:hunter2@h"]
)
def test_a_wrong_database_address_is_refused_without_repeating_its_password(address: str) -> None:
    with pytest.raises(SettingError) as caught:
        database(address, Path("/nowhere"))
    assert "NHASAN_DATABASE_URL" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_command_says_a_wrong_setting_in_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NHASAN_SESSION_DAYS": "two"},
    )
    assert done.returncode == 1
    assert done.stderr == "NHASAN_SESSION_DAYS must be a whole number, not 'two'.\n"
