"""The structure of a profile, checked against `profile.schema.json`: the one description editors and the loader share.

Reads the part of JSON Schema 2020-12 that the schema uses; a keyword outside it is an error of the schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA_FILE = Path(__file__).with_name("profile.schema.json")

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
}
_SAID = {"object": "a table", "array": "a list", "string": "a text", "boolean": "true or false"}


@cache
def profile_schema() -> Mapping[str, Any]:
    """The schema of `profile.toml`."""
    schema: Mapping[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


def problems(value: object, schema: Mapping[str, Any], key: str = "") -> Iterator[tuple[str, str]]:
    """Every way in which a value breaks the schema, as (key, what is wrong); nothing when it keeps to it."""
    expected = schema.get("type")
    if expected is not None and not isinstance(value, _TYPES[expected]):
        yield key, f"must be {_SAID[expected]}"
        return
    if "const" in schema and (value != schema["const"] or type(value) is not type(schema["const"])):
        yield key, f"must be {json.dumps(schema['const'])}"
    if "enum" in schema and value not in schema["enum"]:
        yield key, "must be one of " + ", ".join(schema["enum"])
    if isinstance(value, str):
        yield from _text(value, schema, key)
    elif isinstance(value, list):
        yield from _list(value, schema, key)
    elif isinstance(value, dict):
        yield from _table(value, schema, key)


def _text(value: str, schema: Mapping[str, Any], key: str) -> Iterator[tuple[str, str]]:
    if len(value) < schema.get("minLength", 0):
        yield key, "must not be empty"
    elif "pattern" in schema and not re.search(schema["pattern"], value):
        yield key, f"{value!r} does not have the form {schema['pattern']}"


def _list(value: list[object], schema: Mapping[str, Any], key: str) -> Iterator[tuple[str, str]]:
    if len(value) < schema.get("minItems", 0):
        yield key, f"must have {schema['minItems']} item(s) or more"
    if len(value) > schema.get("maxItems", len(value)):
        yield key, f"must have at most {schema['maxItems']} items"
    if schema.get("uniqueItems"):
        for position, item in enumerate(value):
            if item in value[:position]:
                yield f"{key}[{position}]", f"{item!r} stands twice"
    for position, item in enumerate(value):
        yield from problems(item, schema["items"], f"{key}[{position}]")


def _table(value: dict[str, object], schema: Mapping[str, Any], key: str) -> Iterator[tuple[str, str]]:
    properties: Mapping[str, Any] = schema.get("properties", {})
    extra: bool | Mapping[str, Any] = schema.get("additionalProperties", True)
    for name in schema.get("required", ()):
        if name not in value:
            yield _join(key, name), "is missing"
    for name, item in value.items():
        if name in properties:
            yield from problems(item, properties[name], _join(key, name))
        elif isinstance(extra, Mapping):
            yield from problems(item, extra, _join(key, name))
        elif not extra:
            yield _join(key, name), "is not a key of the format"
    choices = schema.get("oneOf")
    if choices and sum(all(name in value for name in choice["required"]) for choice in choices) != 1:
        said = " | ".join(" + ".join(choice["required"]) for choice in choices)
        yield key, f"must have exactly one of {said}"


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
