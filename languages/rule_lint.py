"""A lint for ICU transform rules: cursor rules that can match what they wrote, without end.

ICU compiles `a > | aa` and silently stops after a fixed number of rounds. A rule whose result holds a cursor (`|`)
hands what stands after it to the rules again. Here such rules are nodes, with an arrow to every cursor rule whose
match can begin inside the text handed back; a circle of arrows is an error. The lint is careful: it may refuse a
circle that would come to rest, and then the rule is to be written without a cursor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import icu

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x\{([0-9a-fA-F]+)\}|(.))", re.DOTALL)

# A set of characters, as ranges of code points.
_Set = tuple[tuple[int, int], ...]
_ANYTHING: _Set = ((0, 0x10FFFF),)


@dataclass(frozen=True)
class _Rule:
    shown: str
    first: _Set  # what its match may begin with
    handed_back: _Set  # what may stand after the cursor


def rescanning_rules(rules: str) -> list[str]:
    """Rules that take part in a circle, from rules as `Transliterator.toRules` writes them: one a line."""
    found: list[str] = []
    for one_pass in _passes(rules):
        nodes = [node for node in map(_cursor_rule, one_pass) if node is not None]
        arrows = {
            at: [to for to, other in enumerate(nodes) if _meet(node.handed_back, other.first)]
            for at, node in enumerate(nodes)
        }
        found.extend(node.shown for at, node in enumerate(nodes) if _reaches(arrows, at, at))
    return found


def _passes(rules: str) -> Iterator[list[str]]:
    """The rules between `::` lines, which are applied together."""
    current: list[str] = []
    for line in rules.splitlines():
        if line.startswith("::"):
            yield current
            current = []
        elif line.strip():
            current.append(line.strip())
    yield current


def _reaches(arrows: dict[int, list[int]], start: int, goal: int) -> bool:
    seen: set[int] = set()
    waiting = list(arrows[start])
    while waiting:
        at = waiting.pop()
        if at == goal:
            return True
        if at not in seen:
            seen.add(at)
            waiting.extend(arrows[at])
    return False


# --- reading one rule -----------------------------------------------------------------------------------------

# A piece of a rule: a special character, a reference ("$1"), or a set of characters.
_SPECIAL = frozenset("(){}|><;^$*+?@&")
_Piece = str | _Set


def _pieces(rule: str) -> list[_Piece]:
    """A rule taken apart; `$3` comes as the text "$3", everything that stands for characters as a set."""
    pieces: list[_Piece] = []
    at = 0
    while at < len(rule):
        char = rule[at]
        if char == "'":
            end = rule.index("'", at + 1)
            pieces.extend(_one(quoted) for quoted in rule[at + 1 : end] or "'")
            at = end + 1
        elif char == "\\":
            escape = _ESCAPE.match(rule, at)
            assert escape is not None  # ICU wrote the rule
            code = escape[1] or escape[2] or escape[3]
            pieces.append(_one(chr(int(code, 16)) if code else escape[4]))
            at = escape.end()
        elif char == "[":
            end = _set_end(rule, at)
            pieces.append(_members(rule[at:end]))
            at = end
        elif char == "$" and rule[at + 1 : at + 2].isdigit():
            pieces.append(rule[at : at + 2])
            at += 2
        elif char in _SPECIAL:
            pieces.append(char)
            at += 1
        elif char.isspace():
            at += 1
        elif char == ".":
            pieces.append(_ANYTHING)
            at += 1
        else:
            pieces.append(_one(char))
            at += 1
    return pieces


def _set_end(rule: str, start: int) -> int:
    """The place after the set that begins at `start`."""
    depth, at = 0, start
    while True:
        char = rule[at]
        if char == "\\":
            at += 1
        elif char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
            if not depth:
                return at + 1
        at += 1


def _cursor_rule(rule: str) -> _Rule | None:
    pieces = _pieces(rule)
    if ">" not in pieces:
        return None
    operator = pieces.index(">")
    match, result = pieces[:operator], pieces[operator + 1 :]
    if "|" not in result:
        return None
    rescanned = result[result.index("|") + 1 :]
    if not any(_writes(piece) for piece in rescanned):
        return None  # the cursor stands at the end
    return _Rule(rule, _first(_key(match)), _union(rescanned, _groups(match)))


def _writes(piece: _Piece) -> bool:
    return not isinstance(piece, str) or (piece[0] == "$" and len(piece) > 1) or piece == "&"


def _key(match: Sequence[_Piece]) -> Sequence[_Piece]:
    """The part between the contexts `before { key } after`."""
    if "{" in match:
        match = match[match.index("{") + 1 :]
    return match[: match.index("}")] if "}" in match else match


def _first(key: Sequence[_Piece]) -> _Set:
    """What a key may begin with: its first characters up to the first that must be there."""
    first: _Set = ()
    for at, piece in enumerate(key):
        if isinstance(piece, str):
            continue
        first += piece
        following = next((other for other in key[at + 1 :] if other != ")"), "")
        if following not in ("*", "?"):
            return first
    return _ANYTHING  # nothing must be there


def _groups(match: Sequence[_Piece]) -> dict[str, _Set]:
    """What each `$1`, `$2` … may hold."""
    groups: dict[str, _Set] = {}
    open_groups: list[str] = []
    for piece in match:
        if piece == "(":
            name = f"${len(groups) + 1}"
            groups[name] = ()
            open_groups.append(name)
        elif piece == ")":
            open_groups.pop()
        elif not isinstance(piece, str):
            for name in open_groups:
                groups[name] += piece
    return groups


def _union(written: Sequence[_Piece], groups: dict[str, _Set]) -> _Set:
    union: _Set = ()
    for piece in written:
        if not isinstance(piece, str):
            union += piece
        elif piece == "&":
            return _ANYTHING
        elif piece in groups:
            union += groups[piece]
    return union


# --- sets -----------------------------------------------------------------------------------------------------


def _one(char: str) -> _Set:
    return ((ord(char), ord(char)),)


def _members(pattern: str) -> _Set:
    """The characters of an ICU set pattern."""
    found = icu.UnicodeSet(pattern)
    ranges = range(found.getRangeCount())
    return tuple((ord(found.getRangeStart(at)), ord(found.getRangeEnd(at))) for at in ranges)


def _meet(one: _Set, other: _Set) -> bool:
    return any(low <= last and first <= high for low, high in one for first, last in other)
