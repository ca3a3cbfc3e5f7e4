"""From a content tree to the XML of a LIFT entry; the inverse of `lift_read`.

The children of an element are written in the order of the tree's schema, one on a line, and what was not understood
(`extra`) after them. White space inside a text is data and is written as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from dictionary.formats.lift_read import ATTRIBUTES, SOURCE_FIELD, SOURCE_KEYS
from dictionary.formats.xml import secure_parser

Node = Mapping[str, Any]
_RETURN: Final = {"\r": "&#13;"}
_DATED: Final = (("created", "dateCreated"), ("modified", "dateModified"))
_TEXT: Final = ("<text>", "<text ", "<text/")


def entry_xml(content: Node, *, guid: str = "") -> str:
    """An <entry>, without white space around it. `guid` is written where the tree has neither guid nor id."""
    tree = content
    if guid and not (content.get("guid") or content.get("lift_id")):
        tree = {**content, "guid": guid}
    return _Writer().node("entry", tree, "entry")


class _Writer:
    def __init__(self) -> None:
        self.parser = secure_parser()

    def node(self, tag: str, node: Node, shape: str) -> str:
        """An element of a node: its attributes, then its children in order."""
        children: list[str] = []
        for key, write in _CHILDREN[shape]:
            if key in node:
                children.extend(write(self, node[key]))
        head = tag + "".join(
            f" {name}={quoteattr(node[key])}" for key, name in _ATTRIBUTES[shape] if key in node
        )
        for each in node.get("extra", ()):
            if each.startswith(ATTRIBUTES):
                head += f" {each[len(ATTRIBUTES) : -2]}"
            else:
                children.append(each)
        if not children:
            return f"<{head}/>"
        return f"<{head}>\n" + "\n".join(children) + f"\n</{tag}>"

    def form(self, tag: str, form: Node) -> str:
        """<form> or <gloss>."""
        head = f"{tag} lang={quoteattr(form.get('lang', 'und'))}"
        text, rest = f"<text>{self.text(form)}</text>", []
        for each in form.get("extra", ()):
            if each.startswith(ATTRIBUTES):
                head += f" {each[len(ATTRIBUTES) : -2]}"
            elif each.startswith(_TEXT) and self.plain(each) == form.get("text", ""):
                text = each
            else:
                rest.append(each)
        notes = [self.node("annotation", each, "annotation") for each in form.get("annotations", ())]
        return f"<{head}>{''.join([text, *notes, *rest])}</{tag}>"

    def plain(self, fragment: str) -> str | None:
        """The plain text of a <text> element; None if it is none."""
        try:
            element = etree.fromstring(fragment, self.parser)
        except etree.XMLSyntaxError:
            return None
        return "".join(element.xpath("//text()"))

    @staticmethod
    def text(form: Node) -> str:
        """The text with its spans as elements."""
        text = form.get("text", "")
        spans = form.get("spans")
        if not spans:
            return escape(text, _RETURN)
        return _spanned(text, spans)


def _spanned(text: str, spans: Sequence[Node]) -> str:
    """Spans come outer before inner; one that overlaps the end of the span around it is cut there."""
    parts: list[str] = []
    open_ends: list[int] = []
    here = 0

    def close(until: int) -> None:
        nonlocal here
        while open_ends and open_ends[-1] <= until:
            end = open_ends.pop()
            parts.append(escape(text[here:end], _RETURN) + "</span>")
            here = max(here, end)

    for span in spans:
        start, end = span["start"], span["end"]
        close(start)
        start = max(start, here)
        end = max(min(end, open_ends[-1]) if open_ends else end, start)
        parts.append(escape(text[here:start], _RETURN))
        here = start
        names = "".join(f" {key}={quoteattr(span[key])}" for key in ("lang", "href", "class") if key in span)
        parts.append(f"<span{names}>")
        open_ends.append(end)
    close(len(text))
    parts.append(escape(text[here:], _RETURN))
    return "".join(parts)


_Write = Callable[[_Writer, Any], list[str]]


def _nodes(tag: str, shape: str = "") -> _Write:
    return lambda writer, nodes: [writer.node(tag, node, shape or tag) for node in nodes]


def _one(tag: str, shape: str) -> _Write:
    return lambda writer, node: [writer.node(tag, node, shape)] if node else []


def _forms(tag: str) -> _Write:
    return lambda writer, forms: [writer.form(tag, form) for form in forms]


def _container(tag: str) -> _Write:
    def write(writer: _Writer, forms: Sequence[Node]) -> list[str]:
        if not forms:
            return []
        inside = "\n".join(writer.form("form", form) for form in forms)
        return [f"<{tag}>\n{inside}\n</{tag}>"]

    return write


def _sources(writer: _Writer, sources: Sequence[Node]) -> list[str]:
    """Our sources, as a field with traits that `lift_read` knows again."""
    return [
        writer.node(
            "field",
            {
                "type": SOURCE_FIELD,
                **({"forms": [{"lang": "und", "text": source["title"]}]} if "title" in source else {}),
                "traits": [{"name": key, "value": source[key]} for key in SOURCE_KEYS if key in source],
            },
            "field",
        )
        for source in sources
    ]


_EXTENSIBLE: Final = (
    ("fields", _nodes("field")),
    ("traits", _nodes("trait")),
    ("annotations", _nodes("annotation")),
)
_CHILDREN: Final[dict[str, tuple[tuple[str, _Write], ...]]] = {
    "entry": (
        ("forms", _container("lexical-unit")),
        ("citation", _container("citation")),
        ("pronunciations", _nodes("pronunciation")),
        ("variants", _nodes("variant")),
        ("senses", _nodes("sense")),
        ("notes", _nodes("note")),
        ("relations", _nodes("relation")),
        ("etymologies", _nodes("etymology")),
        *_EXTENSIBLE,
        ("sources", _sources),
    ),
    "sense": (
        ("pos", _one("grammatical-info", "pos")),
        ("glosses", _forms("gloss")),
        ("definition", _container("definition")),
        ("examples", _nodes("example")),
        ("relations", _nodes("relation")),
        ("reversals", _nodes("reversal")),
        ("illustrations", _nodes("illustration", "media")),
        ("notes", _nodes("note")),
        *_EXTENSIBLE,
        ("senses", _nodes("subsense", "sense")),
    ),
    "example": (
        ("forms", _forms("form")),
        ("translations", _nodes("translation")),
        ("notes", _nodes("note")),
        *_EXTENSIBLE,
    ),
    "pronunciation": (("forms", _forms("form")), ("media", _nodes("media")), *_EXTENSIBLE),
    "variant": (
        ("forms", _forms("form")),
        ("pronunciations", _nodes("pronunciation")),
        ("relations", _nodes("relation")),
        *_EXTENSIBLE,
    ),
    "relation": (("usage", _container("usage")), *_EXTENSIBLE),
    "etymology": (("forms", _forms("form")), ("glosses", _forms("gloss")), *_EXTENSIBLE),
    "note": (("forms", _forms("form")), *_EXTENSIBLE),
    "field": (("forms", _forms("form")), *_EXTENSIBLE),
    "translation": (("forms", _forms("form")),),
    "media": (("label", _container("label")),),
    "reversal": (
        ("forms", _forms("form")),
        ("main", _one("main", "reversal")),
        ("pos", _one("grammatical-info", "pos")),
    ),
    "trait": (("annotations", _nodes("annotation")),),
    "annotation": (("forms", _forms("form")),),
    "pos": (("traits", _nodes("trait")),),
}
_ATTRIBUTES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "entry": (
        *_DATED,
        ("lift_id", "id"),
        ("guid", "guid"),
        ("order", "order"),
        ("deleted", "dateDeleted"),
    ),
    "sense": (("lift_id", "id"), ("order", "order"), *_DATED),
    "example": (("source", "source"), *_DATED),
    "pronunciation": _DATED,
    "variant": (("ref", "ref"), *_DATED),
    "relation": (("type", "type"), ("ref", "ref"), ("order", "order"), *_DATED),
    "etymology": (("type", "type"), ("source", "source"), *_DATED),
    "note": (("type", "type"), *_DATED),
    "field": (("type", "type"), *_DATED),
    "translation": (("type", "type"),),
    "media": (("href", "href"),),
    "reversal": (("type", "type"),),
    "trait": (("name", "name"), ("value", "value"), ("lift_id", "id")),
    "annotation": (("name", "name"), ("value", "value"), ("who", "who"), ("when", "when")),
    "pos": (("value", "value"),),
}
