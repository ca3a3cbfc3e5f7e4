"""Which spellings in the dictionary of an index agree with what was typed: one rule for every engine that keeps one.

An index holds every spelling of a form's letters as a term (`search.engines.terms`). An engine reads the few that
begin as the pattern says, and asks for those that agree.
"""

from __future__ import annotations

from search.engines.terms import PREFIX, UNIT
from search.marks import agree
from search.queries import Pattern


def beginning(node: Pattern) -> tuple[str, str]:
    """The field whose terms are looked through for a pattern, and how they begin."""
    if node.whole or len(node.value) <= PREFIX:
        return f"{node.field}_m" if node.whole else f"{node.field}_mp", node.value + UNIT
    return f"{node.field}_m", node.value


def agrees(node: Pattern, term: str) -> bool:
    """Whether a term that begins so is a spelling that the pattern finds: made by one of its foldings, with its marks
    at least."""
    _letter, scope, marked = term.split(UNIT)
    return scope in node.scopes and agree(node.marked, marked, whole=node.whole)
