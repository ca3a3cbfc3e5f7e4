"""Look words up for people: what search finds, grouped by language, with what a list of results shows.

The one look-up behind the page, the API and the command. Whatever the number of hits, the database is asked as often:
what search needs, then the entries (through the gate once more, since an index may lag behind), then their forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from access.domain.gate import visible
from access.domain.viewer import Viewer
from dictionary.domain import documents, naming, prepared
from dictionary.domain.derived import orthography, words_of_gloss
from dictionary.domain.presentation import Word, readers, slug, word
from dictionary.models import Entry
from search.domain.lookup import lookup
from search.interface import Hit, TierName
from search.models import LookupRow

# A list shows the beginning of a long gloss.
_GLOSSES_SHOWN = 6


@dataclass(frozen=True)
class Found:
    """One hit as a list shows it. `words` are its other writings and one that is derived; `glosses` are in
    `gloss_language`."""

    id: UUID
    slug: str
    language: str
    lexicon: str
    lexicon_title: str
    headword: Word
    words: tuple[Word, ...]
    glosses: tuple[str, ...]
    gloss_language: str
    tier: TierName | None
    whole: bool
    contradicts: bool
    matched: Word | None


@dataclass(frozen=True)
class Group:
    """The hits of one language, best first."""

    language: str
    name: str
    hits: tuple[Found, ...]


@dataclass(frozen=True)
class Lookup:
    """The answer to one query. `suggestions` are words near it when little was found."""

    query: str
    hits: tuple[Found, ...]
    total: int
    cursor: str
    degraded: bool
    suggestions: tuple[str, ...]

    def groups(self, reader: str, *, contradicting: bool = False) -> tuple[Group, ...]:
        """The hits by language that agree with the marks typed, or those that contradict them; the language of the best
        hit comes first. Kept apart, no word with other marks stands above one of another language that agrees."""
        by_language: dict[str, list[Found]] = {}
        for hit in self.hits:
            if hit.contradicts == contradicting:
                by_language.setdefault(hit.language, []).append(hit)
        return tuple(
            Group(code, naming.language_name(code, reader), tuple(hits)) for code, hits in by_language.items()
        )


def look_up(
    text: str,
    *,
    viewer: Viewer,
    reader: str,
    language: str = "",
    lexicon: str = "",
    limit: int = 20,
    cursor: str = "",
) -> Lookup:
    """Entries for a text in any script, best first, as far as the viewer may see them.

    `language` (a code) and `lexicon` (a slug) restrict the search. Raises `search.domain.guard.QueryError` for a text
    or cursor that cannot be looked up.
    """
    results = lookup(
        text,
        viewer=viewer,
        languages=(language,) if language else (),
        lexicon=lexicon or None,
        types=(documents.TYPE,),
        limit=limit,
        cursor=cursor,
    )
    return Lookup(
        query=text,
        hits=present(results.hits, viewer=viewer, reader=reader),
        total=results.total,
        cursor=results.cursor,
        degraded=results.degraded,
        suggestions=results.suggestions,
    )


def present(hits: Sequence[Hit], *, viewer: Viewer, reader: str) -> tuple[Found, ...]:
    """Hits with what a list shows, in their order; what was closed or deleted since it was indexed is left out."""
    pks = [hit.pk for hit in hits if hit.type == documents.TYPE]
    if not pks:
        return ()
    entries = {row[0]: dict(zip(_ENTRY, row, strict=True)) for row in prepared.rows(_entries, pks, viewer)}
    forms: dict[int, list[dict[str, Any]]] = {}
    for row in prepared.rows(_forms, pks):
        forms.setdefault(row[0], []).append(dict(zip(_FORM, row, strict=True)))
    return tuple(
        _found(hit, entries[hit.pk], forms.get(hit.pk, ()), reader) for hit in hits if hit.pk in entries
    )


_ENTRY = ("pk", "uuid", "headword", "lexicon__slug", "lexicon__title", "lexicon__orthography")
_FORM = ("object_id", "kind", "orthography", "text")


def _entries(pks: Sequence[int], viewer: Viewer) -> QuerySet[Entry, tuple[Any, ...]]:
    return visible(Entry.objects.filter(pk__in=pks), viewer).order_by().values_list(*_ENTRY)


def _forms(pks: Sequence[int], _given: None) -> QuerySet[LookupRow, tuple[Any, ...]]:
    rows = LookupRow.objects.filter(type=documents.TYPE, object_id__in=pks)
    return rows.order_by("id").values_list(*_FORM)


def _found(hit: Hit, entry: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], reader: str) -> Found:
    main = entry["lexicon__orthography"]
    rows = list(rows)
    written = [row for row in rows if row["kind"] in ("headword", "variant")]
    sources = list(dict.fromkeys(row["orthography"] for row in written))
    gloss_language, glosses = _glosses([row for row in rows if row["kind"] == "gloss"], reader)
    derived = [row for row in rows if row["kind"] == "derived"][:1]
    others = [row for row in written if row["kind"] == "headword" and row["text"] != entry["headword"]]
    head = next((row["orthography"] for row in written if row["text"] == entry["headword"]), main)
    return Found(
        id=_uuid(entry["uuid"]),
        slug=slug(entry["headword"]),
        language=orthography(main).language,
        lexicon=entry["lexicon__slug"],
        lexicon_title=entry["lexicon__title"],
        headword=word(head, entry["headword"], reader),
        words=tuple(
            word(row["orthography"], row["text"], reader, derived=row["kind"] == "derived", sources=sources)
            for row in (*others, *derived)
        ),
        glosses=glosses,
        gloss_language=gloss_language,
        tier=hit.tier,
        whole=hit.whole,
        contradicts=hit.contradicts,
        matched=_matched(hit, entry["headword"], sources, reader),
    )


def _uuid(value: UUID | str) -> UUID:
    """SQLite keeps a UUID as text."""
    return value if isinstance(value, UUID) else UUID(value)


def _matched(hit: Hit, headword: str, sources: Sequence[str], reader: str) -> Word | None:
    """The form that was found, when it is a word other than the headword itself."""
    form = hit.form
    if form is None or form.kind == "gloss" or form.text == headword:
        return None
    return word(form.orthography, form.text, reader, derived=form.kind == "derived", sources=sources)


def _glosses(rows: Sequence[Mapping[str, Any]], reader: str) -> tuple[str, tuple[str, ...]]:
    """The glosses in the first language that the reader may know; the words of a gloss stand there once."""
    by_language: dict[str, list[str]] = {}
    for row in rows:
        by_language.setdefault(orthography(row["orthography"]).language, []).append(row["text"])
    for code in (*readers(reader), *by_language):
        if code in by_language:
            texts = by_language[code]
            parts = {part for text in texts for part in words_of_gloss(text) if part != text}
            return code, tuple([text for text in texts if text not in parts][:_GLOSSES_SHOWN])
    return "", ()
