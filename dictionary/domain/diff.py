"""What changed between two versions of an entry: nodes added, removed, moved, and texts changed.

Nodes are told apart by their ids, so a sense that moved is a move and not a removal and an addition.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from dictionary.domain.content import SCHEMA, Node

Change = Literal["added", "removed", "changed", "moved"]
Operation = Literal["same", "added", "removed"]
# Comparing letter by letter costs the square of the length: longer texts are compared by words.
_LETTERS_AT_MOST: Final = 400
_PAIRS_AT_MOST: Final = 1_000_000


class Place(NamedTuple):
    """One step of the way to a node: its kind and its number among its siblings (1 is the first)."""

    kind: str
    number: int


class Piece(NamedTuple):
    """A run of text that both versions have, or only one."""

    operation: Operation
    text: str


@dataclass(frozen=True)
class Difference:
    """One thing that changed. `where` leads from the entry to the node; `key` and `lang` say which of its texts.

    For `added` and `removed` nodes `texts` holds all texts of the node; for changed ones `pieces` is the inline
    difference. `was` is where a moved node stood before.
    """

    change: Change
    where: tuple[Place, ...]
    key: str = ""
    lang: str = ""
    pieces: tuple[Piece, ...] = ()
    texts: tuple[str, ...] = ()
    was: tuple[Place, ...] = ()


class _Known(NamedTuple):
    kind: str
    node: Node
    parent: str
    key: str
    at: int
    where: tuple[Place, ...]


def diff(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """The differences from old to new, in the order of the new tree, removals last. Equal trees have none."""
    before, after = _index(old), _index(new)
    found: list[Difference] = []
    moved = _moved(before, after)
    for name, known in after.items():
        if name not in before:
            if known.parent in before:
                found.append(Difference("added", known.where, key=known.key, texts=_texts(known)))
            continue
        if name in moved:
            found.append(Difference("moved", known.where, key=known.key, was=before[name].where))
        found.extend(_changes(before[name], known))
    for name, known in before.items():
        if name not in after and known.parent in after:
            found.append(Difference("removed", known.where, key=known.key, texts=_texts(known)))
    return found


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """The inline difference of two texts; letters stay with their marks."""
    by_letters = max(len(old), len(new)) <= _LETTERS_AT_MOST
    a = _clusters(old) if by_letters else re.findall(r"\s+|\S+", old)
    b = _clusters(new) if by_letters else re.findall(r"\s+|\S+", new)
    head = _shared(a, b)
    tail = _shared(a[head:][::-1], b[head:][::-1])
    old_middle, new_middle = a[head : len(a) - tail], b[head : len(b) - tail]
    runs: list[tuple[Operation, str]] = [("same", "".join(a[:head]))]
    matcher = difflib.SequenceMatcher(None, old_middle, new_middle, autojunk=False)
    too_long = len(old_middle) * len(new_middle) > _PAIRS_AT_MOST
    if too_long or (by_letters and 2 * (head + tail) < len(a) and matcher.ratio() < 0.5):
        runs += [("removed", "".join(old_middle)), ("added", "".join(new_middle))]
    else:
        for operation, a1, a2, b1, b2 in matcher.get_opcodes():
            if operation == "equal":
                runs.append(("same", "".join(old_middle[a1:a2])))
            else:
                runs.append(("removed", "".join(old_middle[a1:a2])))
                runs.append(("added", "".join(new_middle[b1:b2])))
    return _joined([*runs, ("same", "".join(a[len(a) - tail :]))])


def _shared(a: Sequence[str], b: Sequence[str]) -> int:
    """How many parts two sequences share at the start."""
    return next(
        (at for at, (one, other) in enumerate(zip(a, b, strict=False)) if one != other), min(len(a), len(b))
    )


def _joined(runs: Sequence[tuple[Operation, str]]) -> tuple[Piece, ...]:
    return tuple(Piece(operation, text) for operation, text in runs if text)


def _clusters(text: str) -> list[str]:
    clusters: list[str] = []
    for letter in text:
        if clusters and unicodedata.category(letter).startswith("M"):
            clusters[-1] += letter
        else:
            clusters.append(letter)
    return clusters


def _index(content: Mapping[str, Any]) -> dict[str, _Known]:
    index: dict[str, _Known] = {}
    for known in _known(dict(content), "entry", "", "", 0, ()):
        index[str(known.node.get("id", "")) if known.kind != "entry" else ""] = known
    return index


def _known(
    node: Node, kind: str, parent: str, key: str, index: int, where: tuple[Place, ...]
) -> Iterator[_Known]:
    shape = SCHEMA[kind]
    yield _Known(kind, node, parent, key, index, where)
    name = str(node.get("id", "")) if kind != "entry" else ""
    for child_key, child_kind in shape.lists.items():
        if SCHEMA[child_kind].identified:
            for number, child in enumerate(node.get(child_key, ())):
                place = Place(_named(child_kind, child_key), number + 1)
                yield from _known(child, child_kind, name, child_key, number, (*where, place))
    for child_key, child_kind in shape.nodes.items():
        if SCHEMA[child_kind].identified and node.get(child_key):
            place = Place(child_key, 1)
            yield from _known(node[child_key], child_kind, name, child_key, 0, (*where, place))


def _named(kind: str, key: str) -> str:
    return "illustration" if key == "illustrations" else kind


def _moved(before: Mapping[str, _Known], after: Mapping[str, _Known]) -> set[str]:
    """Who changed parents, or places among the siblings that stayed (as few as explain the new order)."""
    moved: set[str] = set()
    families: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for name, known in after.items():
        was = before.get(name)
        if not was or not name:
            continue
        if (was.parent, was.key) != (known.parent, known.key):
            moved.add(name)
        else:
            families.setdefault((known.parent, known.key), []).append((was.at, name))
    for family in families.values():
        stayed = _longest_rising([index for index, _name in family])
        moved.update(name for position, (_index, name) in enumerate(family) if position not in stayed)
    return moved


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The positions of a longest rising subsequence."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for position, number in enumerate(numbers):
        at = bisect_left(tails, number)
        previous.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [number]
        ends[at : at + 1] = [position]
    kept: set[int] = set()
    position = ends[-1] if ends else -1
    while position >= 0:
        kept.add(position)
        position = previous[position]
    return kept


def _changes(was: _Known, now: _Known) -> Iterator[Difference]:
    """The texts and values of one node that changed; not those of its children."""
    shape = SCHEMA[now.kind]
    for key in sorted(shape.texts):
        yield from _text_change(was.node.get(key, ""), now.node.get(key, ""), now.where, key)
    for key in sorted(shape.multitexts):
        yield from _form_changes(was.node.get(key, []), now.node.get(key, []), now.where, key)
    for key, kind in shape.lists.items():
        if not SCHEMA[kind].identified:
            yield from _value_changes(was.node.get(key, []), now.node.get(key, []), now.where, key)
    for key, kind in shape.nodes.items():
        if not SCHEMA[kind].identified:
            old, new = was.node.get(key, {}), now.node.get(key, {})
            yield from _text_change(old.get("value", ""), new.get("value", ""), now.where, key)
            yield from _value_changes(old.get("traits", []), new.get("traits", []), now.where, key)
    yield from _value_changes(was.node.get("extra", []), now.node.get("extra", []), now.where, "extra")


def _text_change(old: str, new: str, where: tuple[Place, ...], key: str) -> Iterator[Difference]:
    if old != new:
        yield Difference("changed", where, key=key, pieces=pieces(old, new))


def _form_changes(
    old: Sequence[Node], new: Sequence[Node], where: tuple[Place, ...], key: str
) -> Iterator[Difference]:
    before, after = _by_language(old), _by_language(new)
    changed = False
    for name in (*after, *(name for name in before if name not in after)):
        was, now = before.get(name, {}), after.get(name, {})
        if was == now:
            continue
        changed = True
        yield Difference(
            "changed", where, key=key, lang=name[0], pieces=pieces(was.get("text", ""), now.get("text", ""))
        )
    if not changed and list(old) != list(new):
        order = tuple(form.get("text", "") for form in new)
        yield Difference("moved", where, key=key, texts=order)


def _by_language(forms: Sequence[Node]) -> dict[tuple[str, int], Node]:
    """Forms by language and occurrence: a language may stand in glosses more than once."""
    found: dict[tuple[str, int], Node] = {}
    for form in forms:
        lang = str(form.get("lang", ""))
        number = sum(1 for name in found if name[0] == lang)
        found[lang, number] = form
    return found


def _value_changes(
    old: Sequence[Any], new: Sequence[Any], where: tuple[Place, ...], key: str
) -> Iterator[Difference]:
    gone = [value for value in old if value not in new]
    come = [value for value in new if value not in old]
    if gone or come:
        removed = "; ".join(map(_said, gone))
        added = "; ".join(map(_said, come))
        yield Difference("changed", where, key=key, pieces=_joined([("removed", removed), ("added", added)]))
    elif list(old) != list(new):
        yield Difference("moved", where, key=key, texts=tuple(map(_said, new)))


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ": ".join(str(value[key]) for key in ("name", "value") if value.get(key))
    return str(value)


def _texts(known: _Known) -> tuple[str, ...]:
    """All texts of a node and of what it holds, for saying what was added or removed."""
    found: list[str] = []
    for _kind, node, *_rest in _known_in(known):
        shape = SCHEMA[_kind]
        found.extend(str(node[key]) for key in ("type", "ref", "href", "title", "source") if node.get(key))
        for key in sorted(shape.multitexts):
            found.extend(form["text"] for form in node.get(key, ()) if form.get("text"))
    return tuple(found)


def _known_in(known: _Known) -> Iterator[_Known]:
    return _known(known.node, known.kind, known.parent, known.key, known.at, known.where)
