"""The content of an entry: one JSON tree that mirrors LIFT 0.13, and the functions that walk it.

Shape (every key and list may be absent when empty):

- A *node* is a dict with an `id` that never changes once given, unique within its entry (`with_ids` gives the
  missing ones). LIFT's own ids stand beside it, in `lift_id`, on entries, senses and traits.
- A *multitext* is a list of forms `{"lang": TAG, "text": STR}`; a form may carry `"spans"` (nested
  `{"start", "end", "lang"?, "href"?, "class"?}`, offsets in code points into `text`), `"annotations"` and
  `"extra"`.
- An *extensible* node may carry `"created"`, `"modified"` (ISO 8601 as in the source), `"fields"` (nodes
  `{"id", "type", "forms"}`, extensible themselves), `"traits"` (`{"name", "value", "lift_id"?,
  "annotations"?}`), `"annotations"` (`{"name", "value"?, "who"?, "when"?, "forms"?}`) and `"extra"` (XML
  fragments, verbatim, that were not understood).
- Forms, spans, traits and annotations are values of their node: they have no `id`.

The keys of each node are the TypedDicts below; `SCHEMA` says the same as data, for everything that walks the
tree (validation, ids, differences, merging). White space in `text` is data and is kept.
LIFT: https://github.com/sillsdev/lift-standard (0.13).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypedDict, cast

VERSION: Final = 1


class Form(TypedDict, total=False):
    """One writing of a text: its language tag (orthography) and the text itself."""

    lang: str
    text: str
    spans: list[dict[str, Any]]
    annotations: list[dict[str, Any]]
    extra: list[str]


Multitext = list[Form]


class Extensible(TypedDict, total=False):
    """What LIFT lets stand on any node."""

    id: str
    created: str
    modified: str
    fields: list[dict[str, Any]]
    traits: list[dict[str, Any]]
    annotations: list[dict[str, Any]]
    extra: list[str]


class Note(Extensible, total=False):
    """LIFT note: `type` is empty for a general note."""

    type: str
    forms: Multitext


class Media(TypedDict, total=False):
    """LIFT media or illustration: a file name and its label in several languages."""

    id: str
    href: str
    label: Multitext
    extra: list[str]


class Pronunciation(Extensible, total=False):
    """LIFT phonetic/pronunciation: forms (IPA in a -fonipa tag), recordings, dialect as trait `location`."""

    forms: Multitext
    media: list[Media]


class Relation(Extensible, total=False):
    """LIFT relation: `ref` names an entry or a sense by its LIFT id; `order` as in the source."""

    type: str
    ref: str
    order: str
    usage: Multitext


class Variant(Extensible, total=False):
    """LIFT variant: another form of the headword, or a reference to an entry that is one."""

    ref: str
    forms: Multitext
    pronunciations: list[Pronunciation]
    relations: list[Relation]


class Etymology(Extensible, total=False):
    """LIFT etymology: kind (`proto`, `borrowed`), source language, form and glosses."""

    type: str
    source: str
    forms: Multitext
    glosses: Multitext


class Example(Extensible, total=False):
    """LIFT example: a text, where it comes from, its typed translations and notes."""

    source: str
    forms: Multitext
    translations: list[dict[str, Any]]  # {"id", "type", "forms"}
    notes: list[Note]


class Reversal(TypedDict, total=False):
    """LIFT reversal: how a reader of another language finds the sense; `main` is its parent, recursively."""

    id: str
    type: str
    forms: Multitext
    main: dict[str, Any]
    pos: dict[str, Any]
    extra: list[str]


class Sense(Extensible, total=False):
    """LIFT sense; `glosses` is a list because a language may stand in it more than once."""

    lift_id: str
    order: str
    pos: dict[str, Any]  # {"value": STR, "traits": [...]}
    glosses: Multitext
    definition: Multitext
    examples: list[Example]
    relations: list[Relation]
    reversals: list[Reversal]
    illustrations: list[Media]
    notes: list[Note]
    senses: list[Any]  # subsenses, of this same shape


class Content(Extensible, total=False):
    """LIFT entry. `v` is the version of this shape (`VERSION`)."""

    v: int
    lift_id: str
    guid: str
    order: str
    deleted: str
    forms: Multitext  # lexical-unit
    citation: Multitext
    pronunciations: list[Pronunciation]
    variants: list[Variant]
    senses: list[Sense]
    notes: list[Note]
    relations: list[Relation]
    etymologies: list[Etymology]
    # Ours: {"id", "title", "url", "licence", "citation"}, a `field` in LIFT exports.
    sources: list[dict[str, Any]]


Node = dict[str, Any]


class Kind(NamedTuple):
    """What may stand on one kind of node: plain texts, multitexts, lists of nodes, single nodes."""

    texts: frozenset[str] = frozenset()
    multitexts: frozenset[str] = frozenset()
    lists: Mapping[str, str] = {}
    nodes: Mapping[str, str] = {}
    identified: bool = True


_EXT_TEXTS = frozenset({"created", "modified"})
_EXT_LISTS = {"fields": "field", "traits": "trait", "annotations": "annotation"}


def _extensible(texts: str = "", multitexts: str = "", **lists: str) -> Kind:
    return Kind(_EXT_TEXTS | set(texts.split()), frozenset(multitexts.split()), {**_EXT_LISTS, **lists})


SCHEMA: Final[Mapping[str, Kind]] = {
    "entry": _extensible(
        "lift_id guid order deleted", "forms citation",
        pronunciations="pronunciation", variants="variant", senses="sense", notes="note",
        relations="relation", etymologies="etymology", sources="source",
    ),
    "sense": _extensible(
        "lift_id order", "glosses definition",
        examples="example", relations="relation", reversals="reversal", illustrations="media", notes="note",
        senses="sense",
    )._replace(nodes={"pos": "pos"}),
    "example": _extensible("source", "forms", translations="translation", notes="note"),
    "pronunciation": _extensible("", "forms", media="media"),
    "variant": _extensible("ref", "forms", pronunciations="pronunciation", relations="relation"),
    "relation": _extensible("type ref order", "usage"),
    "etymology": _extensible("type source", "forms glosses"),
    "note": _extensible("type", "forms"),
    "field": _extensible("type", "forms"),
    "translation": Kind(frozenset({"type"}), frozenset({"forms"})),
    "media": Kind(frozenset({"href"}), frozenset({"label"})),
    "reversal": Kind(
        frozenset({"type"}), frozenset({"forms"}), {}, {"main": "reversal", "pos": "pos"}
    ),
    "pos": Kind(frozenset({"value"}), frozenset(), {"traits": "trait"}, {}, identified=False),
    "source": Kind(frozenset({"title", "url", "licence", "citation"})),
    "trait": Kind(
        frozenset({"name", "value", "lift_id"}), frozenset(), {"annotations": "annotation"}, identified=False
    ),
    "annotation": Kind(
        frozenset({"name", "value", "who", "when"}), frozenset({"forms"}), identified=False
    ),
}  # fmt: skip


class TooNewError(ValueError):
    """The content was written by a later version of this program."""


UPGRADES: Final[Mapping[int, Callable[[Content], Content]]] = {}


def upgrade(content: Content) -> Content:
    """The same content in the shape of `VERSION`; content without `v` is of the first version.

    Raises `TooNewError` for content of a later version.
    """
    version = content.get("v", 1)
    if version > VERSION:
        raise TooNewError(f"The entry has the shape of version {version}; this program knows {VERSION}.")
    while version < VERSION:
        content = UPGRADES[version](content)
        version += 1
    if content.get("v") == VERSION:
        return content
    return cast("Content", {"v": VERSION, **content})


def new_id() -> str:
    """A new node id: 48 random bits, enough for one entry."""
    return secrets.token_hex(6)


def form(lang: str, text: str) -> Form:
    """One writing of a text."""
    return {"lang": lang, "text": text}


def entry(forms: Multitext, senses: list[Sense] | None = None, **rest: Any) -> Content:
    """New content with its version and ids: forms of the headword, senses, any other key of `Content`."""
    tree: Content = cast("Content", {"v": VERSION, "forms": forms, **rest})
    if senses:
        tree["senses"] = senses
    return with_ids(tree)


def sense(glosses: Multitext, **rest: Any) -> Sense:
    """A new sense with an id: its glosses and any other key of `Sense`."""
    return cast("Sense", {"id": new_id(), "glosses": glosses, **rest})


class Step(NamedTuple):
    """A node met on a walk: its path (`senses[0].examples[1]`, empty for the entry), kind, the node."""

    path: str
    kind: str
    node: Node


def walk(content: Mapping[str, Any], kind: str = "entry", path: str = "") -> Iterator[Step]:
    """Every node that has an id, parents before children, in the order of the tree."""
    shape = SCHEMA[kind]
    node = cast("Node", content)
    if shape.identified:
        yield Step(path, kind, node)
    prefix = f"{path}." if path else ""
    for key, child_kind in shape.lists.items():
        if SCHEMA[child_kind].identified:
            for index, child in enumerate(node.get(key, ())):
                yield from walk(child, child_kind, f"{prefix}{key}[{index}]")
    for key, child_kind in shape.nodes.items():
        child = node.get(key)
        if child:
            yield from walk(child, child_kind, f"{prefix}{key}")


def senses(content: Mapping[str, Any]) -> Iterator[Sense]:
    """All senses and subsenses, each before its own subsenses."""
    for each in content.get("senses", ()):
        yield each
        yield from senses(each)


def with_ids(content: Content, make: Callable[[], str] = new_id) -> Content:
    """The same content with an id on every node; changes it in place. A repeated id is replaced."""
    seen: set[str] = set()
    for _path, kind, node in walk(content):
        if kind == "entry":
            continue
        given = node.get("id")
        if not given or given in seen:
            given = node["id"] = make()
        seen.add(given)
    return content


def text_of(forms: Multitext, *langs: str) -> str:
    """The text in the first of these languages that has one, else the first text there is, else empty."""
    for lang in langs:
        for each in forms:
            if each.get("lang") == lang and each.get("text"):
                return each["text"]
    return next((each["text"] for each in forms if each.get("text")), "")


def texts(content: Mapping[str, Any], kind: str = "entry") -> Iterator[tuple[str, str, Form]]:
    """Every form in the tree with the kind and key it stands in: (kind of node, key, form)."""
    for _path, node_kind, node in walk(content, kind):
        for key in SCHEMA[node_kind].multitexts:
            for each in node.get(key, ()):
                yield node_kind, key, each


def hrefs(content: Mapping[str, Any]) -> list[str]:
    """The names of all recordings and pictures, in order, each once."""
    return list(dict.fromkeys(
        node["href"] for _path, kind, node in walk(content) if kind == "media" and node.get("href")
    ))  # fmt: skip


def digest(content: Mapping[str, Any]) -> str:
    """sha256 of the content in one canonical writing: equal trees have equal digests, whatever the key order."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
