"""The tiers of a look-up, in order: what is found first.

A whole match comes before a match of the beginning; within each: as typed, other case, tone marks missing,
other marks missing (written forms), other script (derived forms), in the meaning, sounds like (a meaning that was
spelt out says more than a likeness of sound); then what is one slip away; and last of all whatever contradicts a
mark that was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from search.domain.folding import Folded
from search.queries import (
    SHARED,
    UNSCOPED,
    And,
    Fuzzy,
    KeyField,
    Or,
    Pattern,
    Prefix,
    Query,
    Term,
    Tier,
    TierName,
)

SHORTEST_FUZZY = 3
"""Letters a query must have for a slip to be looked for: shorter ones are near to everything."""


def tiers(folded: Sequence[Folded], *, fuzzy: bool = False) -> list[Tier]:
    """All tiers of a query; `fuzzy` adds what is one slip away."""
    found = [*_agreeing(folded, whole=True), *_agreeing(folded, whole=False)]
    if fuzzy:
        letters = dict.fromkeys(one.keys.letter for one in folded if len(one.keys.letter) >= SHORTEST_FUZZY)
        found.append(Tier("fuzzy", Or(tuple(Fuzzy("letter", letter) for letter in letters)), whole=False))
    marked = [one for one in folded if one.marked]
    if marked:
        found.extend(_contradicting(marked, whole=True))
        found.extend(_contradicting(marked, whole=False))
    return found


def _agreeing(folded: Sequence[Folded], *, whole: bool) -> Iterable[Tier]:
    key = Term if whole else Prefix
    yield Tier("exact", _keys(key, "exact", folded, lambda one: one.keys.exact), whole)
    yield Tier("case", _keys(key, "case", folded, lambda one: one.keys.case), whole)
    tone = _keys(key, "tone", folded, lambda one: one.keys.tone)
    letter = _agree("letter", folded, whole=whole)
    unmarked = not any(one.marked for one in folded)
    yield Tier("tone", tone if unmarked else And((tone, letter)), whole)
    yield Tier("letter", letter, whole)
    yield Tier("script", _agree("derived", folded, whole=whole), whole)
    if not whole:
        yield Tier("gloss", _agree("word", folded, whole=True), whole)
    yield Tier("gloss", _agree("gloss", folded, whole=whole), whole)
    sounds = sorted({sound for one in folded for sound in one.keys.sound})
    yield Tier("sound", Or(tuple(key("sound", sound) for sound in sounds)), whole)


def _contradicting(folded: Sequence[Folded], *, whole: bool) -> Iterable[Tier]:
    key = Term if whole else Prefix
    yield Tier("tone", _keys(key, "tone", folded, lambda one: one.keys.tone), whole, True)
    for name, field in _FIELDS:
        yield Tier(name, _keys(key, field, folded, lambda one: one.keys.letter), whole, True)


_FIELDS: tuple[tuple[TierName, KeyField], ...] = (
    ("letter", "letter"),
    ("script", "derived"),
    ("gloss", "gloss"),
)


def _keys(
    make: type[Term] | type[Prefix], field: KeyField, folded: Iterable[Folded], key: Callable[[Folded], str]
) -> Query:
    """The same key made by several foldings is asked for once."""
    scopes: dict[str, frozenset[str]] = {}
    for one in folded:
        mine = UNSCOPED if field in SHARED else one.scopes
        scopes[key(one)] = scopes.get(key(one), frozenset()) | mine
    return _or([make(field, value, owners) for value, owners in scopes.items() if value])


def _agree(field: KeyField, folded: Iterable[Folded], *, whole: bool) -> Query:
    """Forms with the letters of the query and at least its marks."""
    parts: list[Query] = []
    plain: dict[str, frozenset[str]] = {}
    for one in folded:
        letter = one.keys.letter
        if not letter:
            continue
        if one.marked:
            parts.append(Pattern(field, letter, one.keys.marked, one.scopes, whole))
        else:
            plain[letter] = plain.get(letter, frozenset()) | one.scopes
    make = Term if whole else Prefix
    parts.extend(make(field, letter, scopes) for letter, scopes in plain.items())
    return _or(parts)


def _or(parts: Sequence[Query]) -> Query:
    return parts[0] if len(parts) == 1 else Or(tuple(parts))
