"""Made-up documents and queries over few letters, so that keys meet often; and what must be found, by brute
force."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from hypothesis import strategies as st

from access.domain.viewer import Viewer
from search.documents import WRITTEN
from search.interface import (
    All,
    And,
    Document,
    Form,
    Hit,
    Keys,
    Not,
    Or,
    Pattern,
    Prefix,
    Query,
    Range,
    SeenBy,
    Tag,
    Term,
    Tier,
    order_of,
)

MARKS = "\U000f0300\U000f0301"
SCOPES = ("one", "two")
LANGUAGES = ("xaa", "xbb")
PARENTS = ("lexicon:1", "lexicon:2")
PUBLIC = Viewer(None, frozenset({1, 2}), frozenset({3}), False, date(2030, 1, 1))
EVERYBODY = Viewer(1, frozenset({1, 2, 3}), frozenset(), True, date(2030, 1, 1))
CLOSED_UNTIL = date(2031, 1, 1).toordinal()


@st.composite
def keys(draw: st.DrawFn) -> Keys:
    """Keys as an orthography would make them: each tier a function of the one before, marks after their
    letters."""
    units = draw(
        st.lists(st.tuples(st.sampled_from("abAB"), st.sets(st.sampled_from(MARKS))), min_size=1, max_size=11)
    )
    return keys_of(units, draw(st.sampled_from(SCOPES)))


def keys_of(units: Sequence[tuple[str, Iterable[str]]], scope: str) -> Keys:
    """The first of `MARKS` is a tone, which the tone tier loses."""
    exact = "".join(letter + "".join(sorted(marks)) for letter, marks in units)
    case = exact.lower()
    tone = case.replace(MARKS[0], "")
    letter = tone.replace(MARKS[1], "")
    return Keys(exact, case, tone, letter, case, frozenset({letter[:2]}), scope)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    kind = draw(st.sampled_from(("headword", "headword", "variant", "derived", "gloss")))
    found = draw(keys())
    if kind == "gloss" and draw(st.booleans()):
        found = found._replace(words=frozenset({(found.letter, found.marked), ("ab", "a" + MARKS[0] + "b")}))
    return Form(kind, "zxx-Latn", found.exact, found)


@st.composite
def documents(draw: st.DrawFn, max_size: int = 14) -> list[Document]:
    number = draw(st.integers(1, max_size))
    return [draw(document(pk)) for pk in range(1, number + 1)]


@st.composite
def document(draw: st.DrawFn, pk: int) -> Document:
    kind = draw(st.sampled_from(("word", "note")))
    return Document(
        type=kind,
        pk=pk,
        version=draw(st.integers(1, 9)),
        order=order_of(draw(st.sampled_from((0, 1, 2**24 - 1))), pk),
        forms=tuple(draw(st.lists(forms(), min_size=1, max_size=3))),
        languages=(draw(st.sampled_from(LANGUAGES)),),
        parent=draw(st.sampled_from(PARENTS)),
        protocols=tuple(draw(st.sampled_from(((), (1,), (1, 2), (3,), (2, 3), (9,))))),
        embargo=draw(st.sampled_from((0, 0, 5, CLOSED_UNTIL))),
    )


@st.composite
def tiers(draw: st.DrawFn) -> list[Tier]:
    """Tiers as a look-up builds them, of one or two foldings of a query."""
    folded = draw(st.lists(keys(), min_size=1, max_size=2))
    found: list[Tier] = []
    for whole in (True, False):
        key = Term if whole else Prefix
        for name in ("exact", "case"):
            found.append(
                Tier(
                    name,
                    Or(tuple(key(name, getattr(one, name)) for one in folded)),
                    whole,
                )
            )
        patterns = {
            field: Or(
                tuple(Pattern(field, one.letter, one.marked, frozenset({one.scope}), whole) for one in folded)
            )
            for field in ("letter", "derived", "gloss")
        }
        tone = Or(tuple(key("tone", one.tone, frozenset({one.scope})) for one in folded))
        found.append(Tier("tone", And((tone, patterns["letter"])), whole))
        found.append(Tier("letter", patterns["letter"], whole))
        found.append(Tier("script", patterns["derived"], whole))
        sounds = sorted({sound for one in folded for sound in one.sound})
        found.append(Tier("sound", Or(tuple(key("sound", sound) for sound in sounds)), whole))
        found.append(Tier("gloss", patterns["gloss"], whole))
    words = Or(tuple(Pattern("word", one.letter, one.marked, frozenset({one.scope})) for one in folded))
    found.append(Tier("gloss", words, False))
    found.append(
        Tier(
            "letter",
            Or(tuple(Prefix("letter", one.letter, frozenset({one.scope})) for one in folded)),
            False,
            True,
        )
    )
    return found


def expression(query: str, whole: bool) -> str:
    """The marks typed must be there, others may; as `Orthography.pattern` does."""
    anything = f"[{MARKS}]*"
    parts = [f"{anything}{re.escape(char)}{anything}" if char in MARKS else char + anything for char in query]
    return "".join(parts) + ("" if whole else ".*")


@st.composite
def conditions(draw: st.DrawFn) -> Query:
    parts: list[Query] = [SeenBy(draw(st.sampled_from((PUBLIC, EVERYBODY))))]
    if draw(st.booleans()):
        parts.append(Tag("language", draw(st.sampled_from(LANGUAGES))))
    if draw(st.booleans()):
        parts.append(Or((Tag("parent", PARENTS[0]), Not(Tag("type", "note")))))
    if draw(st.booleans()):
        parts.append(Range("order", order_of(1, 0), None))
    return And(tuple(parts))


# --- brute force ---


def holds(node: Query, document: Document) -> bool:
    """Whether a node holds of a document, read off the definitions."""
    if isinstance(node, And):
        return all(holds(part, document) for part in node.parts)
    if isinstance(node, Or):
        return any(holds(part, document) for part in node.parts)
    if isinstance(node, Not):
        return not holds(node.part, document)
    if isinstance(node, All):
        return True
    if isinstance(node, SeenBy):
        embargo = date.fromordinal(document.embargo) if document.embargo else None
        return node.viewer.permits(document.protocols, embargo)
    if isinstance(node, Tag):
        return (document.parent if node.name == "parent" else document.type) == node.value or (
            node.name == "language" and node.value in document.languages
        )
    if isinstance(node, Range):
        value = getattr(document, node.field)
        return (node.low is None or value >= node.low) and (node.high is None or value <= node.high)
    assert isinstance(node, Term | Prefix | Pattern)
    return any(_leaf(node, key, scope, marked) for key, scope, marked in _found_by(node.field, document))


def _leaf(node: Term | Prefix | Pattern, key: str, scope: str, marked: str) -> bool:
    if not node.value or scope not in node.scopes:
        return False
    if isinstance(node, Term):
        return key == node.value
    if isinstance(node, Prefix):
        return key.startswith(node.value)
    fits = key == node.value if node.whole else key.startswith(node.value)
    return fits and re.fullmatch(expression(node.marked, node.whole), marked) is not None


def _found_by(field: str, document: Document) -> Iterable[tuple[str, str, str]]:
    for form in document.forms:
        one = form.keys
        if field == "word":
            yield from ((letter, one.scope, marked) for letter, marked in one.words)
        elif field == "sound":
            if form.kind in WRITTEN:
                yield from ((sound, "", "") for sound in one.sound)
        elif field in {"derived", "gloss"}:
            if form.kind == field:
                yield one.letter, one.scope, one.marked
        elif form.kind in WRITTEN:
            yield getattr(one, field), one.scope if field not in {"exact", "case"} else "", one.marked


def expected(documents: Iterable[Document], tiers: Sequence[Tier], where: Query) -> list[Hit]:
    """All hits, in order."""
    left = sorted((one for one in documents if holds(where, one)), key=lambda one: one.order)
    hits: list[Hit] = []
    for tier in tiers:
        now = [one for one in left if holds(tier.query, one)]
        hits.extend(Hit(one.type, one.pk, one.order, tier.name, tier.whole, tier.contradicts) for one in now)
        left = [one for one in left if one not in now]
    return hits
