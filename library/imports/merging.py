"""A record that comes again: what the file changed since last time, laid over what people changed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from library.domain.content import Content, Node

_ESSENCE: Final = ("value", "agent", "concept", "place", "people", "edtf", "tag", "role", "lang")


@dataclass(frozen=True)
class Merged:
    """The content, the properties that the file changed, and those that were changed here as well."""

    content: Content
    changed: tuple[str, ...]
    contested: tuple[str, ...]


def bare(nodes: Sequence[Mapping[str, Any]]) -> list[Node]:
    """The nodes without their ids."""
    return [{key: value for key, value in node.items() if key != "id"} for node in nodes]


def without_ids(content: Mapping[str, Any]) -> dict[str, list[Node]]:
    """The properties of a content tree that say something, without ids."""
    return {name: bare(nodes) for name, nodes in content.get("fields", {}).items() if nodes}


def merged(
    present: Mapping[str, Any], before: Mapping[str, Any], now: Mapping[str, Any], *, partial: bool = False
) -> Merged:
    """`present` with what differs between `before` and `now` (what the file said, and says), property by property.

    `partial`: the file is a table, which says only some properties, and of each value only the essence.
    """
    old, new, here = (without_ids(each) for each in (before, now, present))
    fields = dict(present.get("fields", {}))
    changed, contested = [], []
    for name in new if partial else dict.fromkeys((*old, *new)):
        says, said_before, holds = (_compared(each.get(name, []), partial) for each in (new, old, here))
        if says in (said_before, holds):
            continue
        changed.append(name)
        if holds != said_before:
            contested.append(name)
        fields[name] = _with_known_ids(fields.get(name, ()), new.get(name, []), partial)
    return Merged({**present, "fields": fields}, tuple(changed), tuple(contested))


def _compared(nodes: Sequence[Node], partial: bool) -> list[Node]:
    return sorted(map(_essence, nodes), key=str) if partial else list(nodes)


def _essence(node: Mapping[str, Any]) -> Node:
    """What a cell of a table can say of a value."""
    return {key: node[key] for key in _ESSENCE if node.get(key)}


def _with_known_ids(present: Sequence[Node], new: Sequence[Node], partial: bool) -> list[Node]:
    """New nodes; those that are there keep their ids, and the first of the others that changed in its place, too.

    In a table, what is there already keeps besides what a table does not say of it.
    """
    left = list(present)
    result: list[Node] = []
    for place, node in enumerate(new):
        same = next((one for one in left if _is_same(one, node, partial)), None)
        if same is not None:
            result.append(dict(same) if partial else {**node, **_id(same)})
        elif place < len(present) and any(one is present[place] for one in left):
            heir = not any(_is_same(present[place], other, partial) for other in new)
            same = present[place] if heir else None
            result.append({**node, **_id(same)} if same else dict(node))
        else:
            result.append(dict(node))
        left = [one for one in left if one is not same]
    return result


def _is_same(one: Node, other: Node, partial: bool) -> bool:
    return _essence(one) == _essence(other) if partial else bare([one]) == [other]


def _id(node: Mapping[str, Any]) -> Node:
    return {"id": node["id"]} if "id" in node else {}


def said(present: Mapping[str, Any], content: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    """What changes, for a report: property: old → new."""

    def text(nodes: Sequence[Mapping[str, Any]]) -> str:
        return "; ".join(
            str(next((node[key] for key in ("value", "edtf", "tag", "people") if key in node), "…"))
            for node in nodes
        )[:200]

    before, after = present.get("fields", {}), content.get("fields", {})
    return tuple(f"{name}: {text(before.get(name, ()))} → {text(after.get(name, ()))}" for name in names)
