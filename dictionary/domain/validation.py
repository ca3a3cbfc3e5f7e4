"""Is a content tree well-formed, and small enough to handle? Nothing that fails here is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dictionary.domain.content import SCHEMA, VERSION

# RFC 5646 in short: a language of 2 to 8 letters, or x/i, then subtags of up to 8 letters and digits.
_TAG: Final = re.compile(r"(?:[A-Za-z]{2,8}|[xiXI])(?:-[A-Za-z0-9]{1,8})*\Z")
# What JSON in PostgreSQL or UTF-8 cannot hold, and control characters that no text needs.
_BAD: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPAN_KEYS: Final = {"start", "end", "lang", "href", "class"}
_FORM_KEYS: Final = {"lang", "text", "spans", "annotations", "extra"}


@dataclass(frozen=True)
class Limits:
    """How large one entry may be: nodes and forms, nesting, code points in one text and in all texts."""

    nodes: int = 20_000
    depth: int = 20
    text: int = 100_000
    total: int = 2_000_000


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where (`senses[0].glosses[1].lang`), what (a code), the values of its message.

    Codes: type, text, characters, tag, unknown, duplicate, too-deep, too-long, too-large, span, version,
    no-headword.
    """

    path: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class _Check:
    """The state of one validation: what was found and how much was seen."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.problems: list[Problem] = []
        self.nodes = 0
        self.total = 0
        self.ids: set[str] = set()

    def add(self, path: str, code: str, **params: Any) -> None:
        # A broken tree may break everywhere: the first hundred problems say enough.
        if len(self.problems) < 100:
            self.problems.append(Problem(path, code, params))

    def text(self, value: Any, path: str) -> None:
        if not isinstance(value, str):
            self.add(path, "text", found=type(value).__name__)
            return
        self.total += len(value)
        if len(value) > self.limits.text:
            self.add(path, "too-long", length=len(value), limit=self.limits.text)
        bad = _BAD.search(value)
        if bad:
            self.add(path, "characters", character=f"U+{ord(bad.group()):04X}", position=bad.start())

    def list_of(self, value: Any, path: str) -> list[Any]:
        if isinstance(value, list):
            self.nodes += len(value)
            return value if self.nodes <= self.limits.nodes else []
        self.add(path, "type", expected="list", found=type(value).__name__)
        return []

    def multitext(self, value: Any, path: str, depth: int) -> None:
        for index, each in enumerate(self.list_of(value, path)):
            here = f"{path}[{index}]"
            if not isinstance(each, dict):
                self.add(here, "type", expected="object", found=type(each).__name__)
                continue
            lang = each.get("lang")
            if not isinstance(lang, str) or not is_tag(lang):
                self.add(f"{here}.lang", "tag", tag=str(lang)[:100])
            self.text(each.get("text", ""), f"{here}.text")
            if len(each) > 2:
                self._rest_of_form(each, here, depth)

    def _rest_of_form(self, form: dict[str, Any], path: str, depth: int) -> None:
        for key in form.keys() - _FORM_KEYS:
            self.add(f"{path}.{str(key)[:50]}", "unknown")
        length = len(form["text"]) if isinstance(form.get("text"), str) else 0
        for index, span in enumerate(self.list_of(form.get("spans", []), f"{path}.spans")):
            here = f"{path}.spans[{index}]"
            if not isinstance(span, dict) or span.keys() - _SPAN_KEYS:
                self.add(here, "span")
                continue
            start, end = span.get("start"), span.get("end")
            if type(start) is not int or type(end) is not int or not 0 <= start <= end <= length:
                self.add(here, "span")
            for key in ("lang", "href", "class"):
                self.text(span.get(key, ""), f"{here}.{key}")
        self.values(form, "annotations", "annotation", path, depth)
        self.fragments(form, path)

    def values(self, node: dict[str, Any], key: str, kind: str, path: str, depth: int) -> None:
        for index, each in enumerate(self.list_of(node.get(key, []), f"{path}.{key}")):
            self.node(each, kind, f"{path}.{key}[{index}]", depth + 1)

    def fragments(self, node: dict[str, Any], path: str) -> None:
        for index, each in enumerate(self.list_of(node.get("extra", []), f"{path}.extra")):
            self.text(each, f"{path}.extra[{index}]")

    def node(self, node: Any, kind: str, path: str, depth: int) -> None:
        if not isinstance(node, dict):
            self.add(path, "type", expected="object", found=type(node).__name__)
            return
        if depth > self.limits.depth:
            self.add(path, "too-deep", limit=self.limits.depth)
            return
        shape = SCHEMA[kind]
        dot = f"{path}." if path else ""
        for key, value in node.items():
            here = f"{dot}{key}"
            if key in shape.texts:
                self.text(value, here)
            elif key in shape.multitexts:
                self.multitext(value, here, depth)
            elif key in shape.lists:
                child_kind = shape.lists[key]
                for index, child in enumerate(self.list_of(value, here)):
                    self.node(child, child_kind, f"{here}[{index}]", depth + 1)
            elif key in shape.nodes:
                self.node(value, shape.nodes[key], here, depth + 1)
            elif key == "extra":
                self.fragments(node, path)
            elif key == "id" and shape.identified and kind != "entry":
                self._id(value, here)
            elif key != "v" or kind != "entry":
                self.add(f"{dot}{str(key)[:50]}", "unknown")

    def _id(self, value: Any, path: str) -> None:
        if not isinstance(value, str) or not 0 < len(value) <= 200:
            self.add(path, "text", found=type(value).__name__)
        elif value in self.ids:
            self.add(path, "duplicate", id=value)
        else:
            self.text(value, path)
            self.ids.add(value)


def validate(content: Any, limits: Limits | None = None) -> list[Problem]:
    """What is wrong with a content tree; empty when it may be stored. Never raises, whatever it is given.

    An entry without a headword is a problem of the code `no-headword`, which a draft may have.
    """
    check = _Check(limits or Limits())
    if not isinstance(content, dict):
        return [Problem("", "type", {"expected": "object", "found": type(content).__name__})]
    version = content.get("v", 1)
    if type(version) is not int or not 1 <= version <= VERSION:
        check.add("v", "version", found=str(version)[:20], known=VERSION)
    check.node(content, "entry", "", 0)
    if check.nodes > check.limits.nodes:
        check.add("", "too-large", nodes=check.nodes, limit=check.limits.nodes)
    if check.total > check.limits.total:
        check.add("", "too-long", length=check.total, limit=check.limits.total)
    if not check.problems and not _has_headword(content):
        check.add("forms", "no-headword")
    return check.problems


def is_tag(text: str) -> bool:
    """Whether a text may be a language tag: RFC 5646 in short, at most 100 characters."""
    return len(text) <= 100 and _TAG.match(text) is not None


def is_draft_problem(problem: Problem) -> bool:
    """Whether an unfinished draft may have this problem; it still may not be published with it."""
    return problem.code == "no-headword"


def _has_headword(content: dict[str, Any]) -> bool:
    if any(each.get("text", "").strip() for key in ("forms", "citation") for each in content.get(key, ())):
        return True
    # A LIFT entry may be only a variant or a deleted one: it is kept, without a headword of its own.
    return bool(content.get("deleted"))
