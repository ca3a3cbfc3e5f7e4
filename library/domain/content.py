"""The content of a record: one JSON tree of Dublin Core terms with repeatable values.

    {"v": 1, "fields": {"title": [NODE, …], "creator": [NODE, …], …}, "extra": {…}}

A property is the local name of a DCMI term (https://www.dublincore.org/specifications/dublin-core/dcmi-terms/), or
`people`: the peoples that something is from or about. A node has a stable `id` and one of

- `value`, a text, with `lang`, its BCP 47 tag (with script where that is not the usual one);
- `agent`, `concept` or `place`, the primary key of what it refers to; `people`, a number of the official list;
- `edtf`, a date (see `library.domain.edtf`); `tag`, a language.

Beside it may stand `role` (a MARC relator code), `note`, and what an import brought along: keys that are not known are
kept. White space in texts is data.
"""

from __future__ import annotations

import copy
import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, Final

VERSION: Final = 1
REFERENCES: Final = ("agent", "concept", "place", "people")
"""The keys by which a node refers to a row of a vocabulary."""

Node = dict[str, Any]
Content = dict[str, Any]


def new_id() -> str:
    """An id for a node: 12 characters, unique for all purposes."""
    return secrets.token_hex(6)


def empty() -> Content:
    """A record of which nothing is known yet."""
    return {"v": VERSION, "fields": {}}


def upgrade(content: Mapping[str, Any]) -> Content:
    """The content in the present shape; a copy. Anything that is no tree is left for `validate` to refuse."""
    tree = copy.deepcopy(dict(content))
    tree.setdefault("v", VERSION)
    tree.setdefault("fields", {})
    return tree


def with_ids(content: Mapping[str, Any]) -> Content:
    """A copy in which every node has an id of its own; ids that are there stay, of two equal ones the first."""
    tree = copy.deepcopy(dict(content))
    seen: set[str] = set()
    for _property, node in nodes(tree):
        given = node.get("id")
        if not isinstance(given, str) or not given or given in seen:
            node["id"] = given = new_id()
        seen.add(given)
    return tree


def nodes(content: Mapping[str, Any]) -> Iterator[tuple[str, Node]]:
    """Every node with its property, in order."""
    fields = content.get("fields")
    if not isinstance(fields, dict):
        return
    for name, values in fields.items():
        if isinstance(values, list):
            yield from ((name, node) for node in values if isinstance(node, dict))


def values(content: Mapping[str, Any], name: str) -> list[Node]:
    """The nodes of one property."""
    return [node for found, node in nodes(content) if found == name]


def texts(content: Mapping[str, Any], name: str) -> list[str]:
    """The texts of one property that are not empty."""
    return [
        str(node["value"]).strip() for node in values(content, name) if str(node.get("value", "")).strip()
    ]


def references(content: Mapping[str, Any]) -> dict[str, set[Any]]:
    """What the record refers to: for each key of REFERENCES the primary keys (of peoples, the numbers)."""
    found: dict[str, set[Any]] = {key: set() for key in REFERENCES}
    for _property, node in nodes(content):
        for key in REFERENCES:
            if key in node:
                found[key].add(node[key])
    return found


def digest(content: Mapping[str, Any]) -> str:
    """sha256 of the content in one canonical writing: equal trees have equal digests, whatever the key order."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
