"""Search inside one record: which lines of which pages and which cues have the words of a query.

The index says which pages and cues have all the words by their letters; what stands there is then looked at word by
word, by the folding of the language of each page: a mark that was typed must be there, one that was not may be. While
there is no index, or it does not know the newest text of this record yet, the parts of the record are looked through.
So they are where a script without blanks has none of the words: they are then found as mere letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from access.domain.viewer import Viewer
from library.domain import files, parts
from library.domain.boxes import boxes, line_id
from library.domain.inside_documents import CUE, PAGE, TYPES
from library.domain.leaves import first_numbers
from library.domain.spelling import Asked, Letters, asked_in, letters_in
from library.models import FilePart, Record, RecordFile
from media_pipeline.models import Derivative
from search.batches import batches
from search.domain import engines
from search.domain.analysis import orthography, profile_hash
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
    `text` (code points); `boxes` are (x, y, width, height) in pixels of the tiles, empty where nothing tells them;
    `language` is the tag of the page, or ""."""

    leaf: int
    file: UUID
    page: int
    line: str
    text: str
    marks: tuple[Mark, ...]
    boxes: tuple[Box, ...]
    language: str


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


def search(
    record: Record, query: str, viewer: Viewer, limit: int = 100, *, only: RecordFile | None = None
) -> Inside:
    """The lines and cues of a record that have all the words of a query, as far as the viewer may see its files.

    Words are whole words, in any order, on one page or in one cue; of a page those lines are given that have most of
    them. In scripts without blanks, where no such word is found, its letters are looked for within words. `only`
    narrows to one file of the record. Raises `search.domain.guard.QueryError` for a text that cannot be looked up.
    """
    text = clean(query)
    seen = {file.pk: file for file in files.seen(viewer).filter(record=record)}
    if only is not None:
        seen = {pk: file for pk, file in seen.items() if pk == only.pk}
    mine = FilePart.objects.filter(file__in=seen)
    tags = mine.order_by().values_list("language", flat=True).distinct()
    asked = {tag: asked_in(tag, text) for tag in tags}
    if not any(each.words for each in asked.values()):
        return Inside(0, (), (), False)
    found, degraded = _candidates(record, mine, asked.values(), viewer, only)
    place = {pk: at for at, pk in enumerate(seen)}
    total, hits = _lines(found, place, asked, limit)
    run_on = {} if total else {tag: letters_in(tag, text) for tag in asked if orthography(tag).runs_on}
    if run_on:
        total, hits = _lines(_scanned(mine.filter(language__in=run_on)), place, run_on, limit)
    return Inside(
        total=total,
        pages=tuple(_page_hits(record, seen, [hit for hit in hits if hit.part.kind == PAGE])),
        cues=tuple(_cue_hit(seen, hit) for hit in hits if hit.part.kind == CUE),
        degraded=degraded,
    )


class _Hit(NamedTuple):
    """A line of a part that has the words."""

    part: FilePart
    line: int
    asked: Asked | Letters

    def of(self, text: str) -> str:
        """The line in a text of the part; "" where it has become shorter since it was searched."""
        lines = text.split("\n")
        return lines[self.line] if self.line < len(lines) else ""

    def marks(self) -> tuple[Mark, ...]:
        """Where the words stand in the line."""
        keys = self.of(parts.keys_of(self.part))
        return self.asked.marks(self.part.language, self.of(self.part.text), keys)


class _Part(NamedTuple):
    """What of a part tells whether it has the words."""

    pk: int
    file: int
    kind: str
    number: int
    language: str
    profile: str
    keys: str


def _lines(
    found: Iterable[_Part], place: Mapping[int, int], asked: Mapping[str, Asked | Letters], limit: int
) -> tuple[int, list[_Hit]]:
    """How many lines of these parts have what is asked for, and the first of them. `place` is that of each file."""
    total = 0
    shown: list[tuple[_Part, int]] = []
    for part in sorted(found, key=lambda part: (place[part.file], part.kind != PAGE, part.number)):
        lines = asked[part.language].lines(part.keys)
        shown.extend((part, line) for line in lines[: max(limit - total, 0)])
        total += len(lines)
    rows = FilePart.objects.in_bulk({part.pk for part, _line in shown})
    return total, [_Hit(rows[part.pk], line, asked[part.language]) for part, line in shown if part.pk in rows]


def _candidates(
    record: Record,
    mine: QuerySet[FilePart],
    asked: Iterable[Asked],
    viewer: Viewer,
    only: RecordFile | None,
) -> tuple[list[_Part], bool]:
    """The parts that may have the words, and whether the answer is not that of the index."""
    if _behind(mine):
        return _scanned(mine), False
    letters = dict.fromkeys(each.letters for each in asked if each.letters)
    words: Query = Or(tuple(Words("text", each) for each in letters))
    types = Or(tuple(Tag("type", kind) for kind in TYPES))
    inside = Tag("parent", record.ark) if only is None else Tag("file", str(only.pk))
    where = And((SeenBy(viewer), inside, types))
    try:
        results = engines.index().lookup([Tier("exact", words)], where, limit=MOST)
    except EngineUnavailable:
        return _scanned(mine), True
    pks = [hit.pk for hit in results.hits]
    if len(pks) == MOST or len(pks) > _FETCHED:
        there, every = set(pks), _scanned(mine)
        if len(every) < MOST:
            return [part for part in every if part.pk in there], results.total > len(pks)
    found = [part for some in batches(pks, _FETCHED) for part in _rows(mine.filter(pk__in=some).order_by())]
    return found, results.total > len(pks)


def _scanned(mine: QuerySet[FilePart]) -> list[_Part]:
    return _rows(mine.order_by("file__order", "file", "kind", "number")[:MOST])


def _rows(found: QuerySet[FilePart]) -> list[_Part]:
    rows = [_Part(*row) for row in found.values_list(*_Part._fields)]
    if all(row.profile == profile_hash(row.language) for row in rows):
        return rows
    written = {part.pk: part for part in FilePart.objects.filter(pk__in=[row.pk for row in rows])}
    return [row._replace(keys=parts.keys_of(written[row.pk])) for row in rows if row.pk in written]


def _behind(mine: QuerySet[FilePart]) -> bool:
    """Whether changes of these parts wait to be indexed."""
    waiting = OutboxRow.objects.filter(applied_at=None, type__in=TYPES)
    return waiting.exists() and waiting.filter(object_id__in=mine.order_by().values("pk")).exists()


def _page_hits(record: Record, seen: Mapping[int, RecordFile], hits: Sequence[_Hit]) -> Iterator[PageHit]:
    if not hits:
        return
    names = {(seen[hit.part.file_id].asset_id or 0, hit.part.number) for hit in hits}
    tiles = Derivative.objects.filter(asset__in={asset for asset, _page in names}, role="tile-set")
    if len(names) < _FETCHED:
        tiles = tiles.filter(Q(page__in={page for _asset, page in names}) | Q(page=None))
    sizes = {
        (asset, page or 1): (width or 0, height or 0)
        for asset, page, width, height in tiles.values_list("asset", "page", "width", "height")
    }
    first = first_numbers(record)
    for hit in hits:
        part, file = hit.part, seen[hit.part.file_id]
        text, places, marks = hit.of(part.text), hit.of(part.places), hit.marks()
        size = sizes.get((file.asset_id or 0, part.number), (0, 0))
        scale = (
            size[0] / part.width if size[0] and part.width else 1.0,
            size[1] / part.height if size[1] and part.height else 1.0,
        )
        cut = orthography(part.language).direction == "ltr"
        yield PageHit(
            leaf=first.get(file.pk, 1) + part.number - 1,
            file=file.uuid,
            page=part.number,
            line=line_id(places),
            text=text,
            marks=marks,
            boxes=boxes(places, text, marks, cut=cut, scale=scale),
            language=part.language,
        )


def _cue_hit(seen: Mapping[int, RecordFile], hit: _Hit) -> CueHit:
    part = hit.part
    return CueHit(seen[part.file_id].uuid, part.start, part.end, part.text, hit.marks())
