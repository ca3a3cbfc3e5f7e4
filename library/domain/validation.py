"""Is the content of a record well-formed, and small enough to handle? Nothing that fails here is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from library.domain.content import VERSION, texts
from library.domain.edtf import EdtfError, span

_PROPERTY: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,59}\Z")
# RFC 5646 in short: a language of 2 to 8 letters, or x/i, then subtags of up to 8 letters and digits.
_TAG: Final = re.compile(r"(?:[A-Za-z]{2,8}|[xiXI])(?:-[A-Za-z0-9]{1,8})*\Z")
# What JSON in PostgreSQL or UTF-8 cannot hold, and control characters that no text needs.
_BAD: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MOST: Final = 100


@dataclass(frozen=True)
class Limits:
    """How large a record may be: values in all, code points of one value."""

    values: int = 5_000
    text: int = 200_000


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where (`title[0].lang`), what (a code), the values of its message.

    Codes: type, property, characters, tag, date, reference, duplicate, too-long, too-many, version, no-title.
    """

    path: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def validate(content: object, limits: Limits | None = None) -> list[Problem]:
    """Everything that is wrong with a content tree, at most a hundred problems; empty when it may be stored."""
    limits = limits or Limits()
    if not isinstance(content, dict):
        return [Problem("", "type", {"expected": "object", "found": type(content).__name__})]
    problems: list[Problem] = []
    if content.get("v") != VERSION:
        problems.append(Problem("v", "version", {"found": str(content.get("v")), "known": VERSION}))
    fields = content.get("fields")
    if not isinstance(fields, dict):
        problems.append(Problem("fields", "type", {"expected": "object", "found": type(fields).__name__}))
        return problems
    _text_of("extra", content.get("extra", {}), limits, problems)
    number, ids = 0, set[str]()
    for name, nodes in fields.items():
        if not isinstance(name, str) or not _PROPERTY.match(name):
            problems.append(Problem(str(name)[:60], "property"))
            continue
        if not isinstance(nodes, list):
            problems.append(Problem(name, "type", {"expected": "list", "found": type(nodes).__name__}))
            continue
        number += len(nodes)
        if number > limits.values:
            return [*problems[:_MOST], Problem(name, "too-many", {"limit": limits.values})]
        for index, node in enumerate(nodes):
            _node(f"{name}[{index}]", node, limits, ids, problems)
    if not texts(content, "title"):
        problems.append(Problem("", "no-title"))
    return problems[:_MOST]


def is_draft_problem(problem: Problem) -> bool:
    """Whether a draft may still have this problem."""
    return problem.code == "no-title"


def _node(path: str, node: object, limits: Limits, ids: set[str], problems: list[Problem]) -> None:
    if not isinstance(node, dict):
        problems.append(Problem(path, "type", {"expected": "object", "found": type(node).__name__}))
        return
    given = node.get("id")
    if isinstance(given, str):
        if given in ids:
            problems.append(Problem(path, "duplicate", {"id": given}))
        ids.add(given)
    elif given is not None:
        problems.append(Problem(f"{path}.id", "type", {"expected": "text", "found": type(given).__name__}))
    for key in ("value", "lang", "edtf", "tag", "people", "role", "note"):
        if key in node and not isinstance(node[key], str):
            found = type(node[key]).__name__
            problems.append(Problem(f"{path}.{key}", "type", {"expected": "text", "found": found}))
            return
    for key in ("agent", "concept", "place"):
        pk = node.get(key, 1)
        if isinstance(pk, bool) or not isinstance(pk, int) or not 0 < pk < 2**63:
            problems.append(Problem(f"{path}.{key}", "reference"))
    for key in ("lang", "tag"):
        if node.get(key) and not _TAG.match(node[key]):
            problems.append(Problem(f"{path}.{key}", "tag", {"tag": node[key][:60]}))
    if "edtf" in node:
        try:
            span(node["edtf"])
        except EdtfError:
            problems.append(Problem(f"{path}.edtf", "date", {"date": node["edtf"][:60]}))
    for key, value in node.items():
        _text_of(f"{path}.{key}", value, limits, problems)


def _text_of(path: str, value: object, limits: Limits, problems: list[Problem], depth: int = 0) -> None:
    """Every text under a value: of storable characters, and not too long."""
    if depth > 20:
        problems.append(Problem(path, "too-many", {"limit": 20}))
    elif isinstance(value, str):
        if len(value) > limits.text:
            problems.append(Problem(path, "too-long", {"length": len(value), "limit": limits.text}))
        bad = _BAD.search(value)
        if bad:
            code = f"U+{ord(bad.group()):04X}"
            problems.append(Problem(path, "characters", {"character": code, "position": bad.start()}))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            _text_of(f"{path}[{index}]", each, limits, problems, depth + 1)
    elif isinstance(value, dict):
        for key, each in value.items():
            _text_of(path, key, limits, problems, depth + 1)
            _text_of(f"{path}.{key}", each, limits, problems, depth + 1)
