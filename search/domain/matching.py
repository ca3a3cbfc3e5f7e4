"""By which form was a document found? Read off its look-up rows, for a page of hits at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict

from search.documents import WRITTEN, FormKind
from search.domain import analysis, rows
from search.domain.audiences import seen_by
from search.marks import agree
from search.models import LookupRow
from search.queries import SHARED, And, Or, Pattern, Prefix, Query, SeenBy, Term, Tier
from search.results import Hit, MatchedForm


class Row(TypedDict):
    """What of a look-up row tells by which form a document was found."""

    place: int
    kind: FormKind
    group: str
    scope: str
    orthography: str
    locator: str
    text: str
    exact: bytes
    case: bytes
    tone: bytes
    letter: bytes
    marked: str


_COLUMNS = (
    "place", "kind", "group", "scope", "orthography", "locator", "text", "exact", "case", "tone", "letter", "marked",
)  # fmt: skip
_KINDS: dict[str, int] = {"headword": 0, "variant": 1, "derived": 2, "gloss": 3}


def with_forms(hits: Sequence[Hit], tiers: Sequence[Tier], seen: SeenBy) -> tuple[Hit, ...]:
    """The hits with the form that each was found by, and where in its parent it stands. One query for all.

    A hit whose rows are gone, or no longer for this viewer, is left out: rows change in the transaction that
    changes the object, the index a moment later.
    """
    found: dict[int, list[Row]] = {}
    mine = LookupRow.objects.filter(
        seen_by(seen.viewer), place__in=[rows.place_of(hit.order) for hit in hits]
    )
    for row in mine.order_by("id").values(*_COLUMNS):
        found.setdefault(row["place"], []).append(row)  # type: ignore[arg-type]
    by_meaning = {(tier.name, tier.whole, tier.contradicts): [] for tier in tiers}  # type: ignore[var-annotated]
    for tier in tiers:
        by_meaning[tier.name, tier.whole, tier.contradicts].append(tier.query)
    result: list[Hit] = []
    for hit in hits:
        forms = found.get(rows.place_of(hit.order))
        if forms:
            asked = Or(tuple(by_meaning.get((hit.tier, hit.whole, hit.contradicts), ())))  # type: ignore[arg-type]
            form = matched(asked, forms)
            result.append(
                Hit(
                    hit.type, hit.pk, hit.order, hit.tier, hit.whole, hit.contradicts, hit.score, form["locator"],
                    MatchedForm(form["kind"], form["orthography"], form["text"]),
                )
            )  # fmt: skip
    return tuple(result)


def matched(query: Query, forms: Iterable[Row]) -> Row:
    """The form for which the query holds: headwords first, else the first headword (sounds, slips)."""
    ordered = sorted(forms, key=lambda row: _KINDS.get(row["kind"], 9))
    return next((row for row in ordered if _holds(query, row)), ordered[0])


def _holds(node: Query, row: Row) -> bool:
    if isinstance(node, Or):
        return any(_holds(part, row) for part in node.parts)
    if isinstance(node, And):
        return all(_holds(part, row) for part in node.parts)
    if not isinstance(node, Term | Prefix | Pattern) or not node.value:
        return False
    if node.field == "word":
        return row["kind"] == "gloss" and isinstance(node, Term | Pattern) and _has_word(node, row)
    if node.field == "derived" or node.field == "gloss":
        if row["group"] != node.field:
            return False
        key = row["letter"]
    elif node.field == "sound" or row["kind"] not in WRITTEN:
        return False
    else:
        key = bytes(row[node.field])
    if node.field not in SHARED and row["scope"] not in node.scopes:
        return False
    return _fits(node, bytes(key).decode(), row["marked"])


def _fits(node: Term | Prefix | Pattern, key: str, marked: str) -> bool:
    if isinstance(node, Term):
        return key == node.value
    if isinstance(node, Prefix):
        return key.startswith(node.value)
    return agree(node.marked, marked, whole=node.whole)


def _has_word(node: Term | Pattern, row: Row) -> bool:
    keys = analysis.keys(row["orthography"], row["text"], words=True)
    return keys.scope in node.scopes and any(_fits(node, letter, marked) for letter, marked in keys.words)
