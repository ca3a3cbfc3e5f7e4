"""Corrections of lines and cues: kept by the place they hold, so that they outlive every new reading by machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from django.db import transaction

from access.models import User
from media_pipeline.domain import changes
from media_pipeline.models import Asset, Correction

LEAST_SHARE = 0.5
"""What share of their common place a correction and a line must have to belong together."""


@dataclass(frozen=True)
class Word:
    """A word and its box in pixels; `confidence` from 0 to 1, 1 where a person wrote it."""

    text: str
    x: int
    y: int
    w: int
    h: int
    confidence: float


@dataclass(frozen=True)
class Line:
    """A line of a page and its box. `corrected`: a person wrote it."""

    id: str
    text: str
    x: int
    y: int
    w: int
    h: int
    words: tuple[Word, ...]
    corrected: bool = False


@dataclass(frozen=True)
class Spoken:
    """A cue, times in milliseconds. `corrected`: a person wrote it."""

    id: str
    start: int
    end: int
    text: str
    speaker: str = ""
    language: str = ""
    corrected: bool = False


def correct_line(
    asset: Asset, page: int, box: tuple[int, int, int, int], text: str, author: User | None, before: str = ""
) -> Correction:
    """Put a text in the place of a line (its box on the page); an empty text takes the line away.

    An earlier correction of the same place is replaced. Runs in a transaction and tells who listens to changes.
    """
    x, y, w, h = box
    with transaction.atomic():
        for old in Correction.objects.select_for_update(of=("self",)).filter(asset=asset, page=page):
            if _common_box((old.x, old.y, old.w, old.h), box) >= LEAST_SHARE:
                before = old.before
                old.delete()
        made = Correction.objects.create(
            asset=asset, page=page, x=x, y=y, w=w, h=h, text=_one_line(text), before=before, author=author
        )
        changes.tell(asset)
    return made


def correct_cue(
    asset: Asset, start: int, end: int, text: str, author: User | None, speaker: str = "", before: str = ""
) -> Correction:
    """Put a text in the place of what is said between two moments (milliseconds); see `correct_line`."""
    with transaction.atomic():
        for old in Correction.objects.select_for_update(of=("self",)).filter(asset=asset, page=None):
            if _common_time((old.start, old.end), (start, end)) >= LEAST_SHARE:
                before = old.before
                old.delete()
        made = Correction.objects.create(
            asset=asset,
            start=start,
            end=end,
            text=text.strip(),
            speaker=speaker,
            before=before,
            author=author,
        )
        changes.tell(asset)
    return made


def carry(source: Asset, target: Asset) -> None:
    """Put what people wrote on one asset on another of the same bytes as well; of two in one place the later stays."""
    with transaction.atomic():
        there = list(Correction.objects.select_for_update(of=("self",)).filter(asset=target))
        carried = False
        for each in Correction.objects.filter(asset=source).order_by("created_at", "pk"):
            same = [other for other in there if _same_place(other, each)]
            if any(other.created_at >= each.created_at for other in same):
                continue
            for other in same:
                there.remove(other)
                other.delete()
            written = each.created_at
            each.pk, each.asset = None, target
            each._state.adding = True
            each.save()
            Correction.objects.filter(pk=each.pk).update(created_at=written)
            carried = True
        if carried:
            changes.tell(target)


def _same_place(a: Correction, b: Correction) -> bool:
    if a.page != b.page:
        return False
    if a.page is None:
        return _common_time((a.start, a.end), (b.start, b.end)) >= LEAST_SHARE
    return _common_box((a.x, a.y, a.w, a.h), (b.x, b.y, b.w, b.h)) >= LEAST_SHARE


def take_back(correction: Correction) -> None:
    """Let the machine's reading stand again."""
    with transaction.atomic():
        correction.delete()
        changes.tell(correction.asset)


@dataclass(frozen=True)
class Written:
    """What a person writes in a place: the box of a line on a page (`page`), or two moments in milliseconds.

    `before` is what the machine had there; an empty `text` means that there is nothing.
    """

    text: str
    page: int | None = None
    box: tuple[int, int, int, int] = (0, 0, 0, 0)
    start: int = 0
    end: int = 0
    speaker: str = ""
    before: str = ""


def rewrite(
    asset: Asset, old: Iterable[Correction], new: Iterable[Written], author: User | None
) -> list[Correction]:
    """Put corrections in the place of exactly these old ones, whatever else stands near. See `correct_line`."""
    with transaction.atomic():
        Correction.objects.filter(asset=asset, pk__in=[each.pk for each in old]).delete()
        made = Correction.objects.bulk_create(
            [
                Correction(
                    asset=asset,
                    page=each.page,
                    **dict(zip("xywh", each.box, strict=True)),
                    start=each.start,
                    end=each.end,
                    text=each.text.strip() if each.page is None else _one_line(each.text),
                    speaker=each.speaker,
                    before=each.before,
                    author=author,
                )
                for each in new
            ],
            batch_size=500,
        )
        changes.tell(asset)
    return made


def lines_beside(
    lines: Sequence[Line], corrections: Iterable[Correction]
) -> list[tuple[Correction | None, list[Line]]]:
    """Each correction with the machine's lines in whose place it stands, and each other line by itself (None)."""
    return _beside(lines, corrections, _line_within)


def cues_beside(
    cues: Sequence[Spoken], corrections: Iterable[Correction]
) -> list[tuple[Correction | None, list[Spoken]]]:
    """Each correction with the machine's cues in whose place it stands, and each other cue by itself (None)."""
    return _beside(cues, corrections, _cue_within)


def lines_corrected(lines: Sequence[Line], corrections: Iterable[Correction]) -> list[Line]:
    """The lines of a page with the corrections in their places.

    A correction takes the place of every line that lies in its own for the most part (the machine may have cut one
    line in two); one that no line lies in is added. So what a person wrote is never lost.
    """

    def merged(correction: Correction, among: Sequence[Line]) -> Line:
        box = (correction.x, correction.y, correction.w, correction.h)
        first = among[0].id if among else f"c{correction.pk}"
        words = _words(correction.text, box, [word for line in among for word in line.words])
        return Line(first, correction.text, *box, words, corrected=True)

    found = _placed(lines_beside(lines, corrections), merged)
    added = sorted((each for each in found if each.id.startswith("c")), key=lambda each: (each.y, each.x))
    result = [each for each in found if not each.id.startswith("c")]
    for each in added:
        result.insert(_place_among(result, each), each)
    return result


def _place_among(lines: Sequence[Line], added: Line) -> int:
    """Where a line that no machine saw stands: below the line that is above it in its column, right of those beside it.

    So that the columns of a page stay one after the other, as the machine read them.
    """

    def above(line: Line) -> bool:
        return line.y + line.h / 2 < added.y + added.h / 2

    def same_column(line: Line) -> bool:
        return min(line.x + line.w, added.x + added.w) > max(line.x, added.x)

    column = [at for at, line in enumerate(lines) if same_column(line)]
    before = [at for at in column if above(lines[at])]
    if before:
        place = max(before, key=lambda at: (lines[at].y, at)) + 1
    elif column:
        place = column[0]
    else:
        place = sum((line.y, line.x) <= (added.y, added.x) for line in lines)
    while place < len(lines) and _left_beside(lines[place], added):
        place += 1
    return place


def _left_beside(line: Line, added: Line) -> bool:
    common = min(line.y + line.h, added.y + added.h) - max(line.y, added.y)
    return line.x + line.w <= added.x and common * 2 > min(line.h, added.h)


def cues_corrected(cues: Sequence[Spoken], corrections: Iterable[Correction]) -> list[Spoken]:
    """The cues with the corrections in their places, in the order of time; see `lines_corrected`."""

    def merged(correction: Correction, among: Sequence[Spoken]) -> Spoken:
        base = among[0] if among else Spoken(f"c{correction.pk}", correction.start, correction.end, "")
        speaker = correction.speaker or base.speaker
        return replace(
            base,
            start=correction.start,
            end=correction.end,
            text=correction.text,
            speaker=speaker,
            corrected=True,
        )

    return sorted(_placed(cues_beside(cues, corrections), merged), key=lambda cue: (cue.start, cue.end))


def _line_within(line: Line, correction: Correction) -> float:
    box = (line.x, line.y, line.w, line.h)
    other = (correction.x, correction.y, correction.w, correction.h)
    return max(_common_box(box, other), _inside_box(box, other))


def _cue_within(cue: Spoken, correction: Correction) -> float:
    span, other = (cue.start, cue.end), (correction.start, correction.end)
    return max(_common_time(span, other), _inside_time(span, other))


class _HasText(Protocol):
    @property
    def text(self) -> str: ...


T = TypeVar("T", bound=_HasText)


def _beside(
    pieces: Sequence[T],
    corrections: Iterable[Correction],
    within: Callable[[T, Correction], float],
) -> list[tuple[Correction | None, list[T]]]:
    """Each piece goes to the correction that it lies in most, if it does for the most part."""
    made = list(corrections)
    owned: dict[int, list[T]] = {at: [] for at in range(len(made))}
    result: list[tuple[T | None, int]] = []
    for piece in pieces:
        shares = [(within(piece, correction), -at) for at, correction in enumerate(made)]
        share, negative = max(shares, default=(0.0, 0))
        if share < LEAST_SHARE:
            result.append((piece, -1))
            continue
        if not owned[-negative]:
            result.append((None, -negative))
        owned[-negative].append(piece)
    result += [(None, at) for at, among in owned.items() if not among]
    return [(None, [piece]) if piece is not None else (made[at], owned[at]) for piece, at in result]


def _placed(
    beside: Iterable[tuple[Correction | None, list[T]]],
    merged: Callable[[Correction, Sequence[T]], T],
) -> list[T]:
    """The pieces that have a text, with the corrections in their places."""
    pieces = (among[0] if correction is None else merged(correction, among) for correction, among in beside)
    return [piece for piece in pieces if piece.text]


def _words(text: str, box: tuple[int, int, int, int], machine: Sequence[Word]) -> tuple[Word, ...]:
    """Boxes for the words a person wrote: the machine's where there are as many, else shares of the line by length."""
    written = text.split()
    if len(written) == len(machine):
        return tuple(
            replace(word, text=new, confidence=1.0) for word, new in zip(machine, written, strict=True)
        )
    x, y, w, h = box
    total = max(1, len(" ".join(written)))
    words, at = [], 0
    for word in written:
        words.append(Word(word, x + w * at // total, y, max(1, w * len(word) // total), h, 1.0))
        at += len(word) + 1
    return tuple(words)


Box = tuple[int, int, int, int]


def _overlap(a: Box, b: Box) -> int:
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0, width) * max(0, height)


def _common_box(a: Box, b: Box) -> float:
    """The share of two boxes that they have in common (intersection over union)."""
    common = _overlap(a, b)
    union = a[2] * a[3] + b[2] * b[3] - common
    return common / union if union > 0 else float(a == b)


def _inside_box(a: Box, b: Box) -> float:
    """The share of box `a` that lies in `b`."""
    return _overlap(a, b) / (a[2] * a[3]) if a[2] * a[3] > 0 else 0.0


def _common_time(a: tuple[int, int], b: tuple[int, int]) -> float:
    common = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    union = (a[1] - a[0]) + (b[1] - b[0]) - common
    return common / union if union > 0 else float(a == b)


def _inside_time(a: tuple[int, int], b: tuple[int, int]) -> float:
    common = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return common / (a[1] - a[0]) if a[1] > a[0] else 0.0


def _one_line(text: str) -> str:
    return " ".join(text.split())
