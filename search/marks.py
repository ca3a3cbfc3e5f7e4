"""Marks typed against marks written: the rule by which a query finds a form, letter by letter.

A marked key is base letters, each followed by its marks (see `languages.Orthography.marked`); marks lie in
one range of code points. A query agrees with a form when leaving out some marks of the form, and nothing
else, gives the query.
"""

from __future__ import annotations

from functools import lru_cache

from languages.text import MARK_RANGE

FIRST_MARK = MARK_RANGE[0]
_ANY_MARKS = f"[{MARK_RANGE}]*"
_BACKSLASHED = frozenset(r".?+*|{}[]()\^$#&-~")
_BRACKETED = frozenset('"@<>')  # special in Lucene, where Rust knows no escape for them


def agree(query: str, form: str, *, whole: bool) -> bool:
    """Whether a form has the letters of the query and at least its marks; unless `whole`, whether it begins
    so."""
    at = 0
    size = len(query)
    for char in form:
        if at < size and char == query[at]:
            at += 1
        elif char < FIRST_MARK:
            return at == size and not whole
    return at == size


@lru_cache(maxsize=1024)
def expression(query: str, *, whole: bool) -> str:
    """The same rule as a regular expression over whole marked keys, for engines that filter by themselves.

    Literals, `[…]`, `*`, `.` and backslash escapes alone: read alike by Python, PostgreSQL, Lucene and Rust.
    """
    parts = [_ANY_MARKS + (char if char >= FIRST_MARK else _literal(char)) for char in query]
    parts.append(_ANY_MARKS if whole else _ANY_MARKS + ".*")
    return "".join(parts)


def _literal(char: str) -> str:
    return "\\" + char if char in _BACKSLASHED else f"[{char}]" if char in _BRACKETED else char
