"""The content of an entry: one JSON tree that mirrors LIFT 0.13, and the functions that walk it.

Shape (every list may be absent when empty; every node has an `id` that never changes once given):

- A *multitext* is a list of forms `{"lang": TAG, "text": STR}`; a form may carry `"spans"` (nested
  `{"start", "end", "lang"?, "href"?, "class"?}`, offsets in code points into `text`), `"annotations"` and `"extra"`.
- An *extensible* node may carry `"created"`, `"modified"` (ISO 8601 as in the source), `"fields"`
  (`{"id", "type", "forms"}`), `"traits"` (`{"name", "value", "id"?, "annotations"?}`), `"annotations"`
  (`{"name", "value"?, "who"?, "when"?, "forms"?}`) and `"extra"` (XML fragments, verbatim, that were not understood).

The keys of each node are the TypedDicts below. White space in `text` is data and is kept.
LIFT: https://github.com/sillsdev/lift-standard (0.13).
"""

from __future__ import annotations

from typing import Any, TypedDict

VERSION = 1


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
    sources: list[dict[str, Any]]  # ours: {"title", "url", "licence", "citation"}, a `field` in LIFT exports
