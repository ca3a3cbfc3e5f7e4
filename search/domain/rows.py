"""The slim look-up rows: one per form of a published object, written in the transaction that publishes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from access.domain.viewer import Viewer
from search.batches import batches
from search.documents import WRITTEN, Document, Form
from search.domain import analysis, audiences
from search.domain.bulk import bulk_insert
from search.models import LookupKey, LookupRow

BATCH = 500
SORT_KEY = 1_000  # bytes; PostgreSQL indexes at most 2,700 bytes
_TOP = 2**63


def replace(documents: Iterable[Document], *, new: bool = False) -> None:
    """Write the rows of these documents in place of those they had. Call it in the publishing transaction.

    `new` says that none of them has rows yet, which spares the deletion. Raises ValueError for a document
    that is in more than one language: rows have one.
    """
    for batch in batches(documents, BATCH):
        if not new:
            for kind in sorted({document.type for document in batch}):
                remove(kind, [document.pk for document in batch if document.type == kind])
        _insert(batch)


def remove(type: str, pks: Sequence[int]) -> None:  # noqa: A002
    """Delete the rows of these objects."""
    for some in batches(pks, BATCH):
        mine = LookupRow.objects.filter(type=type, object_id__in=some)
        _delete(LookupKey.objects.filter(place__in=mine.values("place")))
        _delete(mine)


def place_of(order: int) -> int:
    """An unsigned 64-bit `order` as databases can hold it; keeps the order."""
    return order - _TOP


def order_from(place: int) -> int:
    """The `order` that a stored place stands for."""
    return place + _TOP


def alphabet(
    orthography: str,
    letter: str,
    *,
    viewer: Viewer,
    parent: str | None = None,
    after: tuple[bytes, int] | None = None,
    limit: int = 100,
    kind: str = "headword",
) -> list[dict[str, Any]]:
    """One page of an alphabet: the rows of one first letter in the orthography's order, as `.values()`.

    `kind` gloss gives reversal pages. `after` is (sort_key, place) of the last row of the page before. Each
    row has type, object_id, text, sort_key, place, parent, language.
    """
    rows = _alphabet(orthography, viewer, parent, kind).filter(first_letter=letter)
    if after is not None:
        sort_key, place = after
        rows = rows.filter(Q(sort_key__gt=sort_key) | Q(sort_key=sort_key, place__gt=place))
    page = rows.order_by("sort_key", "place").values(
        "type", "object_id", "text", "sort_key", "place", "parent", "language"
    )
    return [{**row, "sort_key": bytes(row["sort_key"])} for row in page[:limit]]


def letters(
    orthography: str, *, viewer: Viewer, parent: str | None = None, kind: str = "headword"
) -> list[tuple[str, int]]:
    """The first letters that occur, in the orthography's order, each with its number of forms."""
    rows = _alphabet(orthography, viewer, parent, kind).order_by().values_list("first_letter")
    sort_key = analysis.orthography(orthography).sort_key
    return sorted(rows.annotate(number=Count("id")), key=lambda counted: sort_key(counted[0]))


def _alphabet(orthography: str, viewer: Viewer, parent: str | None, kind: str) -> QuerySet[LookupRow]:
    rows = LookupRow.objects.filter(audiences.seen_by(viewer), orthography=orthography, kind=kind)
    return rows if parent is None else rows.filter(parent=parent)


def _insert(documents: Sequence[Document]) -> None:
    audience_ids = audiences.ids_of(document.audience for document in documents)
    rows: list[tuple[Any, ...]] = []
    further: list[tuple[Any, ...]] = []
    for document in documents:
        if len(document.languages) > 1 and document.forms:
            raise ValueError(f"{document.type} {document.pk} has forms, hence one language at most.")
        place = place_of(document.order)
        head = (document.type, document.pk, place, document.version)
        tail = (
            document.languages[0] if document.languages else "",
            document.parent,
            document.locator,
            audience_ids[document.audience],
        )
        extra: set[tuple[Any, ...]] = set()
        for form in document.forms:
            keys = form.keys
            written = form.kind in WRITTEN
            first_letter, sort_key = analysis.place_in_alphabet(form)
            rows.append(
                (
                    *head, form.kind, analysis.group_of(form.kind), keys.scope, form.orthography, *tail,
                    form.text, first_letter, sort_key[:SORT_KEY], *_strict(form),
                    keys.letter.encode(), keys.marked, analysis.profile_hash(form.orthography),
                )
            )  # fmt: skip
            if written:
                extra.update([(place, "sound", "", key.encode(), "") for key in keys.sound])
            extra.update(
                [(place, "word", keys.scope, letter.encode(), marked) for letter, marked in keys.words]
            )
        further.extend(extra)
    bulk_insert(LookupRow, _ROW, rows)
    bulk_insert(LookupKey, _FURTHER, further)


_ROW = (
    "type", "object_id", "place", "version", "kind", "group", "scope", "orthography", "language", "parent",
    "locator", "audience", "text", "first_letter", "sort_key", "exact", "case", "tone", "letter", "marked",
    "profile_hash",
)  # fmt: skip
_FURTHER = ("place", "field", "scope", "key", "marked")


def _strict(form: Form) -> tuple[bytes, bytes, bytes]:
    """The keys of the strict tiers, which written forms alone are found by."""
    if form.kind not in WRITTEN:
        return b"", b"", b""
    return form.keys.exact.encode(), form.keys.case.encode(), form.keys.tone.encode()


def _delete(rows: QuerySet[Any]) -> None:
    """Delete without fetching: nothing hangs on these rows."""
    rows._raw_delete(rows.db)
