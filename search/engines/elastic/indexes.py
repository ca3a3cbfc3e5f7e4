"""What the server says of its indexes: which one an alias stands for, and what it was made with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from search.engines.elastic.mapping import layout
from search.engines.life import Manifest
from search.engines.terms import VERSION


def behind(client: Elasticsearch, alias: str) -> str:
    """The index that an alias stands for; empty when there is none."""
    try:
        found = client.indices.get_alias(name=alias).body
    except NotFoundError:
        return ""
    return str(max(found, default=""))


def manifest(client: Elasticsearch, name: str) -> Manifest | None:
    """What the index of this name or alias was made with; None when it is missing, or not ours."""
    told = told_of(client, name)
    try:
        return Manifest(
            int(told["version"]), tuple(told["text_fields"]), str(told["profiles"]), str(told["made_at"])
        )
    except (KeyError, TypeError, ValueError):
        return None


def told_of(client: Elasticsearch, name: str) -> dict[str, Any]:
    """What was noted in the index itself when it was made."""
    try:
        found = client.indices.get_mapping(index=name, filter_path="*.mappings._meta").body
    except NotFoundError:
        return {}
    for index in found.values():
        meta: dict[str, Any] = index["mappings"]["_meta"]
        return meta
    return {}


def note(text_fields: Sequence[str], profiles: str, made_at: str) -> dict[str, Any]:
    """What is noted in an index when it is made."""
    return {
        "version": VERSION,
        "layout": layout(text_fields),
        "text_fields": list(text_fields),
        "profiles": profiles,
        "made_at": made_at,
    }


def only(name: str) -> str:
    """The alias by which an index is written: unlike an index, an alias is never made by a mere write."""
    return f"{name}.write"
