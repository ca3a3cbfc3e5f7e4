"""The JSON schema for editors and the loader agree."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from languages import registry
from languages.schema import problems, profile_schema
from tests.languages.test_profile_errors import BROKEN

SCHEMA = profile_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("code", list(registry().profiles))
def test_every_shipped_profile_keeps_to_the_schema(code: str) -> None:
    folder = Path(registry().profiles[code].folder)
    text = (folder / "profile.toml").read_text(encoding="utf-8")
    assert text.startswith("#:schema ../../profile.schema.json\n")
    data = tomllib.loads(text)
    assert list(VALIDATOR.iter_errors(data)) == []
    assert list(problems(data, SCHEMA)) == []


@pytest.mark.parametrize(
    "data", [case.values[0] for case in BROKEN if isinstance(case.values[0], dict)], ids=lambda data: ""
)
def test_loader_and_schema_refuse_the_same(data: dict[str, Any]) -> None:
    assert bool(list(problems(data, SCHEMA))) == bool(list(VALIDATOR.iter_errors(data)))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
