"""Walk through a dictionary in the order of an alphabet: letter by letter, page by page, word by word.

Everything is read from search's slim rows, in the order of the orthography's own sort keys; pages are found by the
key of the last row (keyset), so that the last page costs as much as the first.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from access.domain.gate import visible
from access.domain.viewer import Viewer
from dictionary.domain import documents, naming
from dictionary.domain.derived import orthography
from dictionary.domain.presentation import Word, slug, word
from dictionary.models import Entry, Lexicon
from search.domain.audiences import seen_by
from search.domain.rows import order_from, place_of
from search.models import LookupRow

PAGE = 60


class PlaceError(ValueError):
    """A page was asked for by a mark that is none of ours."""


@dataclass(frozen=True)
class Item:
    """A word in a list. On a page of words `text` is the headword; on a reversed page the gloss."""

    id: UUID
    slug: str
    text: str
    headword: Word
    gloss: str
    language_name: str


@dataclass(frozen=True)
class Page:
    """Some items; `after` asks for the next page and is empty on the last one."""

    items: tuple[Item, ...]
    after: str


@dataclass(frozen=True)
class Letter:
    """A letter of an alphabet page and how many words begin with it."""

    text: str
    count: int


@dataclass(frozen=True)
class Neighbour:
    """The word before or after another one."""

    id: UUID
    slug: str
    headword: Word


def letters(tag: str, language: str, *, viewer: Viewer, glosses: bool = False) -> tuple[Letter, ...]:
    """The letters of an orthography's alphabet pages, in its order, with those in use that the profile lacks.

    `glosses` counts the glosses of a language in that orthography instead of its headwords.
    """
    writing = orthography(tag)
    rows = _rows(tag, language, viewer, glosses=glosses).exclude(first_letter="").order_by()
    counted = rows.values_list("first_letter").annotate(number=Count("id"))
    used = dict(sorted(counted, key=lambda row: writing.sort_key(row[0])))
    declared = [letter for letter in writing.index if letter in used or not glosses]
    return tuple(Letter(text, used.get(text, 0)) for text in dict.fromkeys((*declared, *used)))


def page(
    tag: str,
    language: str,
    letter: str,
    *,
    viewer: Viewer,
    reader: str,
    glosses: bool = False,
    after: str = "",
    limit: int = PAGE,
) -> Page:
    """One page of the words (or glosses) that begin with a letter. Raises `PlaceError` for a broken `after`."""
    rows = _rows(tag, language, viewer, glosses=glosses).filter(first_letter=letter)
    if after:
        sort_key, place = _read_mark(after)
        rows = rows.filter(Q(sort_key__gt=sort_key) | Q(sort_key=sort_key, place__gt=place))
    found = list(
        rows.order_by("sort_key", "place").values("object_id", "text", "sort_key", "place")[: limit + 1]
    )
    shown = found[:limit]
    entries = _entries((row["object_id"] for row in shown), viewer)
    items = [
        _item(row, entries[row["object_id"]], tag, reader, glosses)
        for row in shown
        if row["object_id"] in entries
    ]
    more = len(found) > limit
    return Page(tuple(items), _mark(shown[-1]["sort_key"], shown[-1]["place"]) if more else "")


def neighbours(entry: Entry, *, viewer: Viewer, reader: str) -> tuple[Neighbour | None, Neighbour | None]:
    """The words before and after an entry in the order of its main orthography, across all lexicons of the language."""
    main = orthography(entry.lexicon.orthography)
    own = LookupRow.objects.filter(
        type=documents.TYPE, object_id=entry.pk, kind="headword", orthography=main.tag
    )
    here = own.order_by("id").values("sort_key", "place").first()
    if here is None:
        return None, None
    rows = _rows(main.tag, main.language, viewer).exclude(object_id=entry.pk)
    key, place = here["sort_key"], here["place"]
    before = (
        rows.filter(Q(sort_key__lt=key) | Q(sort_key=key, place__lt=place))
        .order_by("-sort_key", "-place")
        .values("object_id", "text")
        .first()
    )
    after = (
        rows.filter(Q(sort_key__gt=key) | Q(sort_key=key, place__gt=place))
        .order_by("sort_key", "place")
        .values("object_id", "text")
        .first()
    )
    entries = _entries((row["object_id"] for row in (before, after) if row), viewer)

    def neighbour(row: Mapping[str, Any] | None) -> Neighbour | None:
        found = entries.get(row["object_id"]) if row else None
        if row is None or found is None:
            return None
        return Neighbour(found["uuid"], slug(found["headword"]), word(main.tag, row["text"], reader))

    return neighbour(before), neighbour(after)


def examples(lexicons: Iterable[Lexicon], *, viewer: Viewer, each: int, day: int) -> list[int]:
    """The ids of a few short words of every lexicon, others every day. One query a lexicon: keep the answer."""
    shown: list[int] = []
    for lexicon in lexicons:
        candidates = visible(Entry.objects.filter(lexicon=lexicon), viewer).exclude(gloss="")
        rows = list(candidates.order_by("pk").values("pk", "headword", "gloss")[:200])
        short = [row for row in rows if len(row["headword"]) <= 8 and len(row["gloss"]) <= 24] or rows
        step = max(len(short) // each, 1)
        for index in range(min(each, len(short))):
            shown.append(short[(day + index * step) % len(short)]["pk"])
    return shown


def items(pks: Sequence[int], *, viewer: Viewer, reader: str) -> tuple[Item, ...]:
    """These entries as items, in this order, as far as the viewer may see them."""
    entries = _entries(pks, viewer)
    return tuple(
        _item({"text": row["headword"]}, row, row["lexicon__orthography"], reader, glosses=False)
        for pk in pks
        if (row := entries.get(pk))
    )


def _rows(tag: str, language: str, viewer: Viewer, *, glosses: bool = False) -> QuerySet[LookupRow]:
    """The rows of a language's words in one orthography, or of its glosses in the orthography of another language."""
    kind = "gloss" if glosses else "headword"
    return LookupRow.objects.filter(
        seen_by(viewer), type=documents.TYPE, orthography=tag, kind=kind, language=language
    )


_ENTRY = ("uuid", "headword", "gloss", "lexicon__orthography")


def _entries(pks: Iterable[int], viewer: Viewer) -> dict[int, dict[str, Any]]:
    found = visible(Entry.objects.filter(pk__in=list(pks)), viewer).values("pk", *_ENTRY)
    return {row["pk"]: row for row in found}


def _item(row: Mapping[str, Any], entry: Mapping[str, Any], tag: str, reader: str, glosses: bool) -> Item:
    main = entry["lexicon__orthography"]
    return Item(
        id=entry["uuid"],
        slug=slug(entry["headword"]),
        text=row["text"],
        headword=word(main, entry["headword"], reader) if glosses else word(tag, row["text"], reader),
        gloss=entry["gloss"],
        language_name=naming.language_name(main, reader),
    )


def _mark(sort_key: bytes | memoryview, place: int) -> str:
    data = order_from(place).to_bytes(8, "big") + bytes(sort_key)
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _read_mark(mark: str) -> tuple[bytes, int]:
    try:
        data = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4))
    except (binascii.Error, ValueError) as error:
        raise PlaceError(mark) from error
    if len(data) < 8:
        raise PlaceError(mark)
    return data[8:], place_of(int.from_bytes(data[:8], "big"))
