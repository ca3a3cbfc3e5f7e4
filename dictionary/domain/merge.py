"""Making one entry of two: the trees are united, nothing of either is lost, ids are kept."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, cast

from dictionary.domain.content import SCHEMA, Content, Form, Node, new_id, walk

# What names an entry stays the winner's.
_NAMES = frozenset({"guid", "lift_id", "order", "deleted", "v"})


def merge(winner: Content, loser: Content) -> Content:
    """The winner with everything that only the loser has. Neither argument is changed.

    A headword of the loser in a language that the winner writes otherwise becomes a variant. Senses with the same
    glosses, and definitions that do not contradict, become one; all others stand side by side. Merging an entry
    with itself, or twice with the same one, changes nothing.
    """
    united = cast("Node", copy.deepcopy(winner))
    other = cast("Node", copy.deepcopy(loser))
    taken = {node.get("id", "") for _path, _kind, node in walk(united)}
    contradicting = [
        *_unite_forms(united, other, "forms", repeat=False),
        *_unite_forms(united, other, "citation", repeat=False),
    ]
    if contradicting:
        other.setdefault("variants", []).extend({"forms": [form]} for form in contradicting)
    _unite(united, other, "entry", taken, skip=_NAMES | {"forms", "citation"})
    return cast("Content", united)


def repoint(content: Content, names: Mapping[str, str]) -> Content | None:
    """The content with relations and variants that name a key of `names` naming its value instead; None if none does.

    A relation that would then stand twice is left out.
    """
    if not any(node.get("ref") in names for _path, _kind, node in walk(content)):
        return None
    changed = copy.deepcopy(content)
    for _path, _kind, node in walk(changed):
        for key in ("relations", "variants"):
            if key in node:
                node[key] = _repointed(node[key], names)
                if not node[key]:
                    del node[key]
    return changed


def _repointed(nodes: list[Node], names: Mapping[str, str]) -> list[Node]:
    kept: list[Node] = []
    for node in nodes:
        if node.get("ref") in names:
            node["ref"] = names[node["ref"]]
            if any(_same(node, other) for other in (*kept, *nodes) if other is not node):
                continue
        kept.append(node)
    return kept


def _unite(winner: Node, loser: Node, kind: str, taken: set[str], skip: frozenset[str] = frozenset()) -> None:
    """Add to the winner what only the loser has, key by key."""
    shape = SCHEMA[kind]
    for key in shape.texts - skip:
        if loser.get(key) and not winner.get(key):
            winner[key] = loser[key]
    for key in shape.multitexts - skip:
        _unite_forms(winner, loser, key, repeat=key == "glosses")
    for key, child_kind in shape.lists.items():
        if key in loser and key not in skip:
            _unite_list(winner.setdefault(key, []), loser[key], child_kind, taken)
    for key in shape.nodes:
        if loser.get(key) and not winner.get(key):
            winner[key] = loser[key]
    _unite_list(winner.setdefault("extra", []), loser.get("extra", []), "", taken)
    for key in [key for key in (*shape.lists, "extra") if winner.get(key) == []]:
        del winner[key]


def _unite_forms(winner: Node, loser: Node, key: str, *, repeat: bool) -> list[Form]:
    """Add forms of languages that the winner lacks; gives those that say something else in a language it has."""
    contradicting: list[Form] = []
    forms = winner.setdefault(key, [])
    for form in loser.get(key, ()):
        if any(_same(form, own) for own in forms):
            continue
        if repeat or all(own.get("lang") != form.get("lang") for own in forms):
            forms.append(form)
        elif form.get("text"):
            contradicting.append(form)
    if not forms:
        del winner[key]
    return contradicting


def _unite_list(own: list[Any], others: Sequence[Any], kind: str, taken: set[str]) -> None:
    for other in others:
        if any(_same(other, one) for one in own):
            continue
        twin = next((one for one in own if _twins(one, other)), None) if kind == "sense" else None
        if twin is not None:
            _unite(twin, other, kind, taken)
            continue
        if kind and SCHEMA[kind].identified:
            _rename(other, kind, taken)
        own.append(other)


def _twins(one: Node, other: Node) -> bool:
    """Whether two senses say the same: equal glosses, same part of speech, no definition that contradicts."""
    glosses = _pairs(one.get("glosses", ()))
    if not glosses or glosses != _pairs(other.get("glosses", ())):
        return False
    here, there = one.get("pos", {}).get("value"), other.get("pos", {}).get("value")
    if here and there and here != there:
        return False
    united = [*one.get("definition", ())]
    united.extend(form for form in other.get("definition", ()) if form not in united)
    return len({form.get("lang") for form in united}) == len(united)


def _pairs(forms: Sequence[Form]) -> set[tuple[str, str]]:
    return {(form.get("lang", ""), form.get("text", "")) for form in forms}


def _rename(node: Node, kind: str, taken: set[str]) -> None:
    """Give new ids where the winner has the id already (entries of one import may share ids)."""
    for _path, _kind, each in walk(node, kind):
        if not each.get("id") or each["id"] in taken:
            each["id"] = new_id()
        taken.add(each["id"])


def _same(one: Any, other: Any) -> bool:
    """Equal, whatever the ids."""
    return bool(_bare(one) == _bare(other))


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items() if key != "id"}
    if isinstance(value, list):
        return [_bare(each) for each in value]
    return value
