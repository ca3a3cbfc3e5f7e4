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

    def within(line: Line, correction: Correction) -> float:
        box = (line.x, line.y, line.w, line.h)
        other = (correction.x, correction.y, correction.w, correction.h)
        return max(_common_box(box, other), _inside_box(box, other))

    found = _placed(lines, corrections, within, merged)
    return (
        sorted(found, key=lambda line: (line.y, line.x))
        if any(x.id.startswith("c") for x in found)
        else found
    )


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

    def within(cue: Spoken, correction: Correction) -> float:
        span, other = (cue.start, cue.end), (correction.start, correction.end)
        return max(_common_time(span, other), _inside_time(span, other))

    return sorted(_placed(cues, corrections, within, merged), key=lambda cue: (cue.start, cue.end))


class _HasText(Protocol):
    @property
    def text(self) -> str: ...


T = TypeVar("T", bound=_HasText)


def _placed(
    pieces: Sequence[T],
    corrections: Iterable[Correction],
    within: Callable[[T, Correction], float],
    merged: Callable[[Correction, Sequence[T]], T],
) -> list[T]:
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
    pieces_now = [piece if piece is not None else merged(made[at], owned[at]) for piece, at in result]
    return [piece for piece in pieces_now if piece.text]


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
