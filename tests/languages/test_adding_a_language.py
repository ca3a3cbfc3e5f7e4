"""A stranger who types what docs/adding-a-language.md says gets what it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import database
from tests.shared_data import REPOSITORY

PAGE = (REPOSITORY / "docs" / "adding-a-language.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def shell(commands: str, home: Path, environment: dict[str, str]) -> str:
    """What the commands print; `python` is the one of the tests."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-e", "-c", commands],
        cwd=REPOSITORY,
        env={**environment, "HOME": str(home), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.once
@pytest.mark.django_db
def test_the_page_leads_to_a_word_that_is_found(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    site = tmp_path / "site"
    site.mkdir()
    environment = database.another(request.config.cache.mkdir("nhasan"), "sqlite", site)
    said, exported, printed = 0, "", ""
    for kind, text in BLOCK.findall(PAGE):
        if kind == "text":
            assert printed == text
            said += 1
            continue
        exported += "".join(line + "\n" for line in text.splitlines() if line.startswith("export "))
        printed = shell(exported + text, tmp_path, environment)
    assert said == 3
    assert "ƀuná" in printed
    queries = "buna\nchăn\nlàng\nчан\nnothing like it\n"
    command = f"printf '{queries}' | python manage.py lookup --language qaa --json"
    answers = [json.loads(line) for line in shell(exported + command, tmp_path, environment).splitlines()]
    found = [[hit["headword"] for hit in answer["hits"]] for answer in answers]
    assert found == [["ƀuná"], ["chan"], ["ƀuná"], ["chan"], []]
