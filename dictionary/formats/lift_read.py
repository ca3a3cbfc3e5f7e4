"""From the XML of a LIFT entry to its content tree (`dictionary.domain.content`), losing nothing.

What LIFT 0.13 does not know is kept in `extra`, verbatim, on the node where it stood:

- an element, comment or processing instruction: itself; stray text: itself, escaped;
- attributes: `<?attributes name="value"?>`, one processing instruction for all of a node;
- a second element where LIFT has one (`<citation>`, `<text>`, …): itself;
- a container (`<definition>`, `<label>`, …) with more in it than forms: itself, without its forms;
- a text with more in it than spans: the whole `<text>` element, which holds as long as its plain text is the form's.

Ids are given in the order of the tree ("1", "2", …), so that the same entry always gives the same tree, in whatever
order its file has the kinds. A field of the type `SOURCE_FIELD` is one of our `sources`, as `lift_write` writes them.
Some files of LIFT 0.12 name a field by `tag` where others, and 0.13, have `type`; both are read.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any, Final, cast
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from dictionary.domain.content import SCHEMA, VERSION, Content

Node = dict[str, Any]
ATTRIBUTES: Final = "<?attributes "
SOURCE_FIELD: Final = "nhasan-source"
SOURCE_KEYS: Final = ("url", "licence", "citation")
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
UNDETERMINED: Final = "und"


def fragment(element: etree._Element) -> str:
    """An element, comment or processing instruction as text, without what follows it."""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def attributes(pairs: Iterable[tuple[str, str]]) -> str:
    """Attributes that were not understood, as one processing instruction."""
    parts = []
    for index, (name, value) in enumerate(pairs):
        if name.startswith(_XML):
            name = f"xml:{name.removeprefix(_XML)}"
        elif name.startswith("{"):
            space, _brace, local = name[1:].partition("}")
            parts.append(f"xmlns:n{index}={quoteattr(space)}")
            name = f"n{index}:{local}"
        parts.append(f"{name}={quoteattr(value)}")
    return f"{ATTRIBUTES}{' '.join(parts)}?>"


def without(element: etree._Element, keep: Callable[[etree._Element], bool]) -> str:
    """An element as text with those of its children that are not understood."""
    shell = copy.copy(element)
    shell.tail = None
    for child in list(shell):
        if not keep(child):
            shell.remove(child)
    return fragment(shell)


class EntryReader:
    """Turns entries into trees. One for a file and a thread; it holds nothing between entries but its tables."""

    def __init__(self) -> None:
        lists: dict[str, tuple[str, Callable[[etree._Element], Node]]] = {
            "field": ("fields", self.node("field")),
            "trait": ("traits", self.node("trait", identified=False)),
            "annotation": ("annotations", self.node("annotation", identified=False)),
            "note": ("notes", self.node("note")),
            "relation": ("relations", self.node("relation")),
            "pronunciation": ("pronunciations", self.node("pronunciation")),
            "variant": ("variants", self.node("variant")),
            "etymology": ("etymologies", self.node("etymology")),
            "example": ("examples", self.node("example")),
            "illustration": ("illustrations", self.node("media")),
            "media": ("media", self.node("media")),
            "reversal": ("reversals", self.node("reversal")),
            "translation": ("translations", self.node("translation")),
            "sense": ("senses", self.node("sense")),
            "subsense": ("senses", self.node("sense")),
            "form": ("forms", self.form),
            "gloss": ("glosses", self.form),
        }
        self.lists = lists
        self.annotation = self.node("annotation", identified=False)
        self.singles: dict[str, tuple[str, Callable[[etree._Element], Node]]] = {
            "grammatical-info": ("pos", self.node("pos", identified=False)),
            "main": ("main", self.node("main")),
        }
        self.containers = {
            "lexical-unit": "forms",
            "citation": "citation",
            "definition": "definition",
            "label": "label",
            "usage": "usage",
        }
        self.shapes = {name: frozenset(names.split()) for name, names in _SHAPES.items()}

    def content(self, element: etree._Element) -> Content:
        """The tree of an <entry>."""
        node: Node = {"v": VERSION}
        self.fill(node, element, "entry")
        if "fields" in node:
            _take_sources(node)
        _number(node, "entry", count(1))
        return cast("Content", node)

    def node(self, shape: str, *, identified: bool = True) -> Callable[[etree._Element], Node]:
        """What reads an element of this shape into a node of its own; its id is given when the tree is whole."""
        if identified:
            return lambda element: self.fill({"id": ""}, element, shape)
        return lambda element: self.fill({}, element, shape)

    def fill(self, node: Node, element: etree._Element, shape: str) -> Node:
        """Attributes and children of an element into a node."""
        names = _ATTRIBUTES[shape]
        unknown: list[tuple[str, str]] | None = None
        for name, value in element.items():
            key = names.get(name)
            if key is None or key in node:
                unknown = unknown or []
                unknown.append((name, value))
            else:
                node[key] = value
        if unknown:
            self.extra(node, attributes(unknown))
        allowed = self.shapes[shape]
        lists = self.lists
        text = element.text
        if text and not text.isspace():
            self.extra(node, escape(text.strip()))
        for child in element:
            tag = child.tag
            if tag in allowed:
                entry = lists.get(tag)
                if entry is not None:
                    key, read = entry
                    found = read(child)
                    if key in node:
                        node[key].append(found)
                    else:
                        node[key] = [found]
                else:
                    self.once(node, child, tag)
            else:
                self.extra(node, fragment(child))
            text = child.tail
            if text and not text.isspace():
                self.extra(node, escape(text.strip()))
        return node

    def once(self, node: Node, child: etree._Element, tag: str) -> None:
        """An element that may stand once: a container of forms, or a single node."""
        if tag in self.containers:
            key = self.containers[tag]
            if key in node:
                self.extra(node, fragment(child))
                return
            forms = [self.form(each) for each in child if each.tag == "form"]
            node[key] = forms
            if len(forms) != len(child) or child.attrib or _stray(child):
                self.extra(node, without(child, lambda each: each.tag != "form"))
            return
        key, read = self.singles[tag]
        if key in node:
            self.extra(node, fragment(child))
        else:
            node[key] = read(child)

    @staticmethod
    def extra(node: Node, text: str) -> None:
        """Keep what was not understood."""
        node.setdefault("extra", []).append(text)

    # --- texts ---------------------------------------------------------------------------------------------------

    def form(self, element: etree._Element) -> Node:
        """<form> or <gloss>: one writing of a text. A missing language is `und`."""
        node: Node = {"lang": UNDETERMINED, "text": ""}
        unknown = None
        for name, value in element.items():
            if name == "lang" and value:
                node["lang"] = value
            else:
                unknown = unknown or []
                unknown.append((name, value))
        if unknown:
            self.extra(node, attributes(unknown))
        seen = False
        if element.text and not element.text.isspace():
            self.extra(node, escape(element.text.strip()))
        for child in element:
            tag = child.tag
            if tag == "text" and not seen:
                seen = True
                if len(child) == 0 and not child.attrib:
                    node["text"] = child.text or ""
                else:
                    self.marked_text(node, child)
            elif tag == "annotation":
                node.setdefault("annotations", []).append(self.annotation(child))
            else:
                self.extra(node, fragment(child))
            if child.tail and not child.tail.isspace():
                self.extra(node, escape(child.tail.strip()))
        return node

    def marked_text(self, node: Node, element: etree._Element) -> None:
        """<text> with spans in it: the plain text and the ranges of the spans, outer before inner."""
        parts: list[str] = []
        spans: list[Node] = []
        plain = not element.attrib
        length = 0

        def walk(parent: etree._Element) -> None:
            nonlocal length, plain
            if parent.text:
                parts.append(parent.text)
                length += len(parent.text)
            for child in parent:
                if isinstance(child.tag, str):
                    span: Node = {"start": length}
                    spans.append(span)
                    walk(child)
                    span["end"] = length
                    known = {
                        key: child.get(key) for key in ("lang", "href", "class") if child.get(key) is not None
                    }
                    span.update(known)
                    if child.tag != "span" or len(known) != len(child.attrib) or span["start"] == length:
                        plain = False
                else:
                    plain = False
                if child.tail:
                    parts.append(child.tail)
                    length += len(child.tail)

        walk(element)
        node["text"] = "".join(parts)
        if spans:
            node["spans"] = spans
        if not plain:
            self.extra(node, fragment(element))


def _take_sources(node: Node) -> None:
    """Fields that hold one of our sources become sources."""
    sources = [found for each in node["fields"] if (found := _source(each))]
    if sources:
        node["sources"] = sources
        node["fields"] = [each for each in node["fields"] if not _source(each)]
        if not node["fields"]:
            del node["fields"]


def _source(field: Node) -> Node | None:
    if field.get("type") != SOURCE_FIELD or field.keys() - {"id", "type", "forms", "traits"}:
        return None
    forms, traits = field.get("forms", []), field.get("traits", [])
    names = [trait.get("name") for trait in traits]
    if len(forms) > 1 or not set(names) <= set(SOURCE_KEYS) or len(set(names)) != len(names):
        return None
    source: Node = {"id": ""}
    if forms:
        source["title"] = forms[0]["text"]
    return source | {trait["name"]: trait.get("value", "") for trait in traits}


_NUMBERED: Final = {
    kind: [
        *((key, child, True) for key, child in shape.lists.items() if SCHEMA[child].identified),
        *((key, child, False) for key, child in shape.nodes.items()),
    ]
    for kind, shape in SCHEMA.items()
}


def _number(node: Node, kind: str, numbers: count[int]) -> None:
    """Ids in the order of `dictionary.domain.content.walk`."""
    for key, child_kind, many in _NUMBERED[kind]:
        found = node.get(key)
        if found:
            for child in found if many else (found,):
                if "id" in child:
                    child["id"] = str(next(numbers))
                _number(child, child_kind, numbers)


def _stray(element: etree._Element) -> bool:
    texts = [element.text, *(child.tail for child in element)]
    return any(text and not text.isspace() for text in texts)


_EXTENSIBLE: Final = "field trait annotation"
# The children that LIFT 0.13 knows of each element.
_SHAPES: Final = {
    "entry": f"{_EXTENSIBLE} lexical-unit citation pronunciation variant sense note relation etymology",
    "sense": f"{_EXTENSIBLE} grammatical-info gloss definition example relation reversal illustration note subsense",
    "example": f"{_EXTENSIBLE} form translation note",
    "pronunciation": f"{_EXTENSIBLE} form media",
    "variant": f"{_EXTENSIBLE} form pronunciation relation",
    "relation": f"{_EXTENSIBLE} usage",
    "etymology": f"{_EXTENSIBLE} form gloss",
    "note": f"{_EXTENSIBLE} form",
    "field": f"{_EXTENSIBLE} form",
    "translation": "form",
    "media": "label",
    "reversal": "form main grammatical-info",
    "main": "form main grammatical-info",
    "trait": "annotation",
    "annotation": "form",
    "pos": "trait",
}
_DATED: Final = {"dateCreated": "created", "dateModified": "modified"}
# The attributes that LIFT knows of each element, and their keys in the tree.
_ATTRIBUTES: Final[dict[str, dict[str, str]]] = {
    "entry": {"id": "lift_id", "guid": "guid", "order": "order", "dateDeleted": "deleted", **_DATED},
    "sense": {"id": "lift_id", "order": "order", **_DATED},
    "example": {"source": "source", **_DATED},
    "pronunciation": {**_DATED},
    "variant": {"ref": "ref", **_DATED},
    "relation": {"type": "type", "ref": "ref", "order": "order", **_DATED},
    "etymology": {"type": "type", "source": "source", **_DATED},
    "note": {"type": "type", **_DATED},
    "field": {"type": "type", "tag": "type", **_DATED},
    "translation": {"type": "type"},
    "media": {"href": "href"},
    "reversal": {"type": "type"},
    "main": {},
    "trait": {"name": "name", "value": "value", "id": "lift_id"},
    "annotation": {"name": "name", "value": "value", "who": "who", "when": "when"},
    "pos": {"value": "value"},
}
