"""A small profile of a language that does not exist, for tests of the format itself."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from languages import LanguageProfile, load_registry

PROFILE: dict[str, Any] = {
    "format": 1,
    "code": "qaa",
    "names": {"vi": "Tiếng thử", "en": "Trial"},
    "source": [{"id": "us", "citation": "Made up for a test"}],
    "orthography": [
        {
            "tag": "qaa-Latn",
            "names": {"vi": "Chữ thử", "en": "Trial letters"},
            "alphabet": ["a", "b", "ch", "đ", "e"],
            "sources": ["us"],
        }
    ],
}


def profile(**changes: Any) -> dict[str, Any]:
    """The profile with changes: `code="x"`, or of its only orthography: `orthography__tag="x"`."""
    made = copy.deepcopy(PROFILE)
    for key, value in changes.items():
        place, _, name = key.rpartition("__")
        target = made[place][0] if place else made
        if value is None:
            target.pop(name, None)
        else:
            target[name] = value
    return made


def write(
    folder: Path, data: dict[str, Any] | str, files: dict[str, str] | None = None, code: str = "qaa"
) -> Path:
    """Write a profile and files beside it into `folder/code`; the folder of profiles."""
    home = folder / code
    home.mkdir(parents=True, exist_ok=True)
    text = data if isinstance(data, str) else toml(data)
    (home / "profile.toml").write_text(text, encoding="utf-8", errors="surrogateescape")
    for name, content in (files or {}).items():
        (home / name).write_text(content, encoding="utf-8")
    return folder


def load(folder: Path, data: dict[str, Any] | str, files: dict[str, str] | None = None) -> LanguageProfile:
    """The profile, written and read."""
    return load_registry([write(folder, data, files)]).profiles["qaa"]


def toml(data: dict[str, Any]) -> str:
    """Plain data as TOML, all tables inline."""
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in data.items())


def _key(key: str) -> str:
    return _value(key)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            plain = "".join(
                char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08x}" for char in value
            )
            return f'"{plain}"'
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + "}"
    raise TypeError(value)
