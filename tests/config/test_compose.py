"""compose.yaml is what the compose schema allows, starts nothing with a default password, and watches every service."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
from ruamel.yaml import YAML

from config.environment import SETTINGS
from jobs.domain.kinds import QUEUES
from tests.elasticsearch_server import VERSION

PATH = Path(__file__).resolve().parents[2] / "compose.yaml"
TEXT = PATH.read_text(encoding="utf-8")


def composed() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(TEXT))


def test_it_satisfies_the_schema_of_compose_files() -> None:
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.validate(composed(), json.loads(schema.read_text(encoding="utf-8")))


def test_secrets_have_no_default() -> None:
    names = re.findall(r"\$\{(\w*(?:PASSWORD|SECRET)\w*)([^}]*)\}", TEXT)
    assert {name for name, _rest in names} == {"NHASAN_SECRET_KEY", "POSTGRES_PASSWORD", "ELASTIC_PASSWORD"}
    assert all(rest.startswith(":?") for _name, rest in names)


def test_every_service_that_stays_has_a_health_check_and_images_are_pinned() -> None:
    for name, service in composed()["services"].items():
        assert name == "prepare" or "healthcheck" in service, name
        assert "build" in service or re.search(r":\d", service["image"]), name
    assert composed()["services"]["elasticsearch"]["image"].endswith(f":{VERSION}")


def test_it_sets_only_settings_that_there_are() -> None:
    known = {setting.name for setting in SETTINGS}
    for service in composed()["services"].values():
        assert {name for name in service["environment"] if name.startswith("NHASAN_")} <= known


def test_every_queue_has_a_worker() -> None:
    commands = [str(service.get("command", "")) for service in composed()["services"].values()]
    assert set(QUEUES) == {line.rpartition(" ")[2] for line in commands if "manage.py worker --queue" in line}
