"""Search inside one record: which lines of which pages and which cues have the words of a query.

The index says which pages and cues have all the words by their letters; what stands there is then looked at word by
word, by the folding of the language of each page: a mark that was typed must be there, one that was not may be. While
there is no index, or it does not know the newest text of this record yet, the parts of the record are looked through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from access.domain.viewer import Viewer
from library.domain import files, parts
from library.domain.boxes import boxes
from library.domain.inside_documents import CUE, PAGE, TYPES
from library.domain.leaves import first_numbers
from library.domain.spelling import Asked, LineHit, asked_in
from library.models import FilePart, Record, RecordFile
from media_pipeline.domain import texts
from media_pipeline.models import Derivative
from search.batches import batches
from search.domain import engines
from search.domain.analysis import orthography
from search.domain.guard import clean
from search.interface import And, EngineUnavailable, Or, Query, SeenBy, Tag, Tier, Words
from search.models import OutboxRow

MOST: Final = 2000
"""So many pages and cues of one record are looked at for one query; what comes after them is not found."""
_FETCHED: Final = 400

Box = tuple[int, int, int, int]
Mark = tuple[int, int]


@dataclass(frozen=True)
class PageHit:
    """A line of a page that has the words. `leaf` counts over all files, `page` within its file; `marks` are places in
    `text` (code points); `boxes` are (x, y, width, height) in pixels of the tiles, empty where nothing tells them."""

    leaf: int
    file: UUID
    page: int
    line: str
    text: str
    marks: tuple[Mark, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class CueHit:
    """A cue that has the words; times in milliseconds."""

    file: UUID
    start: int
    end: int
    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Inside:
    """What was found, in the order of the pages and of time. `total` counts the lines and cues that this viewer may
    see, of which at most as many as asked for are given; `degraded`: there is no index, or it could not tell all."""

    total: int
    pages: tuple[PageHit, ...]
    cues: tuple[CueHit, ...]
    degraded: bool


def search(record: Record, query: str, viewer: Viewer, limit: int = 100) -> Inside:
    """The lines and cues of a record that have all the words of a query, as far as the viewer may see its files.

    Words are whole words, in any order, on one page or in one cue; of a page those lines are given that have most of
    them. Raises `search.domain.guard.QueryError` for a text that cannot be looked up.
    """
    text = clean(query)
    seen = {file.pk: file for file in files.seen(viewer).filter(record=record)}
    mine = FilePart.objects.filter(file__in=seen)
    tags = mine.order_by().values_list("language", flat=True).distinct()
    asked = {tag: asked_in(tag, text) for tag in tags}
    if not any(each.words for each in asked.values()):
        return Inside(0, (), (), False)
    found, degraded = _candidates(record, mine, asked.values(), viewer)
    place = {pk: at for at, pk in enumerate(seen)}
    hits: list[tuple[FilePart, LineHit]] = []
    for part in sorted(found, key=lambda part: (place[part.file_id], part.kind != PAGE, part.number)):
        hits.extend((part, line) for line in asked[part.language].lines(parts.keys_of(part)))
    shown = hits[: max(limit, 0)]
    return Inside(
        total=len(hits),
        pages=tuple(_page_hits(record, seen, [each for each in shown if each[0].kind == PAGE])),
        cues=tuple(_cue_hit(seen, part, line) for part, line in shown if part.kind == CUE),
        degraded=degraded,
    )


def _candidates(
    record: Record, mine: QuerySet[FilePart], asked: Iterable[Asked], viewer: Viewer
) -> tuple[list[FilePart], bool]:
    """The parts that may have the words, and whether the answer is not that of the index."""
    columns = mine.only("file", "kind", "number", "start", "end", "language", "text", "keys", "profile")
    if not _behind(mine):
        letters = dict.fromkeys(each.letters for each in asked if each.letters)
        words: Query = Or(tuple(Words("text", each) for each in letters))
        types = Or(tuple(Tag("type", kind) for kind in TYPES))
        where = And((SeenBy(viewer), Tag("parent", record.ark), types))
        try:
            results = engines.index().lookup([Tier("exact", words)], where, limit=MOST)
        except EngineUnavailable:
            pass
        else:
            pks = [hit.pk for hit in results.hits]
            found = [part for some in batches(pks, _FETCHED) for part in columns.filter(pk__in=some)]
            return found, results.total > len(pks)
        return _scanned(columns), True
    return _scanned(columns), False


def _scanned(columns: QuerySet[FilePart]) -> list[FilePart]:
    return list(columns.order_by("file__order", "file", "kind", "number")[:MOST])


def _behind(mine: QuerySet[FilePart]) -> bool:
    """Whether changes of these parts wait to be indexed."""
    waiting = OutboxRow.objects.filter(applied_at=None, type__in=TYPES)
    return waiting.filter(object_id__in=mine.order_by().values("pk")).exists()


def _page_hits(
    record: Record, seen: Mapping[int, RecordFile], hits: Sequence[tuple[FilePart, LineHit]]
) -> Iterator[PageHit]:
    if not hits:
        return
    names = {(seen[part.file_id].asset_id or 0, part.number) for part, _line in hits}
    pages = texts.chosen(names)
    sizes = {
        (row.asset_id, row.page or 1): (row.width or 0, row.height or 0)
        for row in Derivative.objects.filter(
            asset__in={asset for asset, _page in names}, role="tile-set"
        ).only("asset_id", "page", "width", "height")
        if (row.asset_id, row.page or 1) in names
    }
    first = first_numbers(record)
    for part, hit in hits:
        file = seen[part.file_id]
        name = (file.asset_id or 0, part.number)
        text = part.text.split("\n")[hit.number]
        marks = _marks(part.language, text, hit.words)
        page = pages.get(name)
        # The page may have been read anew since the parts were fetched.
        line = page.lines[hit.number] if page and hit.number < len(page.lines) else None
        placed: tuple[Box, ...] = ()
        if page is not None and line is not None and line.text.replace("\n", " ") == text:
            placed = boxes(line, marks, orthography(part.language), page, sizes.get(name, (0, 0)))
        yield PageHit(
            leaf=first.get(file.pk, 1) + part.number - 1,
            file=file.uuid,
            page=part.number,
            line=line.id if line is not None else "",
            text=text,
            marks=marks,
            boxes=placed,
        )


def _cue_hit(seen: Mapping[int, RecordFile], part: FilePart, hit: LineHit) -> CueHit:
    marks = _marks(part.language, part.text, hit.words)
    return CueHit(seen[part.file_id].uuid, part.start, part.end, part.text, marks)


def _marks(tag: str, text: str, words: Sequence[int]) -> tuple[Mark, ...]:
    """Where the words of these numbers stand in a line."""
    tokens = orthography(tag).tokens(text)
    return tuple((tokens[at].start, tokens[at].end) for at in words if at < len(tokens))
