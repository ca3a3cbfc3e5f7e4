"""Giving a tree that was read anew the ids of the tree that is there, so that a difference shows what really changed.

Files do not carry the ids of nodes (LIFT names only entries and senses). Nodes of one list are matched by LIFT id, then
by saying the same, then by their place among those that are left.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from dictionary.domain.content import SCHEMA, Content, Node, walk, with_ids


def bare(value: Any) -> Any:
    """The same tree without ids."""
    if isinstance(value, dict):
        return {key: bare(each) for key, each in value.items() if key != "id"}
    return [bare(each) for each in value] if isinstance(value, list) else value


def adopted(old: Mapping[str, Any], new: Mapping[str, Any]) -> Content:
    """The new tree with the ids of the old one on the nodes that are still there, fresh ones on the others."""
    tree: Node = bare(copy.deepcopy(dict(new)))
    _match(old, tree, "entry")
    used = {step.node.get("id") for step in walk(old)}
    numbers = (str(number) for number in count(1) if str(number) not in used)
    return with_ids(tree, lambda: next(numbers))  # type: ignore[arg-type]


def _match(old: Mapping[str, Any], new: Node, kind: str) -> None:
    shape = SCHEMA[kind]
    for key, child_kind in shape.lists.items():
        if SCHEMA[child_kind].identified and key in new:
            for before, after in _pairs(old.get(key, ()), new[key]):
                after["id"] = before["id"]
                _match(before, after, child_kind)
    for key, child_kind in shape.nodes.items():
        was, now = old.get(key), new.get(key)
        if was and now:
            if "id" in was:
                now["id"] = was["id"]
            _match(was, now, child_kind)


def _pairs(old: Sequence[Node], new: Sequence[Node]) -> list[tuple[Node, Node]]:
    left, found = [node for node in old if node.get("id")], []
    waiting = list(new)
    plain = {id(node): bare(node) for node in left}
    for same in (
        lambda one, other: bool(other.get("lift_id")) and one.get("lift_id") == other.get("lift_id"),
        lambda one, other: plain[id(one)] == other,
        lambda one, other: not (one.get("lift_id") and other.get("lift_id")),
    ):
        rest = []
        for node in waiting:
            twin = next((one for one in left if same(one, node)), None)
            if twin is None:
                rest.append(node)
            else:
                left = [one for one in left if one is not twin]
                found.append((twin, node))
        waiting = rest
    return found
