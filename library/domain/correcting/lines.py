"""Correcting the lines of a page, and how far the correction of the pages is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from access.models import User
from library.domain.correcting.places import (
    SAME,
    ConflictError,
    CorrectionRefusedError,
    asset_of,
    corrections_of,
    language_of,
    locked,
    normalised,
)
from library.models import RecordFile
from media_pipeline.domain.corrections import Line, Word, Written, lines_beside, lines_corrected, rewrite
from media_pipeline.domain.subtitles import LONGEST_TEXT
from media_pipeline.models import Correction, Derivative, PageText

UNSURE: Final = 0.7
"""Words of which the machine is less sure than this are marked."""
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class LinePlace:
    """A line of a page in the editor. `machine` is what was read there; `gone`: a person said that nothing is."""

    box: Box
    text: str
    machine: str
    words: tuple[Word, ...]
    correction: Correction | None

    @property
    def gone(self) -> bool:
        """Whether a person said that there is nothing to read."""
        return self.correction is not None and not self.correction.text

    @property
    def unsure(self) -> bool:
        """Whether the machine was, and no person has looked."""
        return self.correction is None and any(word.confidence < UNSURE for word in self.words)

    @property
    def place(self) -> str:
        """The place as an address has it."""
        return ",".join(map(str, self.box))

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text cut into words, True for those of which the machine is unsure."""
        if not self.unsure:
            return [(self.text, False)]
        found, at = [], 0
        for word in self.words:
            start = self.text.find(word.text, at)
            if start < 0:
                continue
            found += [(self.text[at:start], False), (word.text, word.confidence < UNSURE)]
            at = start + len(word.text)
        return [piece for piece in (*found, (self.text[at:], False)) if piece[0]]


@dataclass(frozen=True)
class PageLines:
    """A page in the editor: `language` tags its keyboard; `width` and `height` are pixels of the boxes."""

    number: int
    language: str
    width: int
    height: int
    machine: str
    lines: tuple[LinePlace, ...]


@dataclass(frozen=True)
class PageProgress:
    """How far the correction of a page is, in lines."""

    number: int
    lines: int
    corrected: int
    unsure: int


@dataclass(frozen=True)
class Progress:
    """How far the correction of a file is. `pages` is 0 for a recording; `touched` pages have corrections."""

    pages: int
    touched: int
    corrections: int

    @property
    def percent(self) -> int:
        """The share of pages with corrections."""
        return round(100 * self.touched / self.pages) if self.pages else 0


def page_lines(file: RecordFile, number: int) -> PageLines:
    """A page for the editor, also one on which nothing was read. Three queries."""
    asset = asset_of(file)
    row = asset.page_texts.filter(page=number).first()
    tiles = Derivative.objects.filter(asset=asset, role="tile-set", page=number).first()
    corrections = list(corrections_of(asset, page=number))
    width = (row.width if row else 0) or (tiles.width if tiles else 0) or 0
    height = (row.height if row else 0) or (tiles.height if tiles else 0) or 0
    places = _lines(row, corrections)
    if not width or not height:
        width = max((place.box[0] + place.box[2] for place in places), default=0)
        height = max((place.box[1] + place.box[3] for place in places), default=0)
    return PageLines(
        number, (row.language if row else "") or language_of(file), width, height,
        row.machine if row else "", tuple(places),
    )  # fmt: skip


def save_line(
    file: RecordFile, number: int, box: Box, text: str, seen: str, author: User | None
) -> LinePlace:
    """Put a text in the place of a line; an empty one says that there is nothing to read.

    `seen` is the text that the author saw there. Raises ConflictError when it is another by now, and
    CorrectionRefusedError; nothing is changed then.
    """
    with transaction.atomic():
        page = _locked_page(file, number)
        there = _line_at(page, box)
        text = _clean(text, page.language)
        if there is None:
            raise ConflictError(None)
        if there.text != seen and there.text != text:
            raise ConflictError(there)
        kept = [there.correction] if there.correction else []
        machine = there.machine or (there.correction.before if there.correction else "")
        asset = asset_of(file)
        rewrite(asset, kept, [Written(text, number, there.box, before=machine)], author)
        return _line_at(page_lines(file, number), there.box) or there


def add_line(file: RecordFile, number: int, box: Box, text: str, author: User | None) -> LinePlace:
    """Write a line where the machine saw none. Raises CorrectionRefusedError where there is one already."""
    with transaction.atomic():
        page = _locked_page(file, number)
        text = _clean(text, page.language)
        x, y, w, h = box
        if not text:
            raise CorrectionRefusedError(_("Write what stands there."))
        if w < 1 or h < 1 or x < 0 or y < 0 or x + w > page.width or y + h > page.height:
            raise CorrectionRefusedError(_("The place of the line lies outside of the page."))
        for line in page.lines:
            if is_near(line.box, box):
                raise CorrectionRefusedError(
                    _("There is a line already: “%(text)s”. Correct that one.")
                    % {"text": line.text or line.machine}
                )
        rewrite(asset_of(file), [], [Written(text, number, box)], author)
        return _line_at(page_lines(file, number), box) or page.lines[0]


def is_near(a: Box, b: Box) -> bool:
    """Whether two boxes have most of their place in common."""
    common = _common(a, b)
    return common >= SAME * min(_area(a), _area(b))


def page_numbers(file: RecordFile) -> int:
    """How many pages a file has."""
    return int(file.asset.facts.get("pages", 0) or 0) if file.asset else 0


def pages_progress(file: RecordFile, numbers: Sequence[int]) -> list[PageProgress]:
    """How far some pages are. Two queries."""
    asset = asset_of(file)
    rows = {row.page: row for row in asset.page_texts.filter(page__in=numbers)}
    corrections: dict[int, list[Correction]] = {}
    for each in Correction.objects.filter(asset=asset, page__in=numbers).order_by("pk"):
        corrections.setdefault(each.page or 0, []).append(each)
    found = []
    for number in numbers:
        lines = _lines(rows.get(number), corrections.get(number, []))
        found.append(
            PageProgress(
                number,
                len(lines),
                sum(line.correction is not None for line in lines),
                sum(line.unsure for line in lines),
            )
        )
    return found


def progress(file: RecordFile) -> Progress:
    """How far the correction of a whole file is. One query, however long it is."""
    counted = Correction.objects.filter(asset=file.asset_id).aggregate(
        touched=Count("page", distinct=True), corrections=Count("pk")
    )
    return Progress(page_numbers(file), counted["touched"], counted["corrections"])


def first_unsure(file: RecordFile, after: int) -> int | None:
    """The next page, after this one, that nobody has touched; None without any. Two queries."""
    touched = set(
        Correction.objects.filter(asset=file.asset_id, page__isnull=False)
        .order_by()
        .values_list("page", flat=True)
        .distinct()
    )
    return next(
        (number for number in range(after + 1, page_numbers(file) + 1) if number not in touched), None
    )


def _locked_page(file: RecordFile, number: int) -> PageLines:
    locked(file)
    return page_lines(file, number)


def _lines(row: PageText | None, corrections: Sequence[Correction]) -> list[LinePlace]:
    """The places of a page in the order in which they are read; those with nothing to read among them."""
    machine = [
        Line(identifier, text, x, y, w, h, tuple(Word(*word) for word in words))
        for identifier, text, x, y, w, h, words in (row.lines if row else ())
    ]
    # An empty correction has a place among the others, too, so it is given a text while they are put in order.
    shown = [each if each.text else _with_text(each) for each in corrections]
    beside = {
        (correction.pk if correction else None, among[0].id if among else ""): (correction, among)
        for correction, among in lines_beside(machine, corrections)
    }
    order = [line.id for line in lines_corrected(machine, shown)]
    by_id = {(among[0].id if among else f"c{correction.pk if correction else ''}"): (correction, among)
             for correction, among in beside.values()}  # fmt: skip
    places = []
    for identifier in order:
        correction, among = by_id[identifier]
        if correction is None:
            (line,) = among
            places.append(LinePlace((line.x, line.y, line.w, line.h), line.text, line.text, line.words, None))
            continue
        box = (correction.x, correction.y, correction.w, correction.h)
        read = "\n".join(line.text for line in among)
        if correction.text or read:
            words = tuple(word for line in among for word in line.words)
            places.append(LinePlace(box, correction.text, read, words, correction))
    return places


def _with_text(correction: Correction) -> Correction:
    filled = Correction(page=correction.page, x=correction.x, y=correction.y, w=correction.w, h=correction.h)
    filled.pk, filled.text = correction.pk, "-"
    return filled


def _line_at(page: PageLines, box: Box) -> LinePlace | None:
    """The line in this place, or the one that most of it is now."""

    def share(line: LinePlace) -> float:
        common = _common(line.box, box)
        union = _area(line.box) + _area(box) - common
        return common / union if union else float(line.box == box)

    best = max(page.lines, key=share, default=None)
    return best if best is not None and share(best) >= SAME else None


def _area(box: Box) -> int:
    return box[2] * box[3]


def _common(a: Box, b: Box) -> int:
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0, width) * max(0, height)


def _clean(text: str, tag: str) -> str:
    text = normalised(" ".join(text.split()), tag)
    if len(text) > LONGEST_TEXT:
        raise CorrectionRefusedError(_("That is too long for one line."))
    return text
