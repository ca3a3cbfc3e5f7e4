"""Suggestions while somebody types: headwords, best first, in a few milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from access.domain.viewer import Viewer
from search.documents import FormKind
from search.domain.guard import bounded, clean
from search.domain.lookup import answer, conditions
from search.domain.matching import with_forms
from search.interface import And, SeenBy, TierName


@dataclass(frozen=True)
class Suggestion:
    """A word to offer: what to show, and the first object that it would lead to. `count` objects share the
    word."""

    text: str
    orthography: str
    kind: FormKind
    tier: TierName | None
    type: str
    pk: int
    count: int = 1


def suggest(
    prefix: str,
    *,
    viewer: Viewer,
    languages: Sequence[str] = (),
    orthography: str | None = None,
    lexicon: str | None = None,
    types: Sequence[str] = (),
    limit: int = 8,
) -> tuple[Suggestion, ...]:
    """Distinct words that begin like this, or mean it; parameters and errors as in `lookup`.

    The same word in the same orthography is offered once, however many entries have it.
    """
    asked, limit = clean(prefix), bounded(limit)
    seen = SeenBy(viewer)
    where = And((seen, *conditions(languages, lexicon, types)))
    results, used = answer(asked, orthography, where, limit=3 * limit, fuzzy=False)
    found: dict[tuple[str, str], Suggestion] = {}
    for hit in with_forms(results.hits, used, seen):
        form = hit.form
        if form is None:
            continue
        word = (form.orthography, form.text)
        known = found.get(word)
        count = 1 if known is None else known.count + 1
        first = known or Suggestion(form.text, form.orthography, form.kind, hit.tier, hit.type, hit.pk)
        found[word] = first if count == 1 else Suggestion(*_parts(first), count)
    return tuple(found.values())[:limit]


def _parts(one: Suggestion) -> tuple[str, str, FormKind, TierName | None, str, int]:
    return one.text, one.orthography, one.kind, one.tier, one.type, one.pk
